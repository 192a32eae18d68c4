/** Preloaded into the service: adds the screens to its web server, without the service knowing. */
import cds from '@sap/cds';
import { screens } from './middleware.ts';

cds.on('bootstrap', (app: { use(...handlers: unknown[]): void }) => app.use(screens()));
