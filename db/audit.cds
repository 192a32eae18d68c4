namespace leanix;

using {cuid} from '@sap/cds/common';

/**
 * Who did what. Written in the same transaction as the change, and kept for `leanix.auditDays`, even if the
 * configuration is deleted. It contains names of users, but no secrets.
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
  /** The number of occurrences in that minute, for actions that change nothing: tests, exports, refusals. */
  times         : Integer default 1;
  /** The object: name of the configuration, artifact ID, ID of the run, e-mail of an account, refused operation. */
  subject       : String(255);
  /** The detail: element of the configuration, or kind of the run or task; and its values before and after. */
  element       : String(50);
  before        : LargeString;
  after         : LargeString;
  correlationId : String(100);
  /** The ID that the caller gave to the request, if it is valid. */
  callerId      : String(100);
}
