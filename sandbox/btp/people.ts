import { Router, type Request } from 'express';
import { clientOf, type Client } from '../http.ts';

/** A person in the company's directory. */
export interface Person {
  id: string;
  userName: string;
  email: string;
  firstName: string;
  lastName: string;
  department: string;
  /** id of another person */
  manager: string | null;
  active: boolean;
}

const USER = 'urn:ietf:params:scim:schemas:core:2.0:User';
const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
const LIST = 'urn:ietf:params:scim:api:messages:2.0:ListResponse';
const ERROR = 'urn:ietf:params:scim:api:messages:2.0:Error';
/** Identity Authentication returns at most this many at once. */
const PAGE_LIMIT = 100;

/** Deviations from RFC 7644 that some directories have. */
export interface PeopleSwitches {
  /** `totalResults`: of all people, of this page, or of those from this page on. */
  total: 'all' | 'page' | 'rest';
  /** Each page starts with the first person. */
  ignoresStartIndex: boolean;
  /** Answers 400 to a page after the end. */
  refusesBeyond: boolean;
  /** Returns at most this many at once. */
  pageLimit: number;
}

export const newPeopleSwitches = (): PeopleSwitches => ({
  total: 'all',
  ignoresStartIndex: false,
  refusesBeyond: false,
  pageLimit: PAGE_LIMIT,
});

/** The company's directory of people, read-only, as Identity Authentication offers it by SCIM 2.0 (RFC 7644). */
export function peopleRouter(people: () => Person[], client: Client, switches: PeopleSwitches): Router {
  const router = Router();
  router.use((req, res, next) => {
    const { id, secret } = clientOf(req);
    if (id === client.id && secret === client.secret) return next();
    res
      .status(401)
      .type('application/scim+json')
      .json({ schemas: [ERROR], status: '401', detail: 'Unauthorized' });
  });
  router.get('/Users', (req, res) => {
    const found = people();
    // Both count from 1, and less than 1 counts as 1 (RFC 7644, 3.4.2.4); a count of 0 returns only the total.
    const startIndex = switches.ignoresStartIndex ? 1 : Math.max(1, numberOf(req, 'startIndex', 1));
    const count = Math.min(switches.pageLimit, Math.max(0, numberOf(req, 'count', switches.pageLimit)));
    const rest = found.slice(startIndex - 1);
    const page = rest.slice(0, count);
    res.type('application/scim+json');
    if (switches.refusesBeyond && startIndex > found.length) {
      res.status(400).json({ schemas: [ERROR], status: '400', detail: 'startIndex is out of range' });
      return;
    }
    const totalResults = { all: found, page, rest }[switches.total].length;
    const Resources = page.map((person) => resourceOf(person, found));
    res.json({ schemas: [LIST], totalResults, startIndex, itemsPerPage: page.length, Resources });
  });
  return router;
}

function resourceOf(person: Person, people: Person[]): object {
  const { id, userName, email, firstName, lastName, department, active } = person;
  const manager = people.find((other) => other.id === person.manager);
  const displayName = manager && `${manager.firstName} ${manager.lastName}`;
  return {
    schemas: [USER, ENTERPRISE],
    id,
    userName,
    name: { givenName: firstName, familyName: lastName },
    displayName: `${firstName} ${lastName}`,
    emails: [{ value: email, type: 'work', primary: true }],
    active,
    [ENTERPRISE]: { department, ...(manager && { manager: { value: manager.id, displayName } }) },
    meta: { resourceType: 'User' },
  };
}

function numberOf({ query }: Request, name: string, otherwise: number): number {
  const number = Number(query[name] ?? otherwise);
  return Number.isInteger(number) ? number : otherwise;
}
