import cds from '@sap/cds';
import type { RequestHandler } from 'express';

/**
 * This app serves one tenant: the subaccount of its XSUAA binding. A token of another one is none here, even if the
 * UAA has signed it, and with a binding that does not name its own every token is another's. To be added after CAP's own check of the token.
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
