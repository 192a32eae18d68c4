/**
 * Names that do not identify a system: those of the editor, of adapters, or of tools, which designers often leave
 * unchanged; see `isGeneric`.
 */
const GENERIC = new Set(
  (
    'sender receiver source target client server system endpoint participant caller consumer provider external internal ' +
    'test postman soapui browser mock dummy any api rest http https soap odata idoc sftp ftp mail email smtp jms amqp ' +
    'queue topic file processdirect xi as2 rfc jdbc db database datastore cpi ci btp hci sap iflow integration webservice ' +
    'service backend frontend app application user timer start end event message msg request response inbound outbound in ' +
    'out data process flow call direct entry'
  ).split(' '),
);

/** A name in lower case, without characters that are used differently: `_`, `-`, `.` and blanks. */
export const normalName = (name: string): string => name.toLowerCase().replace(/[\s_.-]+/g, '');

/** Whether the name of a participant identifies no system, such as `Receiver2`, `HTTP_Sender` or `Sender_Test`. */
export function isGeneric(name: string): boolean {
  const words = name
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^\p{L}]+/u)
    .filter(Boolean);
  return words.every((word) => GENERIC.has(word));
}

/** The words of a name, split at case, digits and special characters: `OAuthToken_2` has `o`, `auth`, `token`, `2`. */
export function wordsOf(name: string): string[] {
  return name
    .replace(/OAuth/g, 'Oauth')
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter(Boolean);
}
