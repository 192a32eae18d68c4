import type cds from '@sap/cds';
import { Destinations } from '#cds-models/SettingsService';
import { answerList, type ListQuery } from '../base/list-query.ts';
import { asProblem, problem } from '../base/problem.ts';
import { destinationKinds } from '../btp/destination-kinds.ts';

type Read = { SELECT: ListQuery & { one?: boolean; from: { ref: { where?: ListQuery['where'] }[] } } };

/** The value help of destinations: their names and kinds, from the Destination service. */
export function serveDestinations(service: cds.ApplicationService): void {
  service.on('READ', Destinations, async (req) => {
    const found = await destinationKinds().catch((error: unknown) => {
      throw asProblem(error);
    });
    // CAP keeps parts of a query in the prototype of its parts.
    const { one, from, where, search, orderBy, limit, count } = (req.query as unknown as Read).SELECT;
    try {
      const rows = answerList(answerList(found, { where: from.ref.at(-1)?.where }), {
        where,
        search,
        orderBy,
        limit,
        count,
      });
      return one ? (rows[0] ?? null) : rows;
    } catch (error) {
      throw error instanceof RangeError ? problem(400, 'URL_INVALID') : error;
    }
  });
}
