import cds from '@sap/cds';
import type { Request, Response } from 'express';
import { LeanIXConfigs } from '#cds-models/leanix';
import { inTransaction } from '../base/transaction.ts';

const PATIENCE = 3000;

/** A BTP service that this one needs: its label and its purpose. */
export type Binding = { label: string; use: string };

/** The first missing binding on BTP, where users come from XSUAA. Locally, nothing is bound. */
export function missingBinding(): Binding | undefined {
  const { auth, db } = cds.requires as unknown as Record<string, { kind?: string; credentials?: object } | undefined>;
  if (auth?.kind !== 'xsuaa') return undefined;
  if (!auth.credentials) return { label: 'xsuaa', use: 'signing in' };
  const bound = JSON.parse(process.env['VCAP_SERVICES'] || '{}') as Record<string, unknown>;
  if (!bound['destination']) return { label: 'destination', use: 'reaching LeanIX and Cloud Integration' };
  if (db?.kind !== 'sqlite' && !db?.credentials) {
    return { label: db?.kind === 'hana' ? 'hana' : 'postgresql-db', use: 'settings and runs' };
  }
  return undefined;
}

let asked: Promise<boolean> | undefined;

/**
 * Whether this instance can serve requests, that is, whether its database responds. Simultaneous callers share one
 * query, so that nobody can load the database with health checks.
 */
export async function answerReadiness(_req: Request, res: Response): Promise<void> {
  asked ??= isReady().finally(() => (asked = undefined));
  const ready = await asked;
  res.status(ready ? 200 : 503).json({ status: ready ? 'UP' : 'DOWN' });
}

async function isReady(): Promise<boolean> {
  if (!cds.db) return false;
  const late = new Promise<boolean>((resolve) => setTimeout(resolve, PATIENCE, false).unref());
  const answered = inTransaction(() => SELECT.one.from(LeanIXConfigs).columns('ID')).then(
    () => true,
    () => false,
  );
  return Promise.race([answered, late]);
}
