import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { readConfig, settingNames } from './config.ts';

test('with an empty environment every setting has its default', () => {
  expect(readConfig({}, '/srv/chat')).toMatchObject({
    host: '127.0.0.1',
    port: 3000,
    publicUrl: undefined,
    dataDir: '/srv/chat/data',
    database: { kind: 'embedded' },
    logLevel: 'warn',
    trustProxy: 0,
    sessionSecret: undefined,
  });
});

test('what is given is taken, and an empty variable counts as absent', () => {
  const config = readConfig(
    {
      PORT: '0',
      HOST: '',
      PUBLIC_URL: 'https://chat.example.org/',
      DATA_DIR: '/var/chat',
      DATABASE_URL: 'postgres://a:b@db/chat',
      DATABASE_POOL_SIZE: '5',
    },
    '/srv',
  );
  expect(config).toMatchObject({
    port: 0,
    host: '127.0.0.1',
    publicUrl: 'https://chat.example.org',
    dataDir: '/var/chat',
  });
  expect(config.database).toEqual({ kind: 'external', url: 'postgres://a:b@db/chat', poolSize: 5 });
});

test.each([
  [{ PORT: '70000' }, 'PORT must be a whole number from 0 to 65535'],
  [{ PORT: 'http' }, 'PORT must be a whole number from 0 to 65535'],
  [{ PUBLIC_URL: 'chat.example.org' }, 'PUBLIC_URL must look like https://chat.example.org'],
  [{ PUBLIC_URL: 'https://example.org/chat' }, 'PUBLIC_URL must be an address without a path'],
  [{ DATABASE_URL: 'mysql://db/chat' }, 'DATABASE_URL must look like postgres://'],
  [{ LOG_LEVEL: 'loud' }, 'LOG_LEVEL must be one of silent, error, warn'],
  [{ SESSION_SECRET: 'short' }, 'SESSION_SECRET must have at least 32 characters'],
])('%o is refused, naming the variable and what it must be', (environment, message) => {
  expect(() => readConfig(environment, '/srv')).toThrow(message);
});

test('all that is wrong is said at once', () => {
  expect(() => readConfig({ PORT: '-1', LOG_LEVEL: 'loud' }, '/srv')).toThrow(/PORT must[^]*LOG_LEVEL must/);
});

test('.env.example lists every setting, and its values are the defaults', async () => {
  const example = await readFile(new URL('../.env.example', import.meta.url), 'utf8');
  const listed = [...example.matchAll(/^(?:# )?([A-Z_]+)=(.*)$/gm)];
  expect(new Set(listed.map(([, name]) => name))).toEqual(new Set(settingNames));
  const given = example
    .split('\n')
    .filter((line) => /^[A-Z_]+=/.test(line))
    .map((line) => line.split('=', 2));
  expect(readConfig(Object.fromEntries(given) as Record<string, string>, '/srv')).toEqual(readConfig({}, '/srv'));
});
