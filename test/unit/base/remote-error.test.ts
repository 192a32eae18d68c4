import { OutcomeUnknown, quote, RemoteError } from '../../../srv/base/remote-error.ts';

describe('what is repeated of a remote text', () => {
  test.each([
    ["The path '/descriptio' is invalid in FactSheet schema Application.", undefined],
    ['two\n\tlines\u0000', 'two lines'],
    ['a < b and b > c', undefined],
    ['<b>bold</b> claim<script>alert(1)</script>', 'bold claim alert(1)'],
    ['see https://user:secret@host.example.com/path?token=secret#x', 'see https://host.example.com/path'],
    ['sent Bearer abcdefghijkl', 'sent …'],
    ['token eyJhbGciOi.eyJzdWIiOi.c2ln refused', 'token … refused'],
  ])('%j', (text, repeated = text) => {
    expect(quote(text)).toBe(repeated);
  });

  test('is nothing of a page, and nothing but text', () => {
    expect(quote('<!DOCTYPE html><html><body>Sign in</body></html>')).toBe('');
    expect(quote('\n <html lang="en">Sign in')).toBe('');
    expect(quote({ message: 'no' })).toBe('');
    expect(quote(undefined)).toBe('');
  });

  test('is short', () => {
    expect(quote('x'.repeat(100_000))).toHaveLength(500);
  });

  test('is read out of its beginning only, and no secret is cut in its middle', () => {
    expect(quote(`${'<b>'.repeat(1000)}the end`)).toBe('');
    // A naive search would look for the end of each of these up to the end of the text.
    for (const part of ['<a', 'a://', 'basic ', 'eyJ', '<!--'])
      expect(quote(part.repeat(500_000)).length).toBeLessThan(501);
    const secret = 'https://user:secret@host.example.com';
    expect(quote(`${'<b>'.repeat(660)}seen ${secret}`)).toBe('seen');
    expect(quote(`${'<b>'.repeat(600)}seen ${secret}`)).toBe('seen https://host.example.com');
  });
});

test('errors have a code, arguments for its text, and no cause', () => {
  const error = new RemoteError('LEANIX_UNREACHABLE', 'leanix', { args: ['acme.leanix.net', 'ECONNREFUSED'] });
  expect(error).toMatchObject({ code: 'LEANIX_UNREACHABLE', system: 'leanix', status: undefined });
  expect(error.message).toBe('LEANIX_UNREACHABLE acme.leanix.net ECONNREFUSED');
  expect(error.cause).toBeUndefined();
  expect(new OutcomeUnknown('leanix', 'acme.leanix.net', 'HTTP 504', 504)).toBeInstanceOf(RemoteError);
});
