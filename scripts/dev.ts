/** `npm run dev`: database, server with reload, app with reload, seeded people. Ctrl+C ends all of it. */
import { createServer as createVite } from 'vite';
import { readConfig } from '#server/config.ts';
import { createLogger } from '#server/logger.ts';
import { StartupError } from '#server/startup-error.ts';
import { openDevDatabase } from './dev/dev-database.ts';
import { freePort } from './dev/free-port.ts';
import { startWatchedServer } from './dev/watched-server.ts';
import { SEED_PASSWORD, SEED_PEOPLE } from './seed/people.ts';
import { seed } from './seed/seed.ts';

/** Everything opened so far, closed in the opposite order. */
const opened: (() => Promise<unknown>)[] = [];
let ending: Promise<void> | undefined;

function end(code: number): Promise<void> {
  ending ??= (async () => {
    for (const close of opened.reverse()) await close().catch((error: unknown) => console.error(error));
    process.exit(code);
  })();
  return ending;
}

async function start(): Promise<void> {
  const config = readConfig(process.env, process.cwd());
  const { database, serverDataDir, close } = await openDevDatabase(config, createLogger('warn'));
  opened.push(close);
  await seed(database, Date.now());

  const port = await freePort(config.port);
  // vite.config.ts reads where to pass requests on to.
  process.env['PORT'] = String(port);
  const server = startWatchedServer({
    HOST: '127.0.0.1',
    PORT: String(port),
    DATA_DIR: serverDataDir,
    DATABASE_URL: database.url,
  });
  opened.push(() => server.stop());
  void server.ended.then((code) => end(code ?? 1));

  const vite = await createVite();
  opened.push(() => vite.close());
  await vite.listen();
  console.log(invitation(vite.resolvedUrls?.local[0] ?? 'the address above'));
}

function invitation(address: string): string {
  const people = Object.values(SEED_PEOPLE).map(({ name, email }) => `  ${email.padEnd(22)} ${name}`);
  return [
    `\nThe app, with reload, is at ${address}`,
    `Sign in as one of these, with the password ${SEED_PASSWORD}`,
    ...people,
    'Ctrl+C ends everything.\n',
  ].join('\n');
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void end(0));
try {
  await start();
} catch (error) {
  console.error(error instanceof StartupError ? `ChatSync+ could not start: ${error.message}` : error);
  await end(1);
}
