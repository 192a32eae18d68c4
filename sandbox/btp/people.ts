import { Router, type Request } from 'express';
import { clientOf, type Client } from '../http.ts';

/** Somebody in the directory of the company. */
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
/** Identity Authentication gives no more at once. */
const PAGE_LIMIT = 100;

/** The directory of the company's people, as Identity Authentication offers it by SCIM 2.0 (RFC 7644). To be read only. */
export function peopleRouter(people: () => Person[], client: Client): Router {
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
    // Both count from 1, and less than 1 is taken for 1 (RFC 7644, 3.4.2.4); a count of 0 asks for the total only.
    const startIndex = Math.max(1, numberOf(req, 'startIndex', 1));
    const count = Math.min(PAGE_LIMIT, Math.max(0, numberOf(req, 'count', PAGE_LIMIT)));
    const page = found.slice(startIndex - 1, startIndex - 1 + count);
    const Resources = page.map((person) => resourceOf(person, found));
    res.type('application/scim+json');
    res.json({ schemas: [LIST], totalResults: found.length, startIndex, itemsPerPage: page.length, Resources });
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
