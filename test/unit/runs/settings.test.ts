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

test('a run of a dead process is taken over within 15 seconds', () => {
  (cds.env as { leanix?: object }).leanix = {};
  const { leaseSeconds, sweepSeconds } = engineSettings();
  expect(leaseSeconds + sweepSeconds).toBeLessThan(15);
});
