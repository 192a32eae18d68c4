namespace leanix;

using {cuid} from '@sap/cds/common';

/**
 * Who did what. Written in the transaction of what was done, so that there is never one without the other, and kept
 * for `leanix.auditDays`, also when the configuration is deleted. It names people, since that is what it is for, and holds no secret.
 */
@plural: 'AuditEntries'
entity AuditEntry : cuid {
  doneAt        : Timestamp;
  doneBy        : String(255);
  /**
   * changeConfig, deleteConfig, testConnection, storeApiToken, exportSettings, exportPackage, link, unlink, startRun,
   * cancelRun, confirmRun, changeAccess, requestTask, cancelTask, retryTask, approveTask, rejectTask, correlate,
   * uncorrelate, refused
   */
  action        : String(30);
  config_ID     : UUID;
  /** How often it was done in that minute, where it changes nothing: tests, exports, refusals. */
  times         : Integer default 1;
  /** What was acted on: name of the configuration, artifact id, ID of the run, e-mail of an account, refused operation. */
  subject       : String(255);
  /** What of it: element of the configuration, kind of the run or task; and its value before and afterwards. */
  element       : String(50);
  before        : LargeString;
  after         : LargeString;
  correlationId : String(100);
  /** The id that the caller gave to the request, as far as it looks like one. */
  callerId      : String(100);
}
