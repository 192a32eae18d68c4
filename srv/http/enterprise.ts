import type cds from '@sap/cds';
import { problem } from '../base/problem.ts';

type Guarded = { '@requires'?: string | string[] } | undefined;

/**
 * Tells signed-in users without the enterprise role that an operation needs it. Call this before a service handles the
 * request: CAP would only say that a role is missing.
 * @throws 403 ENTERPRISE_REQUIRED
 */
export function assertEnterprise(service: cds.ApplicationService, { user, event, target }: cds.Request): void {
  const { actions } = (target ?? {}) as { actions?: Record<string, Guarded> };
  const operations = service.operations as unknown as Record<string, Guarded>;
  const operation = actions?.[event] ?? operations[event];
  if (operation?.['@requires'] !== 'EnterpriseAdmin' || !user.is('authenticated-user')) return;
  if (!user.is('EnterpriseAdmin')) throw problem(403, 'ENTERPRISE_REQUIRED');
}
