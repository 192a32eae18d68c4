import express from 'express';
import type { NextFunction, Request, Response, Router } from 'express';
import { bearerOf } from '../http.ts';
import { findDestination, putDestination, removeDestination } from './state.ts';
import type { Destination, Level } from './state.ts';
import type { TokenRetrieval } from './token-retrieval.ts';
import type { Tokens } from './tokens.ts';

const notFound = { ErrorMessage: 'Configuration with the specified name was not found' };

/** One line of a 207 answer. */
interface Outcome {
  name: string;
  status: number;
  cause?: string;
}

/** The Destination service, API version 1. */
export function destinationRouter(tokens: Tokens, retrieval: TokenRetrieval, onChange: () => void): Router {
  const { state } = tokens;
  const router = express.Router();
  router.use(async (req: Request, res: Response, next: NextFunction) => {
    const claims = await tokens.verify(bearerOf(req), state.destinationClient.id).catch(() => undefined);
    if (claims) next();
    else res.status(401).set('WWW-Authenticate', 'Bearer').end();
  });

  router.get('/destinations/:name', async (req, res) => {
    const { name } = req.params;
    const ofInstance = findDestination(state, 'instance', name);
    const destination = ofInstance ?? findDestination(state, 'subaccount', name);
    if (!destination) {
      res.status(404).json(notFound);
      return;
    }
    const owner = { SubaccountId: state.subaccountId, InstanceId: ofInstance ? state.instanceId : null };
    const skip = req.query.$skipTokenRetrieval === 'true';
    const authTokens = skip ? undefined : await retrieval.authTokens(destination);
    res.json({ owner, destinationConfiguration: destination, ...(authTokens && { authTokens }) });
  });

  addLevel('instance');
  addLevel('subaccount');

  function addLevel(level: Level): void {
    const path = `/${level}Destinations`;
    const find = (name: string | undefined) => findDestination(state, level, name);

    router.get(path, (_req, res) => {
      res.json(state.destinations[level]);
    });

    router.get(`${path}/:name`, (req, res) => {
      const destination = find(req.params.name);
      if (destination) res.json(destination);
      else res.status(404).json(notFound);
    });

    router.post(path, (req, res) => {
      const outcomes = entriesOf(req).map((entry): Outcome => {
        const problem = problemOf(entry);
        const name = entry.Name ?? '';
        if (problem) return { name, status: 400, cause: problem };
        if (find(name)) return { name, status: 409, cause: 'Destination with the same name already exists' };
        putDestination(state, level, entry);
        return { name, status: 201 };
      });
      answer(req, res, outcomes, 201);
    });

    router.put(path, (req, res) => {
      const outcomes = entriesOf(req).map((entry): Outcome => {
        const problem = problemOf(entry);
        const name = entry.Name ?? '';
        if (problem) return { name, status: 400, cause: problem };
        if (!find(name)) return { name, status: 404, cause: notFound.ErrorMessage };
        putDestination(state, level, entry);
        return { name, status: 200 };
      });
      answer(req, res, outcomes, 200);
    });

    router.delete(`${path}/:name`, (req, res) => {
      if (!removeDestination(state, level, req.params.name)) {
        res.status(404).json(notFound);
        return;
      }
      onChange();
      res.json({ Count: 1 });
    });
  }

  /** One object is answered by its own status; an array by one status if all went well, else by 207 and a list. */
  function answer(req: Request, res: Response, outcomes: Outcome[], success: 200 | 201): void {
    onChange();
    const failed = outcomes.find(({ status }) => status !== success);
    if (failed && Array.isArray(req.body)) res.status(207).json(outcomes);
    else if (failed) res.status(failed.status).json({ ErrorMessage: failed.cause });
    else if (success === 201) res.status(201).end();
    else res.json({ Count: outcomes.length });
  }

  return router;
}

/** The destinations of a body: it may be one object or an array. */
function entriesOf(req: Request): Destination[] {
  const body = req.body as unknown;
  const entries: unknown[] = Array.isArray(body) ? body : [body];
  return entries.map((entry) => (entry ?? {}) as Destination);
}

function problemOf(entry: Destination): string | undefined {
  if (!/^[\w.-]{1,200}$/.test(entry.Name ?? '')) return 'Name is missing, or has characters that are not allowed';
  if (!entry.Type) return 'Type is missing';
  if (Object.values(entry).some((value) => typeof value !== 'string')) return 'All properties must be texts';
  return undefined;
}
