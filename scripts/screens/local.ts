/** Preloaded into the service by `npm start`, which serves the screens itself: only this computer reaches the service. */
import cds from '@sap/cds';
import { localOnly } from './guard.ts';

type App = { listen(port: number, host?: string): unknown; use(...handlers: unknown[]): void };

cds.on('bootstrap', (app: App) => {
  const listen = app.listen.bind(app);
  app.listen = (port) => listen(port, '127.0.0.1');
  app.use(localOnly);
});
