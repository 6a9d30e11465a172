import { createSyncServer } from './create-sync-server.ts';
import { readConfig } from './config.ts';
import { loadSessionSecret, takeDataFolder } from './data-folder.ts';
import { listen, localAddress, requireFreePort } from './listen.ts';
import { createLogger } from './logger.ts';
import { StartupError } from './startup-error.ts';
import { openServerDatabase } from './store/open-database.ts';

/** Everything opened so far, closed in the opposite order. */
const opened: (() => Promise<unknown>)[] = [];
let ending: Promise<void> | undefined;

/** How long an orderly end may take before the process goes anyway; milliseconds. */
const patience = 25_000;

/** Ends the process in order. Asked twice (a terminal and a launcher both pass Ctrl+C on), it ends once. */
function end(code: number): Promise<void> {
  ending ??= (async () => {
    setTimeout(() => process.exit(code || 1), patience).unref();
    for (const close of opened.reverse()) await close().catch((error: unknown) => console.error(error));
    process.exit(code);
  })();
  return ending;
}

async function start(): Promise<void> {
  const config = readConfig(process.env, process.cwd());
  const logger = createLogger(config.logLevel);
  const folder = await takeDataFolder(config.dataDir);
  opened.push(() => folder.release());
  await requireFreePort(config.host, config.port);
  const { database, close } = await openServerDatabase(config, logger);
  opened.push(close);
  const sessionSecret = await loadSessionSecret(folder, config.sessionSecret);
  const syncServer = await createSyncServer({ config, database, logger, sessionSecret });
  opened.push(() => syncServer.close());
  const port = await listen(syncServer.http, config.host, config.port);
  process.stdout.write(`ChatSync+ is ready at ${config.publicUrl ?? localAddress(config.host, port)}\n`);
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void end(0));
try {
  await start();
} catch (error) {
  // What the person can put right is said plainly; anything else is a fault of ours and shows where.
  console.error(error instanceof StartupError ? `ChatSync+ could not start: ${error.message}` : error);
  await end(1);
}
