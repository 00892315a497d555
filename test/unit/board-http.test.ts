import type { IncomingHttpHeaders } from 'node:http';
import fc from 'fast-check';
import type { Client } from '@temporalio/client';
import { describe, expect, it } from 'vitest';
import { Access } from '../../src/board/http/access';
import { eventOf, Feed } from '../../src/board/http/feed';
import { hello } from '../../src/board/http/hello';
import { HostNames, hostNameOf, isLoopback } from '../../src/board/http/host-names';
import { tokensIn } from '../../src/board/page/tokens';
import { boardSettings, type BoardOptions } from '../../src/board/settings';
import { TOKEN_HEADER } from '../../src/board/wire';

describe('which Host headers are answered', () => {
  it.each<[string | undefined, boolean]>([
    ['localhost', true],
    ['LOCALHOST:8644', true],
    ['127.0.0.1:8644', true],
    ['[::1]:8644', true],
    ['board.corp', true],
    ['board.corp:443', true],
    ['evil.example', false],
    ['localhost.evil.example', false],
    ['127.0.0.1.evil.example:8644', false],
    ['localhost@evil.example', false],
    ['localhost:8644:1', false],
    ['localhost:', false],
    ['10.0.0.5', false],
    ['', false],
    [undefined, false],
  ])('on loopback: %s %s', (header, expected) => {
    expect(new HostNames('localhost', ['Board.corp']).accepts(header)).toBe(expected);
  });

  it.each([
    ['10.0.0.5:8644', true],
    ['[fe80::1]:8644', true],
    ['evil.example', false],
  ])('on all addresses: %s %s', (header, expected) => {
    expect(new HostNames('0.0.0.0', []).accepts(header)).toBe(expected);
  });

  it.each([
    ['2001:db8:0:0:0:0:0:5', '[2001:db8::5]:8644'],
    ['FE80:0:0:0:0:0:0:1', '[fe80::1]'],
    ['Bücher.example', 'xn--bcher-kva.example:8644'],
    ['board.corp', 'BOARD.corp'],
  ])('a name that is given as %s is that which browsers send: %s', (given, header) => {
    expect(new HostNames('localhost', [given]).accepts(header)).toBe(true);
    expect(new HostNames(given, []).accepts(header)).toBe(true);
  });

  it('any text is a name or none', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => typeof (hostNameOf(text) ?? '') === 'string'));
    expect([...'localhost 127.0.0.1 127.8.8.8 ::1'.split(' ')].every(isLoopback)).toBe(true);
    expect(['0.0.0.0', '::', '10.0.0.1', '127.evil', 'localhost.evil'].some(isLoopback)).toBe(false);
  });
});

describe('who may read', () => {
  const token = 'a-token-of-16-or-more';
  const access = new Access(token);
  const cookie = access.cookie()?.split(';')[0] ?? '';
  const [cookieName = ''] = cookie.split('=');

  it('without a token all may, and there is no cookie', () => {
    expect(new Access(undefined).isAllowed({})).toBe(true);
    expect(new Access(undefined).cookie()).toBeUndefined();
  });

  it('the cookie tells nobody the token, and is for this server and no script', () => {
    expect(access.cookie()).toMatch(/^mgh-board-[0-9a-f]{16}=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict$/);
    expect(access.cookie()).not.toContain(token);
    expect(new Access(token).cookie()).toBe(access.cookie());
  });

  it('of two boards, reached by one host, each keeps its own cookie', () => {
    const other = new Access('another-token-of-this-host');
    const theirs = other.cookie()?.split(';')[0] ?? '';
    expect(theirs.split('=')[0]).not.toBe(cookieName);
    const both = { cookie: `${theirs}; ${cookie}` };
    expect([access.isAllowed(both), other.isAllowed(both)]).toEqual([true, true]);
    expect([access.isAllowed({ cookie: theirs }), other.isAllowed({ cookie })]).toEqual([false, false]);
  });

  it.each<[string, string[]]>([
    ['#token=a+b&c=d%2Fe', ['a+b&c=d%2Fe', 'a+b&c=d/e']],
    ['#token=100%-sure', ['100%-sure']],
    ['#token=plain', ['plain']],
    ['#token=', []],
    ['#other=1&token=plain', []],
    ['', []],
  ])(
    'a link with %s signs in with what is behind it, as it is, or else as a browser has written it',
    (hash, tokens) => {
      expect(tokensIn(hash)).toEqual(tokens);
    },
  );

  it('every token that a board takes comes through a link', () => {
    const character = fc.integer({ min: 0x21, max: 0x7e }).map((code) => String.fromCharCode(code));
    fc.assert(
      fc.property(fc.array(character, { minLength: 16, maxLength: 40 }), (characters) => {
        const written = characters.join('');
        fc.pre(!/%(22|3C|3E|60)/.test(written));
        expect(tokensIn(new URL(`http://board/#token=${written}`).hash)).toContain(written);
      }),
    );
  });

  it.each<[IncomingHttpHeaders, boolean]>([
    [{ authorization: `Bearer ${token}` }, true],
    [{ authorization: `bearer ${token}` }, true],
    [{ cookie: `other=1; ${cookie}` }, true],
    [{ [TOKEN_HEADER]: token }, true],
    // A proxy may use that header for itself, or add one.
    [{ authorization: 'Basic dXNlcjpwYXNzd29yZA==', cookie }, true],
    [{ authorization: `Bearer ${token}x`, cookie }, true],
    [{ authorization: 'Basic dXNlcjpwYXNzd29yZA==', [TOKEN_HEADER]: token }, true],
    [{ [TOKEN_HEADER]: `${token}x`, authorization: `Bearer ${token}`, cookie }, false],
    [{ [TOKEN_HEADER]: '', cookie }, false],
    [{ authorization: `Bearer ${token}x` }, false],
    [{ authorization: `Basic ${token}` }, false],
    [{ authorization: 'Bearer ' }, false],
    [{ cookie: `${cookieName}=${token}` }, false],
    [{ cookie: cookie.replace('mgh-board', 'mgh-bored') }, false],
    [{ cookie: cookieName }, false],
    [{}, false],
  ])('%j: %s', (headers, expected) => {
    expect(access.isAllowed(headers)).toBe(expected);
  });

  it('nobody guesses it', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(access.isAllowed({ authorization: text, cookie: text })).toBe(false);
        expect(access.isAllowed({ authorization: `Bearer ${text}` })).toBe(false);
        expect(access.isAllowed({ [TOKEN_HEADER]: text })).toBe(false);
      }),
    );
  });
});

describe('the feed', () => {
  it('a browser that takes what it gets stays; one that does not is dropped, and no other', async () => {
    const feed = new Feed();
    const slow = feed.join('hello');
    const quick = feed.join('hello');
    let taken = 0;
    quick?.on('data', (chunk: Buffer) => (taken += chunk.length));
    const event = eventOf('changes', JSON.stringify('x'.repeat(1024 * 1024)));
    for (let i = 0; i < 8; i++) {
      feed.send(event);
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(slow?.destroyed).toBe(true);
    expect(quick?.destroyed).toBe(false);
    expect(taken).toBe(Buffer.byteLength(event) * 8 + 5);
    expect(feed.size).toBe(1);
    feed.close();
    await new Promise((resolve) => setImmediate(resolve));
    expect(feed.size).toBe(0);
  });

  it('a snapshot may be larger than what may wait', () => {
    const feed = new Feed();
    const browser = feed.join('x'.repeat(20 * 1024 * 1024));
    feed.send('event');
    expect(browser?.destroyed).toBe(false);
    feed.close();
  });

  it('nor may more wait than otherwise, once the snapshot is on its way', async () => {
    const feed = new Feed();
    const browser = feed.join('x'.repeat(20 * 1024 * 1024));
    browser?.read();
    for (let i = 0; i < 6; i++) feed.send('x'.repeat(1024 * 1024));
    await new Promise((resolve) => setImmediate(resolve));
    expect(feed.size).toBe(0);
  });

  it('a browser gets all tasks between two statuses, and each part is an event of its own', () => {
    const text = hello({ now: 1, namespace: 'n', lookedAt: 0 }, ['{"tasks":[1]}', '{"tasks":[2],"gone":[]}']);
    expect(text.split('\n\n')).toEqual([
      'retry: 2000',
      'event: status\ndata: {"now":1,"namespace":"n","lookedAt":0}',
      'event: snapshot\ndata: {"tasks":[1]}',
      'event: changes\ndata: {"tasks":[2],"gone":[]}',
      'event: status\ndata: {"now":1,"namespace":"n","lookedAt":0}',
      '',
    ]);
  });

  it('more than a hundred are refused', () => {
    const feed = new Feed();
    for (let i = 0; i < 100; i++) {
      expect(feed.isFull).toBe(false);
      expect(feed.join('')).toBeDefined();
    }
    expect(feed.isFull).toBe(true);
    expect(feed.join('')).toBeUndefined();
    feed.close();
  });
});

describe('a setting that is wrong is named', () => {
  const client = { workflow: {} } as Client;
  it.each<[Partial<BoardOptions>, RegExp]>([
    [{ port: 65_536 }, /^--port is 65536, but it must be an integer from 0 to 65535$/],
    [{ port: 1.5 }, /^--port is 1.5/],
    [{ host: '0.0.0.0' }, /^--host is 0\.0\.0\.0, which other machines reach, so the board needs a token: set --token/],
    [{ host: 'my host' }, /^--host is "my host", but it must be an address or a host name, without a port$/],
    [{ host: 'localhost:80' }, /without a port/],
    [{ host: '' }, /^--host is ""/],
    [{ host: '127.0.0.1:8644' }, /^--host is "127\.0\.0\.1:8644", but .* without a port$/],
    [{ allowHosts: ['http://board'] }, /^--allow-host is "http:\/\/board"/],
    ...['10.0.0.5:443', 'cafe.de:8644', '*.corp.example', 'a@b', '[::1]:80'].map((name): [object, RegExp] => [
      { allowHosts: [name] },
      /^--allow-host is .* without a port$/,
    ]),
    [{ token: `${'x'.repeat(32)}\n` }, /BOARD_TOKEN, ends with a line break: remove it$/],
    [
      { token: 'short' },
      /^--token, or TEMPORAL_MIGRATION_HUB_BOARD_TOKEN, must have at least 16 printable ASCII characters/,
    ],
    [{ token: 'a token with spaces in it' }, /without spaces/],
    [{ token: 'ein-schlüssel-mit-umlaut' }, /printable ASCII/],
    [{ prot: 1 } as never, /^the board has no option prot: did you mean port\?$/],
    [{ client: {} as never }, /^client is not a Client/],
  ])('%j: %s', (options, message) => {
    expect(() => boardSettings({ client, ...options })).toThrow(message);
  });

  it('with a token it may listen anywhere', () => {
    const token = 'x'.repeat(16);
    expect(boardSettings({ client, host: '::', token })).toMatchObject({
      host: '::',
      port: 8644,
      allowHosts: [],
      token,
    });
    expect(boardSettings({ client, host: '127.0.0.2' })).toMatchObject({ host: '127.0.0.2' });
  });
});
