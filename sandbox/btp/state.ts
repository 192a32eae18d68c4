import { generateKeyPairSync, randomUUID } from 'node:crypto';
import type { JWK } from 'jose';
import type { Client } from '../http.ts';
import type { Person } from './people.ts';

/** A destination as the Destination service keeps it: flat text properties. */
export type Destination = Record<string, string>;

/** The two levels of the Destination service. */
export type Level = 'instance' | 'subaccount';

/** The state of the stand-in for BTP, as plain JSON that can be saved to a file. */
export interface BTPState {
  xsappname: string;
  zoneId: string;
  subaccountId: string;
  instanceId: string;
  /** Signs the tokens. It is part of the state so that tokens outlive a restart. */
  signingKey: { kid: string; privateKey: JWK; publicKey: JWK };
  /** OAuth client of the application (binding `xsuaa`). */
  appClient: Client;
  /** OAuth client of the binding `destination`. */
  destinationClient: Client;
  destinations: Record<Level, Destination[]>;
  /** The client that may read the directory of people. */
  peopleClient: Client;
  people: Person[];
  /** OAuth client of the Alert Notification service. */
  alertClient: Client;
}

/** The state of a new subaccount: a signing key, two OAuth clients and no destinations. */
export function createBTPState(xsappname = 'leanix-integration-sap-is!t1'): BTPState {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  return {
    xsappname,
    zoneId: randomUUID(),
    subaccountId: randomUUID(),
    instanceId: randomUUID(),
    signingKey: {
      kid: 'sandbox-jwt-key-1',
      privateKey: privateKey.export({ format: 'jwk' }),
      publicKey: publicKey.export({ format: 'jwk' }),
    },
    appClient: { id: `sb-${xsappname}`, secret: `${randomUUID()}$app=` },
    destinationClient: { id: `sb-clone1!b1|destination-xsappname!b1`, secret: `${randomUUID()}$destination=` },
    destinations: { instance: [], subaccount: [] },
    ...newClients(),
    people: [],
  };
}

/** The destination of a level with this name. */
export function findDestination(state: BTPState, level: Level, name: string | undefined): Destination | undefined {
  return state.destinations[level].find((destination) => destination.Name === name);
}

/** Adds a destination, in place of the one with the same name if there is one. */
export function putDestination(state: BTPState, level: Level, destination: Destination): void {
  removeDestination(state, level, destination.Name);
  state.destinations[level].push(destination);
}

/** Removes a destination and says whether there was one. */
export function removeDestination(state: BTPState, level: Level, name: string | undefined): boolean {
  const before = state.destinations[level];
  state.destinations[level] = before.filter((destination) => destination.Name !== name);
  return state.destinations[level].length < before.length;
}

/** The clients that a state file of an earlier version lacks. */
export function newClients(): Pick<BTPState, 'peopleClient' | 'alertClient'> {
  return {
    peopleClient: { id: 'people-reader', secret: `${randomUUID()}$people=` },
    alertClient: { id: 'alert-producer', secret: `${randomUUID()}$alerts=` },
  };
}
