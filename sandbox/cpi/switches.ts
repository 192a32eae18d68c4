/** The points where tenants differ or the documentation contradicts what was observed. The defaults are the awkward ones. */
export interface CPISwitches {
  /** Most entries in one answer; 0 for no limit. */
  pageCap: number;
  /** Form of the `__next` link of an answer that `pageCap` cut off. `none` cuts off silently. */
  nextLink: 'relative' | 'absolute' | 'foreign' | 'none';
  /** The list of deployed artifacts ignores `$skip`. */
  ignoreSkip: boolean;
  /** The list of deployed artifacts honours `$inlinecount=allpages`. */
  inlineCount: boolean;
  /** `$count` of the deployed artifacts: a number, 501, or 500. */
  count: 'number' | 'notImplemented' | 'fails';
  /** The address is that of the web UI: every path answers 200 with a log-on page, token or not. */
  webUI: boolean;
  /** Entities come with `__metadata`, whose host has the port 443. */
  metadata: boolean;
  /** The text of an error is refused with 406 for `Accept: application/json`. */
  errorTextRefusesJson: boolean;
  /** Design-time requests a second for each client; 0 for no limit. */
  designtimeRate: number;
  /** Requests a second for deployed artifacts and endpoints, for each client; 0 for no limit. */
  runtimeRate: number;
  /** How a 429 tells when to retry. */
  retryAfter: 'none' | 'seconds' | 'date';
  /** Body of a 401. */
  unauthorized: 'html' | 'empty';
  /** Body of a 403. */
  forbidden: 'json' | 'empty';
  /** Status for requests for the content of a configure-only package. */
  readOnlyContent: 400 | 403 | 404 | 500;
  /** The design may be listed, but content and configurations are refused with 403. */
  contentForbidden: boolean;
  /** The service key has the plan `integration-flow`: this host has no API, everything is 404. */
  wrongPlan: boolean;
  /** Milliseconds that each answer takes. */
  latencyMs: number;
}

/** The defaults of a tenant. */
export const defaultSwitches: Readonly<CPISwitches> = {
  pageCap: 1000,
  nextLink: 'relative',
  ignoreSkip: false,
  inlineCount: false,
  count: 'number',
  webUI: false,
  metadata: true,
  errorTextRefusesJson: true,
  designtimeRate: 10,
  runtimeRate: 50,
  retryAfter: 'none',
  unauthorized: 'html',
  forbidden: 'json',
  readOnlyContent: 400,
  contentForbidden: false,
  wrongPlan: false,
  latencyMs: 0,
};
