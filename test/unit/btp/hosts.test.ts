import fc from 'fast-check';
import { baseUrl, hostOf, isAllowed, parseHost } from '../../../srv/btp/hosts.ts';

const allow = (hosts?: string) => {
  if (hosts === undefined) delete process.env['LEANIX_ALLOWED_HOSTS'];
  else process.env['LEANIX_ALLOWED_HOSTS'] = hosts;
};

afterEach(() => allow());

describe('a host that a person enters', () => {
  test.each([
    ['acme.leanix.net', 'acme.leanix.net'],
    ['ACME.LeanIX.net', 'acme.leanix.net'],
    ['acme.leanix.net:443', 'acme.leanix.net'],
    ['acme.leanix.net:8443', 'acme.leanix.net:8443'],
    ['localhost:4005', 'localhost:4005'],
    ['127.0.0.1:80', '127.0.0.1'],
  ])('%s is taken as %s', (text, host) => {
    expect(parseHost(text)).toEqual({ ok: true, host });
  });

  test.each([
    '',
    ' acme.leanix.net',
    'acme.leanix.net ',
    'acme leanix.net',
    'acme.leanix.net\n',
    'https://acme.leanix.net',
    'acme.leanix.net/',
    'acme.leanix.net/workspace',
    'acme.leanix.net?a=b',
    'acme.leanix.net#a',
    'user@acme.leanix.net',
    'user:password@acme.leanix.net',
    'acme.leanix.net\\evil.com',
    'acme.leanix.net.',
    '.leanix.net',
    'acme..leanix.net',
    '-acme.leanix.net',
    'acme.leanix.net:',
    'acme.leanix.net:0',
    'acme.leanix.net:65536',
    'acme.leanix.net:443:443',
    'äcme.leanix.net',
    'xn--cme-pla.leanix.net',
    'acme。leanix.net',
    '[::1]',
    '[::1]:4005',
    '127.1',
    '0x7f000001',
    '2130706433',
    '*.leanix.net',
    '//acme.leanix.net',
    'javascript:acme.leanix.net',
    'file:acme.leanix.net',
    'http:acme.leanix.net',
    'acme.leanix.net@evil.com',
    'acme.leanix.net:443@evil.com',
    'acme.leanix.net%00.evil.com',
    'acme.leanix.net%2eevil.com',
    'acme.leanix.net\u0000',
    'acme.leanix.net\r\nHost: evil.com',
    'acme\t.leanix.net',
    'acme\u200b.leanix.net',
    'acme.leanix.net;evil.com',
    'acme.leanix.net,evil.com',
    'acme.lеanix.net',
    'acme.ⓛeanix.net',
    'acme．leanix．net',
    'acme.leanıx.net',
    'xn--lanix-tta.net',
    'acme.xn--lanix-tta.net',
    'acme.leanix.net..',
    'acme.leanix.net.:443',
    'acme.leanix.net: 443',
    'acme.leanix.net:+443',
    'acme.leanix.net:0443',
    'acme.leanix.net:1e3',
    'acme.leanix.net:99999',
    '017700000001',
    '0177.0.0.1',
    '0x7f.0.0.1',
    '127.0.0.1.',
    '127.0.1',
    '::1',
    '[::ffff:127.0.0.1]',
    '[::1%25lo]',
    `${'a'.repeat(64)}.leanix.net`,
  ])('%j is refused', (text) => {
    expect(parseHost(text)).toEqual({ ok: false, code: 'HOST_INVALID' });
  });

  test('means the same to a URL parser as to us, whatever it is', () => {
    const pieces = fc.constantFrom(
      'a',
      'leanix',
      'net',
      '.',
      ':',
      '1',
      '443',
      '/',
      '@',
      '%',
      '?',
      '#',
      '\\',
      ' ',
      '-',
      '0x',
      'é',
    );
    const texts = fc.oneof(
      fc.string(),
      fc.array(pieces, { maxLength: 12 }).map((list) => list.join('')),
    );
    fc.assert(
      fc.property(texts, (text) => {
        const parsed = parseHost(text);
        if (!parsed.ok) return;
        const url = new URL(baseUrl(parsed.host));
        expect(url.host).toBe(parsed.host);
        expect([url.username, url.password, url.pathname, url.search, url.hash].join('')).toBe('/');
        expect(parseHost(parsed.host)).toEqual(parsed);
        expect(hostOf(baseUrl(parsed.host))).toBe(parsed.host);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('the hosts that a token may be sent to', () => {
  test('are those below leanix.net, at the usual port', () => {
    expect(isAllowed('acme.leanix.net')).toBe(true);
    expect(isAllowed('eu-10.leanix.net')).toBe(true);
    for (const host of [
      'leanix.net',
      'evil-leanix.net',
      'leanix.net.evil.com',
      'acme.leanix.net.evil.com',
      'acme.leanix.net:8443',
      'localhost:4005',
      '127.0.0.1',
      '10.0.0.1',
      '169.254.169.254',
      '2130706433',
      '[::1]',
      'localhost',
      'evilleanix.net',
      'acme.evilleanix.net',
      'leanix.net.',
      '.leanix.net',
      'acme.leanix.net.',
      'acme.leanix.net:80',
      'acme.leanix.network',
      'acme.leanix.net.localhost',
      'acme.leanix.net@evil.com',
      'evil.com/.leanix.net',
      'evil.com#.leanix.net',
      'evil.com?.leanix.net',
      'evil.com\\.leanix.net',
      'ACME.leanix.net',
      'https://acme.leanix.net',
      '',
    ]) {
      expect([host, isAllowed(host)]).toEqual([host, false]);
    }
  });

  test('and those that the environment adds, each with its port', () => {
    allow(' leanix.example.com, 127.0.0.1:4005 ,,no host!');
    expect(isAllowed('leanix.example.com')).toBe(true);
    expect(isAllowed('127.0.0.1:4005')).toBe(true);
    expect(isAllowed('127.0.0.1:4006')).toBe(false);
    expect(isAllowed('127.0.0.1')).toBe(false);
    expect(isAllowed('sub.leanix.example.com')).toBe(false);
    expect(isAllowed('acme.leanix.net')).toBe(true);
  });

  test('are never others than names below leanix.net or on the list', () => {
    const host = fc.oneof(
      fc.domain(),
      fc.domain().map((name) => `${name}.leanix.net`),
      fc.ipV4(),
      fc.webAuthority(),
    );
    fc.assert(fc.property(host, (text) => !isAllowed(text) || /^[a-z0-9.-]+\.leanix\.net$/.test(text)));
  });

  test('are the very ones that a request goes to, whatever is written around a name', () => {
    const trick = fc.constantFrom(
      '',
      '.',
      '@',
      ':',
      '/',
      '\\',
      '#',
      '?',
      '%',
      '%2e',
      '\t',
      '\n',
      '\0',
      ' ',
      '\u3002',
      'x',
    );
    const name = fc.constantFrom('evil.com', 'leanix.net', 'acme.leanix.net', '127.0.0.1', '[::1]', 'https://', 'user');
    const texts = fc.array(fc.oneof(trick, name), { maxLength: 6 }).map((list) => list.join(''));
    fc.assert(
      fc.property(texts, (text) => {
        if (!isAllowed(text)) return;
        const url = new URL(baseUrl(text));
        expect([url.protocol, url.hostname.endsWith('.leanix.net'), url.port, url.username]).toEqual([
          'https:',
          true,
          '',
          '',
        ]);
      }),
      { numRuns: 3000 },
    );
  });

  test('are not changed by what the environment adds wrongly', () => {
    for (const hosts of [
      '*',
      '*.com',
      '.com',
      'http://evil.com',
      'evil.com/',
      'https://acme.leanix.net',
      '\u0000',
      ',',
    ]) {
      allow(hosts);
      for (const host of ['evil.com', 'a.com', 'com', '127.0.0.1'])
        expect([hosts, host, isAllowed(host)]).toEqual([hosts, host, false]);
    }
  });

  test('below leanix.net may be narrowed to the own ones', () => {
    const allowed = (...hosts: string[]) => hosts.filter(isAllowed);
    const all = [
      'acme.leanix.net',
      'eu-10.leanix.net',
      'sub.acme.leanix.net',
      'leanix.example.com',
      'acme.leanix.net:444',
    ];
    process.env['LEANIX_ONLY_HOSTS'] = ' Acme.leanix.net , other.leanix.net';
    allow('leanix.example.com');
    expect(allowed(...all)).toEqual(['acme.leanix.net', 'leanix.example.com']);
    // An unreadable host allows nothing, and does not allow all others again.
    process.env['LEANIX_ONLY_HOSTS'] = 'https://acme.leanix.net';
    expect(allowed(...all)).toEqual(['leanix.example.com']);
    for (const none of ['', ' , ']) {
      process.env['LEANIX_ONLY_HOSTS'] = none;
      expect(allowed(...all)).toEqual(all.slice(0, 4));
    }
    delete process.env['LEANIX_ONLY_HOSTS'];
  });

  test('are reached over http on this machine only', () => {
    expect(baseUrl('acme.leanix.net')).toBe('https://acme.leanix.net');
    expect(baseUrl('leanix.example.com:8443')).toBe('https://leanix.example.com:8443');
    expect(baseUrl('127.0.0.1:4005')).toBe('http://127.0.0.1:4005');
    expect(baseUrl('localhost')).toBe('http://localhost');
    expect(baseUrl('localhost.evil.com')).toBe('https://localhost.evil.com');
  });
});

test('the host of a URL is in lower case and without a default port', () => {
  expect(hostOf('HTTPS://Tenant.Example.COM:443/api/v1')).toBe('tenant.example.com');
  expect(hostOf('http://127.0.0.1:4006')).toBe('127.0.0.1:4006');
  expect(hostOf('https://tenant.example.com./')).toBe('tenant.example.com');
  expect(hostOf('ldap://tenant.example.com')).toBeNull();
  expect(hostOf('no url')).toBeNull();
});
