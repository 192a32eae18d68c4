import { readDestination } from './destinations.ts';
import { systemError } from '../base/remote-error.ts';
import { send, type Timing } from './transport.ts';

/** A notification. */
export type Alert = {
  eventType: string;
  severity: 'NOTICE' | 'WARNING' | 'ERROR';
  subject: string;
  body: string;
  /** What it is about, such as the name of a configuration. */
  resource: string;
  tags: Record<string, string>;
};

/** Short timeouts: nothing depends on the answer. */
const TIMING: Partial<Timing> = { timeout: 10_000, patience: 30_000, tries: 3 };

/**
 * Sends an event to SAP Alert Notification service for SAP BTP: `POST /cf/producer/v1/resource-events` of its producer
 * API, through a destination with the URL of the service.
 * Errors: those of `readDestination` and `send`; `ALERTS_ERROR`.
 */
export async function sendAlert(destination: string, { resource, ...alert }: Alert): Promise<void> {
  const { host, sdk } = await readDestination(destination, { timing: TIMING });
  const event = {
    ...alert,
    category: alert.severity === 'ERROR' ? 'EXCEPTION' : 'NOTIFICATION',
    eventTimestamp: Math.floor(Date.now() / 1000),
    resource: { resourceName: resource, resourceType: 'application' },
  };
  const { status } = await send({
    system: 'alerts',
    access: { destination: sdk },
    method: 'POST',
    path: '/cf/producer/v1/resource-events',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(event),
    renew: async () => ({ destination: (await readDestination(destination, { fresh: true, timing: TIMING })).sdk }),
    timing: TIMING,
  });
  if (status >= 300) throw systemError('alerts', 'ERROR', { args: [host, `HTTP ${status}`], status });
}
