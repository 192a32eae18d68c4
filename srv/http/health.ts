import cds from '@sap/cds';
import type { Request, Response } from 'express';
import { LeanIXConfigs } from '#cds-models/leanix';
import { inTransaction } from '../base/transaction.ts';

const PATIENCE = 3000;

/** A service of BTP that this one can't work without: its label, and what it is for. */
export type Binding = { label: string; use: string };

/** The first binding that is missing, on BTP: where users come from XSUAA. Locally nothing is bound. */
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
 * Whether this instance can serve requests: its database answers. Those who ask at the same time share one question,
 * so that nobody can load the database by asking.
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
