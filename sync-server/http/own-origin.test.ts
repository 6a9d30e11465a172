import { IncomingMessage, type IncomingHttpHeaders } from 'node:http';
import { Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { createOriginCheck, hostOf, type OriginOptions } from './own-origin.ts';

const request = (headers: IncomingHttpHeaders): IncomingMessage =>
  Object.assign(new IncomingMessage(new Socket()), { headers });
const anyAddress: OriginOptions = { publicUrl: undefined, trustProxy: 0 };
const known: OriginOptions = { publicUrl: 'https://chat.example.org', trustProxy: 1 };

describe('the origin of a request', () => {
  it.each<[OriginOptions, IncomingHttpHeaders, boolean]>([
    [anyAddress, { host: 'localhost:3000' }, true],
    [anyAddress, { host: 'localhost:3000', origin: 'http://localhost:3000' }, true],
    [anyAddress, { host: 'LOCALHOST:3000', origin: 'http://localhost:3000' }, true],
    [anyAddress, { host: 'chat.local', origin: 'https://chat.local' }, true],
    [anyAddress, { host: '[::1]:3000', origin: 'http://[::1]:3000' }, true],
    [anyAddress, { host: 'localhost:3000', origin: 'http://localhost:5173' }, false],
    [anyAddress, { host: 'localhost:3000', origin: 'null' }, false],
    [anyAddress, { host: 'localhost:3000', origin: 'file://' }, false],
    [anyAddress, { host: 'a b', origin: 'http://a b' }, false],
    [anyAddress, { origin: 'http://localhost:3000' }, false],
    [anyAddress, { host: 'a', 'x-forwarded-host': 'b', origin: 'http://b' }, false],
    [{ ...anyAddress, trustProxy: 1 }, { host: 'a', 'x-forwarded-host': 'b', origin: 'http://b' }, true],
    [known, { host: '127.0.0.1:3000', origin: 'https://chat.example.org' }, true],
    [known, { host: 'chat.example.org', origin: 'http://chat.example.org' }, false],
    [known, { host: '127.0.0.1:3000', origin: 'http://127.0.0.1:3000' }, false],
    [known, { host: 'chat.example.org', origin: 'https://chat.example.org.evil.example' }, false],
    [known, { 'sec-fetch-site': 'none' }, true],
    [known, { origin: 'https://chat.example.org', 'sec-fetch-site': 'same-origin' }, true],
    [known, { origin: 'https://chat.example.org', 'sec-fetch-site': 'cross-site' }, false],
    [known, { 'sec-fetch-site': 'same-site' }, false],
  ])('%j, %j: %s', (options, headers, allowed) => {
    expect(createOriginCheck(options)(request(headers))).toBe(allowed);
  });

  it.each([
    ['localhost:3000', 'localhost:3000'],
    ['Chat.Example.org', 'chat.example.org'],
    ['[2001:db8::1]:80', '[2001:db8::1]:80'],
    ['x; script-src *', undefined],
    ["x' y", undefined],
    ['', undefined],
  ])('the host %j is read as %j', (host, expected) => {
    expect(hostOf(request({ host }), anyAddress)).toBe(expected);
  });
});
