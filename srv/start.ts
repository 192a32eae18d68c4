/**
 * The start in production. Telemetry slows every request, so it is loaded only if SAP Cloud Logging is bound or an OTLP
 * endpoint is set.
 */
import { createRequire } from 'node:module';

const { env } = process;
const bindings = JSON.parse(env['VCAP_SERVICES'] || '{}') as Record<string, unknown>;
const kind = bindings['cloud-logging'] ? 'cloud-logging' : env['OTEL_EXPORTER_OTLP_ENDPOINT'] ? 'otlp' : undefined;
if (kind) {
  env['cds_requires_telemetry_kind'] ??= `telemetry-to-${kind}`;
  env['OTEL_EXPORTER_OTLP_PROTOCOL'] ??= 'http/protobuf';
} else {
  env['NO_TELEMETRY'] ??= 'true';
}

const serve = createRequire(import.meta.url)('@sap/cds/bin/serve.js') as { exec(...args: string[]): Promise<void> };
await serve.exec(...process.argv.slice(2));
