import { gateOf, MOST_BEHIND } from '../../../srv/btp/gate.ts';
import { retryAfter } from '../../../srv/btp/retry-after.ts';
import { answer, failure, newKey, over, request, scripted, startScripted, timing } from './scripted-server.ts';

startScripted();

describe('429', () => {
  const pauses = () => scripted.seen.slice(1).map(({ at }, index) => at - scripted.seen[index]!.at);

  test('is waited out for as many seconds as Retry-After says, writes too', async () => {
    scripted.script = [answer(429, '', { 'retry-after': '1' })];
    await expect(request({ write: true })).resolves.toMatch(/^200/);
    expect(pauses()[0]).toBeGreaterThanOrEqual(990);
    expect(scripted.sent).toBe(2);
  });

  test('is waited out with growing pauses where nothing is said, more often than failures are', async () => {
    scripted.script = Array.from({ length: 8 }, () => answer(429, 'USER_INTERVAL_REQUEST_LIMIT_EXCEEDED'));
    await expect(request({ write: true, timing: { ...timing, tries: 2 } })).resolves.toMatch(/^200/);
    expect(scripted.seen).toHaveLength(9);
  });

  test('keeps everybody with the same key back', async () => {
    const limit = { key: newKey('shared'), perSecond: 1000 };
    scripted.script = [answer(429, '', { 'retry-after': '3' })];
    const first = request({ limit });
    await over();
    const second = request({ limit });
    await request({ path: '/another', limit: { key: 'another', perSecond: 1000 } });
    await Promise.all([first, second]);
    expect(scripted.seen.map((one) => one.url)).toEqual(['/graphql', '/another', '/graphql', '/graphql']);
    for (const { at } of scripted.seen.slice(2)) expect(at - scripted.seen[0]!.at).toBeGreaterThan(2990);
  });

  test('ends the request as busy only when patience does', async () => {
    scripted.script = Array.from({ length: 1000 }, () => answer(429));
    await expect(failure(request({ timing: { ...timing, patience: 150 } }))).resolves.toBe('LEANIX_BUSY HTTP 429');
    scripted.script = [answer(429, '', { 'retry-after': '3600' })];
    await expect(failure(request())).resolves.toBe('LEANIX_BUSY HTTP 429');
  });

  test('Retry-After may be seconds or a date, read against the clock of the server', () => {
    const now = Date.parse('2026-01-01T00:00:00Z');
    expect(retryAfter({ 'retry-after': '7' }, now)).toBe(7000);
    expect(retryAfter({ 'retry-after': 'Thu, 01 Jan 2026 00:00:30 GMT' }, now)).toBe(30_000);
    const skewed = { 'retry-after': 'Thu, 01 Jan 2026 01:00:30 GMT', date: 'Thu, 01 Jan 2026 01:00:00 GMT' };
    expect(retryAfter(skewed, now)).toBe(30_000);
    expect(retryAfter({ 'retry-after': 'Thu, 01 Jan 2025 00:00:00 GMT' }, now)).toBe(0);
    expect(retryAfter({ 'retry-after': 'soon' }, now)).toBeNull();
    expect(retryAfter({}, now)).toBeNull();
  });
});

describe('a limit', () => {
  const limit = () => ({ key: newKey('fast'), perSecond: 20, burst: 10 });

  test('makes the requests beyond its burst wait', async () => {
    const started = performance.now();
    const shared = limit();
    await Promise.all(
      Array.from({ length: 40 }, () => request({ limit: shared, timing: { ...timing, timeout: 30_000 } })),
    );
    expect(performance.now() - started).toBeGreaterThan(1300);
    expect(scripted.seen).toHaveLength(40);
  });

  test('those who go behind let the others pass, and their line has an end', async () => {
    const slow = { key: newKey('behind'), perSecond: 20, burst: 1 };
    const gate = gateOf(slow);
    const order: string[] = [];
    const note = (what: string) => () => void order.push(what);
    const behind = Array.from({ length: MOST_BEHIND }, (_, n) =>
      gate.enterBehind()!.then(note(n ? 'behind' : 'first')),
    );
    const ahead = Array.from({ length: 3 }, () => gate.enter().then(note('ahead')));
    await expect(failure(request({ limit: { ...slow, behind: true } }))).resolves.toBe('LEANIX_BUSY too many wait');
    expect(scripted.seen).toHaveLength(0);
    await Promise.all(ahead);
    expect(order.filter((one) => one === 'behind').length).toBeLessThanOrEqual(1);
    await Promise.all(behind);
    expect(order).toHaveLength(MOST_BEHIND + 3);
  });

  test('lets no more pass in any second than it says, and its burst', async () => {
    const gate = gateOf(limit());
    const times: number[] = [];
    // Measured at the sender, since several may arrive together on a busy machine.
    await Promise.all(Array.from({ length: 40 }, () => gate.enter().then(() => times.push(performance.now()))));
    const busiest = Math.max(...times.map((from) => times.filter((at) => at >= from && at < from + 950).length));
    expect(busiest).toBeLessThanOrEqual(30);
  });
});
