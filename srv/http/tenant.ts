import cds from '@sap/cds';
import type { RequestHandler } from 'express';

/**
 * This app serves one tenant: the subaccount of its XSUAA binding. A token of another one is none here, even if the
 * UAA has signed it. To be added after CAP's own check of the token.
 */
export function refuseOtherTenants(): RequestHandler {
  const { credentials } = (cds.requires as { auth?: { credentials?: { identityzoneid?: string } } }).auth ?? {};
  const own = credentials?.identityzoneid;
  return function refuseOtherTenant(req, _, next) {
    next(own && req.headers.authorization && cds.context?.tenant !== own ? 401 : undefined);
  };
}
