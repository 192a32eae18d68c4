import { createRequire } from 'node:module';
import cds from '@sap/cds';

/** Traces go to another system, are kept there and read by many: like the log, they name nobody and hold no value that was asked for. */

type Values = Record<string, unknown>;
type Span = {
  name: string;
  attributes: Values;
  events: { attributes?: Values }[];
  status: { message?: string };
};
type Exporter = { export: (this: unknown, spans: Span[], done: unknown) => void };

/** Headers that tell nobody's name, or where somebody was before. */
const HEADERS = /^http\.request\.header\.(?:accept|accept-language|content-type|content-length|user-agent)$/;
const DROPPED = /^(?:url\.query|client\.address|http\.client_ip|db\.connection_string)$/;
const ADDRESSES = /^(?:url\.full|url\.path|http\.url|http\.target|http\.route)$/;
const EMAIL = /[\w.+-]{1,64}(?:@|%40)[\w.-]+/g;

/** What is exported from now on is made nameless before. Without telemetry, nothing is loaded. */
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

/** Takes out of a span what somebody asked for or sent: query options, texts in paths and statements, e-mails, messages. */
export function makeNameless(span: Span): void {
  span.name = withoutTexts(span.name);
  // Messages name who has a draft, and repeat values. The log has them, without names.
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

/** Texts stand in quotation marks, in OData and in SQL; in an address they may be written as `%27`. */
const withoutTexts = (text: string) =>
  text
    .replace(/'[^']*'/g, "'…'")
    .replace(/%27.*?%27/g, "'…'")
    .replace(/\?[^\s?]*=\S*/g, '')
    .replace(EMAIL, '…');

const withoutQuery = (address: string) => address.split(/[?#]/, 1)[0]!;
