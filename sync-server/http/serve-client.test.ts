import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import compression from 'compression';
import express from 'express';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createClientRoutes, inlineScriptHashes } from './serve-client.ts';

const theme = `document.documentElement.dataset.theme = 'dark';`;
const page = `<!doctype html><script>${theme}</script><script type="module" src="/assets/index-abc.js"></script>`;

describe('the built app', () => {
  let folder: string;
  let server: Server;
  const get = (path: string, headers: Record<string, string> = {}) =>
    fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`, { headers });

  beforeAll(async () => {
    // A path with a space, and one that begins with a dot: both are people's.
    folder = join(await mkdtemp(join(tmpdir(), 'http client ')), '.built');
    await mkdir(join(folder, 'assets'), { recursive: true });
    await writeFile(join(folder, 'index.html'), page);
    await writeFile(join(folder, 'assets/index-abc.js'), `console.log(${JSON.stringify('x'.repeat(5_000))})`);
    await writeFile(join(folder, 'service-worker.js'), '// worker');
    await writeFile(join(folder, 'manifest.webmanifest'), '{}');
    await writeFile(join(folder, '.secret'), 'x');
    const app = express();
    app.use(compression());
    app.use(createClientRoutes(folder));
    server = createServer(app);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterAll(async () => {
    await new Promise((resolve) => server.close(resolve));
    await rm(join(folder, '..'), { recursive: true, force: true });
  });

  it.each(['/', '/c/6b1d7c0e-64a2-5f5c-9f0a-3f1f0b8f5d11', '/sign-in', '/settings/devices'])(
    '%s gives the page, asked for anew each time',
    async (path) => {
      const answer = await get(path);
      expect(answer.status).toBe(200);
      expect(await answer.text()).toBe(page);
      expect(answer.headers.get('cache-control')).toBe('no-cache');
      // Without a Cache-Control of its own Node's fetch adds one that forbids the short answer.
      const again = await get(path, {
        'if-none-match': answer.headers.get('etag') ?? '',
        'cache-control': 'max-age=0',
      });
      expect(again.status).toBe(304);
    },
  );

  it('files named by their hash are kept for ever, and sent packed', async () => {
    const answer = await get('/assets/index-abc.js', { 'accept-encoding': 'br' });
    expect(answer.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    expect(answer.headers.get('content-encoding')).toBe('br');
    expect(answer.headers.get('content-type')).toMatch(/javascript/);
  });

  it.each([
    ['/service-worker.js', /javascript/],
    ['/manifest.webmanifest', /application\/manifest\+json/],
    ['/index.html', /text\/html/],
  ])('%s is asked for anew each time', async (path, type) => {
    const answer = await get(path);
    expect(answer.headers.get('cache-control')).toBe('no-cache');
    expect(answer.headers.get('content-type')).toMatch(type);
  });

  it.each([
    '/assets/index-old.js',
    '/assets/nothing',
    '/favicon.ico',
    '/.secret',
    '/..%2f..%2fetc%2fpasswd.txt',
    '/%00.js',
  ])('%s is not there, and no page takes its place', async (path) => {
    const answer = await get(path);
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(await answer.text()).not.toContain('<script');
  });

  it('the policy names the scripts written into the page, and no others', () => {
    expect(inlineScriptHashes(folder)).toEqual([`sha256-${createHash('sha256').update(theme).digest('base64')}`]);
    expect(inlineScriptHashes('/nowhere')).toEqual([]);
  });
});

describe('without a built app', () => {
  it('says what to do', async () => {
    const server = createServer(express().use(createClientRoutes('/nowhere')));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const answer = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    expect(answer.status).toBe(503);
    expect(await answer.text()).toContain('npm run build');
    await new Promise((resolve) => server.close(resolve));
  });
});
