import { messageOf, problemOf } from '../../../srv/cpi/errors.ts';
import { readableError } from '../../../srv/cpi/error-text.ts';
import { literal, nextPath, pageOf, rootBelow, tenantOf } from '../../../srv/cpi/odata.ts';
import { plainText } from '../../../srv/cpi/text.ts';
import { kindOf, kindsOf, statusOf } from '../../../srv/cpi/types.ts';

describe('descriptions', () => {
  test.each([
    'Calls https://<host>/orders',
    'Maps <OrderID> to <Customer ID>',
    'mail <a@b.example>',
    'uses <code> as key',
    'if a<b and c>d',
    'AT&T; R&D <!-- see below',
  ])('%s is no HTML, and stays', (text) => expect(plainText(text)).toBe(text));

  test('in HTML, what only looks like a tag stays too', () => {
    expect(plainText('<P>Calls https://&lt;host&gt;/x, <Order ID> &amp; <b>more</b></P><!-- not this -->')).toBe(
      'Calls https://<host>/x, <Order ID> & more',
    );
    expect(plainText('one<br/>two <Order')).toBe('one\ntwo <Order');
  });

  test.each([
    ['div', '<div>'.repeat(9000) + 'x' + '</div>'.repeat(9000)],
    ['b', '<b>'.repeat(14_000) + 'x' + '</b>'.repeat(14_000)],
    ['li without end', '<ul><li>'.repeat(7000) + 'x</ul>'],
    ['blockquote', '<blockquote>'.repeat(4000) + 'x' + '</blockquote>'.repeat(4000)],
    ['table', '<table><tr><td>'.repeat(3000) + 'x' + '</td></tr></table>'.repeat(3000)],
  ])('HTML that is nested without end is read as far as people nest it: %s', (_, html) => {
    expect(plainText(`<p>Before</p>${html}`)).toMatch(/^Before/);
  });

  test('a row with thousands of elements before a cell is read', () => {
    const text = plainText(`<table><tr>${'<br>'.repeat(20_000)}<td>one</td><td>two</td></tr></table>`);
    expect(text?.endsWith('one | two')).toBe(true);
  });

  test('the cells of a table stand apart, row by row', () => {
    const cells = '<tr><td>Source</td>\n<td>ERP</td></tr><tr><td><p>Target</p></td><td><p>Shop</p></td></tr>';
    const head = '<thead><tr><th>Role</th><th>System</th></tr></thead>';
    expect(plainText(`<p>Systems</p><table>${head}<tbody>${cells}</tbody></table><p>End</p>`)).toBe(
      'Systems\n\nRole | System\nSource | ERP\nTarget | Shop\n\nEnd',
    );
  });

  test('HTML becomes the text that people see', () => {
    const html =
      '<p>Replicates&nbsp;<b>orders</b> &amp; prices.</p><h2>See</h2><a href="https://x.example">the guide</a>';
    expect(plainText(html)?.replace(/\n+/g, '|')).toBe('Replicates orders & prices.|See|the guide');
    expect(plainText(`<p>${'word '.repeat(60)}</p>`)).not.toContain('\n');
  });

  test('plain text stays as it is, and nothing stays nothing', () => {
    expect(plainText(' if a < b\r\nthen c > d ')).toBe('if a < b\nthen c > d');
    for (const text of [null, '', '  ', '<p> </p>']) expect(plainText(text)).toBeNull();
  });
});

test('status and type of the runtime list', () => {
  const wire = ['STARTED', 'STARTING', 'STOPPING', 'STOPPED', 'ERROR', 'FAIL', '', 'constructor'];
  expect(wire.map(statusOf)).toEqual([
    'Started',
    'Starting',
    'Stopping',
    'Stopped',
    'Error',
    'Unknown',
    'Unknown',
    'Unknown',
  ]);
  expect(kindOf('REST_API_PROVIDER')).toBeNull();
  expect(kindsOf(['INTEGRATION_FLOW', 'toString', 'VALUE_MAPPING', 'INTEGRATION_FLOW'])).toEqual([
    'IntegrationDesigntimeArtifacts',
    'ValueMappingDesigntimeArtifacts',
  ]);
});

describe('why an artifact is in error', () => {
  test('a message with the same place thousands of times does not grow beyond what is shown', () => {
    const body = { message: { messageText: '{0}'.repeat(15_000) }, parameter: ['y z'.repeat(15_000)] };
    expect(readableError(JSON.stringify(body))?.length).toBe(2000);
  });

  test('the parameters of the usual answer', () => {
    const body = {
      message: {
        subsystemName: 'CONTENT',
        subsytemPartName: 'CONTENT_DEPLOY',
        messageId: 'GenerationFailed',
        messageText: '',
      },
      parameter: [
        "The generation and build of the artifact were unsuccessful.\nScript file 'script1.groovy' not found",
      ],
    };
    expect(readableError(JSON.stringify(body))).toBe(
      "The generation and build of the artifact were unsuccessful.\nScript file 'script1.groovy' not found",
    );
  });

  test('a plain message, as text or as JSON', () => {
    expect(readableError('{"message":"No credentials for \'smtp\' found"}')).toBe("No credentials for 'smtp' found");
    expect(readableError('No credentials\r\n\tfound\u0007')).toBe('No credentials\nfound');
    expect(readableError('[Camel] route failed')).toBe('[Camel] route failed');
  });

  test('messages below messages, also as JSON in a text, each line once', () => {
    const inner = JSON.stringify([{ message: { messageText: 'Bean {0} failed in {1}' }, parameter: ['mapper'] }]);
    const body = {
      message: { messageId: 'DeployFailed' },
      parameter: ['Deployment failed'],
      childInstances: [{ message: { messageText: '' }, parameter: ['Deployment failed', 'Cause A'] }],
      childMessageInstances: inner,
    };
    expect(readableError(JSON.stringify(body))).toBe('Deployment failed\nCause A\nBean mapper failed in {1}');
  });

  test('numbers fill their places, and JSON among the parameters is unpacked', () => {
    const message = { messageText: 'Port {0} is taken by {1}; retried: {2}' };
    const inner = { message: { messageText: 'bundle {0}' }, parameter: ['orders'] };
    const body = { message, parameter: [1425, JSON.stringify(inner), true] };
    expect(readableError(JSON.stringify(body))).toBe('Port 1425 is taken by bundle orders; retried: true');
    const object = { message: { messageText: 'Failed: {0}' }, parameter: [{ message: 'No credentials' }] };
    expect(readableError(JSON.stringify(object))).toBe('Failed: No credentials');
    expect(readableError('{"message":{"messageId":"X"},"parameter":[1425]}')).toBe('1425');
  });

  test('JSON that was cut off still gives its sentences', () => {
    const cut = '[{"message":{"messageId":"X"},"parameter":["Script \\"a\\" not found","Next cau... [truncated]';
    expect(readableError(JSON.stringify({ childMessageInstances: cut }))).toBe('Script "a" not found');
  });

  test('XML, an id where there is nothing else, and nothing', () => {
    expect(readableError('<error><code>X</code><message xml:lang="en">Not &lt;here&gt;</message></error>')).toBe(
      'Not <here>',
    );
    expect(readableError('{"message":{"messageId":"GenerationFailed","messageText":""},"parameter":[]}')).toBe(
      'GenerationFailed',
    );
    for (const body of ['', ' ', '{}', '<html><body>Log in</body></html>']) expect(readableError(body)).toBeNull();
  });

  test('at most 2000 characters', () => {
    expect(readableError('x'.repeat(5000))).toHaveLength(2000);
  });
});

describe('answers that say no', () => {
  const host = 'acme.it-cpi018.cfapps.eu10.hana.ondemand.com';
  const problem = (status: number, text: string, at = host) =>
    problemOf({ status, text, headers: {} }, at, 'WorkspacePackagesRead');

  test.each([
    ['{"error":{"code":"Not Found","message":{"lang":"en","value":"Requested entity could not be found."}}}'],
    ['{"code":"Not Found","message":{"@lang":"en","#text":"Requested entity could not be found."}}'],
    ['{"code":"X","message":"Requested entity could not be found."}'],
    ['<error><code>X</code><message xml:lang="en">Requested entity could not be found.</message></error>'],
    ['<m:error xmlns:m="x"><m:message>Requested entity could not be found.</m:message></m:error>'],
    ['Requested entity could not be found.'],
  ])('%s is understood', (body) => {
    expect(messageOf(body)).toBe('Requested entity could not be found.');
    expect(problem(404, body)).toMatchObject({
      code: 'CPI_ERROR',
      args: [host, 'Requested entity could not be found.'],
    });
  });

  test('403 names the role that is missing', () => {
    for (const body of ['', '{"code":"Forbidden","message":{"lang":"en","value":null}}']) {
      expect(problem(403, body)).toMatchObject({
        code: 'CPI_ROLE_MISSING',
        args: [host, 'WorkspacePackagesRead'],
        status: 403,
      });
    }
  });

  test('a page for people at the runtime’s host means the wrong plan', () => {
    const page = '<!DOCTYPE html><html><body>404</body></html>';
    const runtimeHost = 'acme.it-cpi018-rt.cfapps.eu10.hana.ondemand.com';
    expect(problem(404, page, runtimeHost)).toMatchObject({ code: 'CPI_WRONG_PLAN', args: [runtimeHost] });
    expect(problem(404, page)).toMatchObject({ code: 'CPI_ERROR', args: [host, 'HTTP 404'] });
  });

  test('no entity bomb, no page, no secret gets through', () => {
    expect(
      messageOf('<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><error><message>&b;</message></error>'),
    ).not.toContain('aaaa');
    expect(messageOf('<html><body>secret page</body></html>')).toBe('');
    expect(messageOf('{"message":"Bearer abcdefghijkl is wrong"}')).not.toContain('abcdefghijkl');
  });
});

describe('paths and links', () => {
  test('the destination names the host or the service root', () => {
    expect(rootBelow('https://acme.example')).toBe('/api/v1');
    expect(rootBelow('https://acme.example/location/edge1')).toBe('/api/v1');
    expect(rootBelow('https://acme.example/api/v1')).toBe('');
    expect(rootBelow('https://acme.example/location/edge1/api/v1/')).toBe('');
  });

  test.each([
    ['https://acme.example/api/v1', 'acme.example'],
    ['https://acme.example/location/edge1/api/v1/', 'acme.example/location/edge1'],
    ['https://acme.example/location/edge1', 'acme.example/location/edge1'],
    ['https://acme.example/location/', 'acme.example'],
  ])('%s is the tenant %s', (url, tenant) => expect(tenantOf('acme.example', url)).toBe(tenant));

  test.each([
    'https://acme.example',
    'https://acme.example/',
    'https://acme.example/api/v1',
    'https://acme.example/api/v1/',
  ])('links to the next page are resolved below %s', (url) => {
    for (const next of [
      'List?$skiptoken=1000',
      '/api/v1/List?$skiptoken=1000',
      'https://acme.example/api/v1/List?$skiptoken=1000',
      'https://ACME.example:443/api/v1/List?$skiptoken=1000',
      'http://acme.example:443/api/v1/List?$skiptoken=1000',
    ]) {
      expect(nextPath(next, url)).toBe('/List?$skiptoken=1000');
    }
  });

  test.each([
    'https://evil.example/api/v1/List',
    '//evil.example/api/v1/List',
    'https://acme.example.evil.example/api/v1/List',
    'https://acme.example@evil.example/api/v1/List',
    'https://acme.example:8443/api/v1/List',
    'https://acme.example/other/List',
    '../other/List',
    'javascript:alert(1)',
  ])('a link to %s is refused', (next) => {
    expect(nextPath(next, 'https://acme.example')).toBeNull();
  });

  test('keys are quoted and encoded', () => {
    expect(literal("Jo's flow/1")).toBe("'Jo%27%27s%20flow%2F1'");
  });

  test('only a list is a list', () => {
    expect(pageOf('{"d":{"results":[1],"__next":"x"}}')).toEqual({ entries: [1], next: 'x' });
    expect(pageOf('{"d":[1]}')).toEqual({ entries: [1], next: null });
    for (const body of ['', '{}', '{"d":{}}', '{"d":{"results":{}}}', '<feed/>', 'null'])
      expect(pageOf(body)).toBeNull();
  });
});
