/** Whether the long tests run: then all faults are played, and processes are killed. See jest.long.config.js. */
export const LONG = process.env['LONG_TESTS'] === 'true';
