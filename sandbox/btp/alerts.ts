import { randomUUID } from 'node:crypto';
import { Router } from 'express';
import { bearerOf } from '../http.ts';
import type { Tokens } from './tokens.ts';

/** An event as it was sent to the Alert Notification service. */
export interface AlertEvent {
  eventType: string;
  severity: string;
  category: string;
  subject: string;
  body: string;
  resource: { resourceName: string; resourceType: string };
  tags?: Record<string, string>;
  [more: string]: unknown;
}

const SEVERITIES = ['INFO', 'NOTICE', 'WARNING', 'ERROR', 'FATAL'];
const CATEGORIES = ['ALERT', 'NOTIFICATION', 'EXCEPTION'];

/** The producer API of SAP Alert Notification service for SAP BTP. */
export function alertRouter(tokens: Tokens, events: AlertEvent[]): Router {
  const router = Router();
  router.post('/cf/producer/v1/resource-events', async (req, res) => {
    const valid = await tokens.verify(bearerOf(req), tokens.state.alertClient.id).catch(() => undefined);
    if (!valid) return void res.status(401).json({ error: 'unauthorized' });
    const event = (req.body ?? {}) as AlertEvent;
    const missing = ['eventType', 'severity', 'category', 'subject', 'body'].filter(
      (name) => typeof event[name] !== 'string' || event[name] === '',
    );
    if (!event.resource?.resourceName || !event.resource.resourceType) missing.push('resource');
    if (missing.length || !SEVERITIES.includes(event.severity) || !CATEGORIES.includes(event.category)) {
      return void res.status(400).json({ error: 'Bad Request', message: `Invalid event: ${missing.join(', ')}` });
    }
    events.push(event);
    res.status(202).json({ ...event, id: randomUUID() });
  });
  return router;
}
