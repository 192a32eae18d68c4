import type { Request, Response } from 'express';
import { ODataError } from './odata.ts';
import type { Entity } from './odata.ts';

/** What a resource answers, before it becomes JSON or XML. */
export type Answer =
  | { kind: 'list'; entities: Entity[]; count?: number; next?: string }
  | { kind: 'entity'; entity: Entity }
  | { kind: 'text'; text: string; contentType: string }
  | { kind: 'bytes'; bytes: Buffer; name: string }
  | { kind: 'empty' };

const codes: Record<number, string> = {
  400: 'Bad Request',
  403: 'Forbidden',
  404: 'Not Found',
  406: 'Not Acceptable',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  501: 'Not Implemented',
};

/** Sends an answer, as XML unless the request asks for JSON. */
export function send(req: Request, res: Response, answer: Answer): void {
  res.set('DataServiceVersion', '2.0');
  if (answer.kind === 'empty') res.status(204).end();
  else if (answer.kind === 'bytes') {
    res.set('Content-Disposition', `attachment; filename="${answer.name}"`).type('application/zip').send(answer.bytes);
  } else if (answer.kind === 'text') res.set('Content-Type', answer.contentType).send(answer.text);
  else if (wantsJson(req)) res.json({ d: jsonOf(answer) });
  else res.type('application/atom+xml').send(xmlOf(answer));
}

/** Sends an error. Those of streams are XML whatever the request asks for. */
export function sendError(req: Request, res: Response, error: unknown): void {
  const { status, message } = error instanceof ODataError ? error : new ODataError(500, 'Internal Server Error');
  const code = codes[status] ?? 'Error';
  if (wantsJson(req) && !req.path.endsWith('$value')) {
    res.status(status).json({ error: { code, message: { lang: 'en', value: message } } });
  } else {
    res
      .status(status)
      .type('application/xml')
      .send(
        `${prolog}<error xmlns="http://schemas.microsoft.com/ado/2007/08/dataservices/metadata">` +
          `<code>${escapeXml(code)}</code><message xml:lang="en">${escapeXml(message)}</message></error>`,
      );
  }
}

/** Whether the request accepts JSON and nothing else. */
export function insistsOnJson(req: Request): boolean {
  return (req.get('accept') ?? '').split(',').every((type) => type.trim().startsWith('application/json'));
}

function wantsJson(req: Request): boolean {
  return (req.get('accept') ?? '').includes('application/json') || req.query.$format === 'json';
}

function jsonOf(answer: Extract<Answer, { kind: 'list' | 'entity' }>): Entity {
  if (answer.kind === 'entity') return answer.entity;
  const { entities, count, next } = answer;
  return {
    ...(count !== undefined && { __count: String(count) }),
    results: entities,
    ...(next !== undefined && { __next: next }),
  };
}

const prolog = '<?xml version="1.0" encoding="utf-8"?>';
const namespaces =
  'xmlns="http://www.w3.org/2005/Atom" xmlns:m="http://schemas.microsoft.com/ado/2007/08/dataservices/metadata" ' +
  'xmlns:d="http://schemas.microsoft.com/ado/2007/08/dataservices"';

function xmlOf(answer: Extract<Answer, { kind: 'list' | 'entity' }>): string {
  if (answer.kind === 'entity') return prolog + entryOf(answer.entity, ` ${namespaces}`);
  const next = answer.next === undefined ? '' : `<link rel="next" href="${escapeXml(answer.next)}"/>`;
  return `${prolog}<feed ${namespaces}>${answer.entities.map((entity) => entryOf(entity)).join('')}${next}</feed>`;
}

function entryOf(entity: Entity, attributes = ''): string {
  const properties = Object.entries(entity)
    .filter(([, value]) => typeof value === 'string' || typeof value === 'boolean')
    .map(([name, value]) => `<d:${name}>${escapeXml(xmlValue(String(value)))}</d:${name}>`);
  return `<entry${attributes}><m:properties>${properties.join('')}</m:properties></entry>`;
}

/** XML has times in ISO form. */
function xmlValue(text: string): string {
  const milliseconds = /^\/Date\((\d+)\)\/$/.exec(text)?.[1];
  return milliseconds === undefined ? text : new Date(Number(milliseconds)).toISOString().replace('Z', '');
}

function escapeXml(text: string): string {
  return text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);
}
