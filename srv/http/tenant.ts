import cds from '@sap/cds';
import type { RequestHandler } from 'express';

/**
 * The app serves one tenant: the subaccount of its XSUAA binding. Tokens of other tenants are refused, even if the UAA
 * signed them. If the binding does not name its tenant, all tokens are refused. Add this after CAP's own check of the
 * token.
 */
export function refuseOtherTenants(): RequestHandler {
  const { kind, credentials } = (cds.requires as { auth?: Auth }).auth ?? {};
  const own = credentials?.identityzoneid;
  const local = kind === 'mocked';
  if (!local && !own) cds.log('auth').error('The binding of XSUAA names no zone: nobody is let in. Bind it again.');
  return function refuseOtherTenant(req, _, next) {
    const fits = local || (!!own && cds.context?.tenant === own);
    next(req.headers.authorization && !fits ? 401 : undefined);
  };
}

type Auth = { kind?: string; credentials?: { identityzoneid?: string } };
