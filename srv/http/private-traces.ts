import { createRequire } from 'node:module';
import cds from '@sap/cds';

/** Traces leave this system and have many readers. Like the log, they name nobody and contain no values of requests. */

type Values = Record<string, unknown>;
type Span = {
  name: string;
  attributes: Values;
  events: { attributes?: Values }[];
  status: { message?: string };
};
type Exporter = { export: (this: unknown, spans: Span[], done: unknown) => void };

/** Headers that contain neither names nor the previous page of a user. */
const HEADERS = /^http\.request\.header\.(?:accept|accept-language|content-type|content-length|user-agent)$/;
const DROPPED = /^(?:url\.query|client\.address|http\.client_ip|db\.connection_string)$/;
const ADDRESSES = /^(?:url\.full|url\.path|http\.url|http\.target|http\.route)$/;
const EMAIL = /[\w.+-]{1,64}(?:@|%40)[\w.-]+/g;

/** Removes personal data from all spans before they are exported. Without telemetry, nothing is loaded. */
export function keepNamesOutOfTraces(): void {
  if (process.env['NO_TELEMETRY'] || !(cds.env.requires as Record<string, unknown>)['telemetry']) return;
  const require = createRequire(import.meta.url);
  for (const module of ['@opentelemetry/exporter-trace-otlp-proto', '@opentelemetry/exporter-trace-otlp-grpc']) {
    const { prototype } = (require(module) as { OTLPTraceExporter: { prototype: Exporter } }).OTLPTraceExporter;
    const { export: send } = prototype;
    prototype.export = function (spans, done) {
      for (const span of spans) makeNameless(span);
      send.call(this, spans, done);
    };
  }
}

/** Removes what users asked for or sent: query options, strings in paths and statements, e-mail addresses, messages. */
export function makeNameless(span: Span): void {
  span.name = withoutTexts(span.name);
  // Messages name owners of drafts and quote values. The log has them without names.
  delete span.status.message;
  for (const { attributes = {} } of span.events) {
    delete attributes['exception.message'];
    const stack = attributes['exception.stacktrace'];
    if (typeof stack === 'string') attributes['exception.stacktrace'] = stack.match(/^ +at .*$/gm)?.join('\n') ?? '';
  }
  for (const [name, value] of Object.entries(span.attributes)) {
    if (DROPPED.test(name) || (name.startsWith('http.request.header.') && !HEADERS.test(name))) {
      delete span.attributes[name];
    } else if (typeof value === 'string') {
      span.attributes[name] = ADDRESSES.test(name) ? withoutQuery(withoutTexts(value)) : withoutTexts(value);
    }
  }
}

/** Strings are in quotation marks in OData and SQL; in a URL these may be `%27`. */
const withoutTexts = (text: string) =>
  text
    .replace(/'[^']*'/g, "'…'")
    .replace(/%27.*?%27/g, "'…'")
    .replace(/\?[^\s?]*=\S*/g, '')
    .replace(EMAIL, '…');

const withoutQuery = (address: string) => address.split(/[?#]/, 1)[0]!;
