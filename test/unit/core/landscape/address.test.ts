import fc from 'fast-check';
import { addressRule } from '../../../../srv/core/landscape/adapters.ts';
import { lookUp, placeOf, putIn } from '../../../../srv/core/landscape/address.ts';

const url = addressRule('HTTP');
const host = addressRule('SFTP');
const loose = addressRule('Redis');

test.each([
  ['https://My.Host.com:443/path?x=1', url, 'my.host.com', 'resolved'],
  ['http://user:secret@s4.corp.local/sap', url, 's4.corp.local', 'resolved'],
  ['api4.hr-cloud.com/odata/v2', url, 'api4.hr-cloud.com', 'resolved'],
  ['http://erpvirtual:8000/sap/opu', url, 'erpvirtual', 'resolved'],
  ['https://crm.corp.com/${property.path}/items', url, 'crm.corp.com', 'resolved'],
  ['sftp.partner.org:2222', host, 'sftp.partner.org', 'resolved'],
  ['filesrv', host, 'filesrv', 'resolved'],
  ['10.20.30.40:6379', loose, '10.20.30.40', 'resolved'],
  ['mongoBean', loose, null, 'resolved'],
  ['https://${header.Host}/x', url, null, 'dynamic'],
  ['', url, null, 'empty'],
  ['http:///sap/opu', url, null, 'empty'],
  ['/only/a/path', url, null, 'empty'],
  ['<SFTP Address>', host, null, 'unset'],
  ['https://*.crm.corp.com', url, null, 'unset'],
  ['http://host:port/x', url, null, 'unset'],
  ['https://api.example.com/x', url, null, 'unset'],
  ['http://localhost:9000/cmis', url, null, 'unset'],
  ['https://{{Missing}}/x', url, null, 'unset'],
])('%s', (text, rule, expected, state) => {
  expect(placeOf(text, rule)).toEqual({ host: expected, state });
});

test('parameters are put in once, whatever their names hold', () => {
  const parameters = new Map([
    ['Mail server address', 'mail.corp.com'],
    ['<TPM> (Überweg)', '{{Mail server address}}'],
  ]);
  expect(putIn('{{Mail server address}}:25', parameters)).toBe('mail.corp.com:25');
  expect(putIn('{{<TPM> (Überweg)}}', parameters)).toBe('{{Mail server address}}');
  expect(putIn('a{{unknown}}b', parameters)).toBe('a{{unknown}}b');
});

test('a constant takes the place of its expression, several values do not', () => {
  const constants = new Map([
    ['property.Host', 'a.corp.com'],
    ['header.Host', null],
  ]);
  expect(lookUp('https://${property.Host}/${header.Host}', constants)).toBe('https://a.corp.com/${header.Host}');
});

test('a host is what stands between scheme and path, and never holds user, port or blanks', () => {
  const label = fc
    .stringMatching(/^[a-z][a-z0-9]{0,8}$/)
    .filter((text) => !['host', 'server', 'smtp', 'example', 'hostname', 'localhost'].includes(text));
  const hosts = fc.array(label, { minLength: 2, maxLength: 4 }).map((labels) => labels.join('.'));
  fc.assert(
    fc.property(hosts, fc.nat(65535), fc.webPath(), fc.boolean(), (name, port, path, isSecure) => {
      const address = `${isSecure ? 'https' : 'http'}://u:p@${name.toUpperCase()}:${port}${path}`;
      expect(placeOf(address, url)).toEqual({ host: name, state: 'resolved' });
    }),
  );
});
