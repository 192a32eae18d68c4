import type cds from '@sap/cds';
import { problem } from '../base/problem.ts';

type Guarded = { '@requires'?: string | string[] } | undefined;

/**
 * An operation of the enterprise plan says that it is one to everybody else who is signed in. To be called before
 * a service handles the request: CAP only knows that the user lacks a role.
 * @throws 403 ENTERPRISE_REQUIRED
 */
export function assertEnterprise(service: cds.ApplicationService, { user, event, target }: cds.Request): void {
  const { actions } = (target ?? {}) as { actions?: Record<string, Guarded> };
  const operations = service.operations as unknown as Record<string, Guarded>;
  const operation = actions?.[event] ?? operations[event];
  if (operation?.['@requires'] !== 'EnterpriseAdmin' || !user.is('authenticated-user')) return;
  if (!user.is('EnterpriseAdmin')) throw problem(403, 'ENTERPRISE_REQUIRED');
}
