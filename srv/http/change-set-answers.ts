import cds from '@sap/cds';
import type { RequestHandler } from 'express';
import { textOf } from '../base/problem.ts';

type Answer = { id: string; status: number; atomicityGroup?: string; headers?: object; body?: unknown };

/**
 * The requests of a change set succeed or fail together. In a JSON batch, CAP still answers 201 for a request that was
 * rolled back because another one failed. Such a request gets 424 CHANGE_SET_FAILED.
 *
 * Add this after `checkBodies`.
 */
export function answerChangeSets(): RequestHandler {
  return function answerChangeSet(req, res, next) {
    const { requests } = (req.body ?? {}) as { requests?: { atomicityGroup?: unknown }[] };
    const isBatch = req.method === 'POST' && req.path.endsWith('/$batch');
    const hasGroups = !Array.isArray(requests) || requests.some((part) => part?.atomicityGroup !== undefined);
    if (!isBatch || !hasGroups) return next();
    const chunks: Buffer[] = [];
    const end = res.end.bind(res);
    const keep = (chunk: unknown) => {
      if (typeof chunk === 'string' || chunk instanceof Uint8Array) chunks.push(Buffer.from(chunk as string));
    };
    res.write = (chunk: unknown) => {
      keep(chunk);
      return true;
    };
    res.end = ((chunk: unknown) => {
      keep(chunk);
      const whole = Buffer.concat(chunks);
      const isJson = String(res.getHeader('content-type')).includes('application/json');
      return end(isJson ? failTogether(whole) : whole);
    }) as typeof res.end;
    next();
  };
}

function failTogether(json: Buffer): Buffer {
  const { responses } = JSON.parse(json.toString()) as { responses?: Answer[] };
  if (!responses) return json;
  const failed = new Set(responses.filter(({ status }) => status >= 400).map((answer) => answer.atomicityGroup));
  const takenBack = ({ atomicityGroup, status }: Answer) =>
    atomicityGroup !== undefined && status < 400 && failed.has(atomicityGroup);
  if (!responses.some(takenBack)) return json;
  const code = 'CHANGE_SET_FAILED';
  const answers = responses.map((answer) =>
    takenBack(answer)
      ? {
          ...{ id: answer.id, atomicityGroup: answer.atomicityGroup, status: 424 },
          headers: { 'content-type': 'application/json' },
          body: { error: { code, message: textOf(code, [], cds.context?.locale) } },
        }
      : answer,
  );
  return Buffer.from(JSON.stringify({ responses: answers }));
}
