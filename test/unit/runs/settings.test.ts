import cds from '@sap/cds';
import { engineSettings } from '../../../srv/runs/settings.ts';

test.each([
  [{}, { batchSize: 50, attempts: 3 }],
  [
    { batchSize: 10, attempts: 1 },
    { batchSize: 10, attempts: 1 },
  ],
  [
    { batchSize: 0, attempts: 0 },
    { batchSize: 1, attempts: 1 },
  ],
  [
    { batchSize: 0.5, attempts: -1 },
    { batchSize: 1, attempts: 1 },
  ],
])('with %j every run comes to an end', (set, expected) => {
  (cds.env as { leanix?: object }).leanix = set;
  expect(engineSettings()).toMatchObject(expected);
});
