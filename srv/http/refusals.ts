import cds from '@sap/cds';
import type { ErrorRequestHandler, Request } from 'express';
import { auditOften } from '../runs/audit.ts';

/** Codes of refusals that depend on the user. Refusals because of drafts, for example, have other codes. */
const FORBIDDEN = new Set(['403', 'ENTERPRISE_REQUIRED', 'ADMIN_REQUIRED']);
const READING = new Set(['GET', 'HEAD', 'OPTIONS']);

type Part = { method?: unknown; url?: unknown };
type Service = { path: string; entities: object; operations: object };

/**
 * Records writes and operations that were refused because of a missing scope. Add this after the services, where the
 * parts of a batch pass too.
 */
export function auditRefusals(): ErrorRequestHandler {
  return function auditRefusal(error: unknown, req, _, next) {
    if (isForbidden(error)) {
      const outer = cds.context as unknown as { http?: { req?: Request } } | undefined;
      const path = outer?.http?.req?.baseUrl ?? req.baseUrl;
      const services = Object.values(cds.services) as unknown as Service[];
      const service = services.find((one) => one.path === path);
      for (const part of service ? partsOf(req).slice(0, MAX_PARTS) : []) auditPart(service!, part);
    }
    next(error);
  };
}

function auditPart(service: Service, { method, url }: Part): void {
  if (typeof method !== 'string' || typeof url !== 'string') return;
  const target = targetOf(service, url);
  const verb = method.toUpperCase();
  if (READING.has(verb) && !target.operation) return;
  const what = [target.entity, target.operation].filter(Boolean).join('.');
  auditOften({
    action: 'refused',
    configId: null,
    subject: `${service.path.split('/').at(-1)}/${what}`,
    element: ['POST', 'PUT', 'PATCH', 'DELETE', 'GET'].includes(verb) ? verb : '',
  });
}

function isForbidden(error: unknown): boolean {
  const { status, code } = (error ?? {}) as { status?: number; code?: string | number };
  return error === 403 || (Number(status ?? code) === 403 && FORBIDDEN.has(String(code ?? 403)));
}

/** The operations of a request: its own, or those of the parts of a batch that was refused as a whole. */
function partsOf({ method, url, body }: Request): Part[] {
  if (!url.split('?', 1)[0]!.endsWith('/$batch')) return [{ method, url }];
  if (typeof body === 'string') {
    const parts: Part[] = [];
    for (const [, method, url] of body.matchAll(/^(GET|POST|PUT|PATCH|DELETE) ([^ \r\n]{1,2000})/gm)) {
      if (parts.push({ method, url }) === MAX_PARTS) break;
    }
    return parts;
  }
  const { requests } = (body ?? {}) as { requests?: Part[] };
  return Array.isArray(requests) ? requests : [];
}

/** Like `odata.batch_limit`, which CAP checks only after it has refused a whole batch. */
const MAX_PARTS = 100;

const DRAFT_OPERATIONS = ['draftEdit', 'draftActivate', 'draftPrepare'];

/** Only names of the model are recorded from a URL, since callers can write anything there. */
function targetOf({ entities, operations }: Service, url: string): { entity?: string; operation?: string } {
  const known = Object.entries(entities) as [string, { actions?: object } | undefined][];
  const bound = known.flatMap(([, entity]) => Object.keys(entity?.actions ?? {}));
  const all = new Set([...Object.keys(operations), ...bound, ...DRAFT_OPERATIONS]);
  const names = new Set(known.map(([name]) => name));
  const segments = url
    .slice(0, 2000)
    .split('?', 1)[0]!
    .split('/')
    .map((segment) => segment.split('(', 1)[0]!.split('.').at(-1)!);
  return { entity: segments.find((name) => names.has(name)), operation: segments.find((name) => all.has(name)) };
}
