import cds from '@sap/cds';
import type { ErrorRequestHandler, RequestHandler } from 'express';

const LOG = cds.log('leanix');

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

/**
 * Says that a token was refused, and nothing of it. What CAP says itself holds the whole payload, with name and e-mail;
 * therefore its logger `auth` is told to be silent about it in `.cdsrc.json`.
 */
export function logRefusedTokens(): ErrorRequestHandler {
  return function logRefusedToken(error: unknown, req, _, next) {
    if (error === 401) LOG.warn('401 - A token was refused: it is not valid here', { path: req.baseUrl });
    next(error);
  };
}
