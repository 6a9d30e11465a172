import { createSyncServer } from './create-sync-server.ts';
import { readConfig } from './config.ts';
import { loadSessionSecret, takeDataFolder } from './data-folder.ts';
import { listen, localAddress, requireFreePort } from './listen.ts';
import { createLogger, type Logger } from './logger.ts';
import { createMetrics } from './metrics.ts';
import { StartupError } from './startup-error.ts';
import { openServerDatabase } from './store/open-database.ts';

/** Everything opened so far, closed in the opposite order. */
const opened: (() => Promise<unknown>)[] = [];
let ending: Promise<void> | undefined;
let logger: Logger | undefined;

/** How long an orderly end may take before the process goes anyway; milliseconds. */
const patience = 25_000;

/** Ends the process in order, once what is being opened is open. Asked twice (a terminal and a launcher both pass Ctrl+C on), it ends once. */
function end(code: number): Promise<void> {
  ending ??= (async () => {
    setTimeout(() => process.exit(code || 1), patience).unref();
    await starting.catch(() => undefined);
    for (const close of opened.reverse()) await close().catch((error: unknown) => console.error(error));
    process.exit(code);
  })();
  return ending;
}

async function start(): Promise<void> {
  const config = readConfig(process.env, process.cwd());
  logger = createLogger(config.logLevel);
  const folder = await takeDataFolder(config.dataDir);
  opened.push(() => folder.release());
  await requireFreePort(config.host, config.port);
  const { database, close } = await openServerDatabase(config, logger);
  opened.push(close);
  const sessionSecret = await loadSessionSecret(folder, config.sessionSecret);
  const syncServer = await createSyncServer({
    config,
    database,
    logger,
    sessionSecret,
    metrics: createMetrics({ process: true }),
  });
  opened.push(() => syncServer.close());
  const port = await listen(syncServer.http, config.host, config.port);
  process.stdout.write(`ChatSync+ is ready at ${config.publicUrl ?? localAddress(config.host, port)}\n`);
}

/** A fault of ours nobody caught: the state of the process is unknown, so it ends, and whoever watches it starts it anew. */
function fail(error: unknown): void {
  if (logger) logger.fatal({ err: error }, 'an error was caught by nobody; the server ends');
  else console.error(error);
  void end(1);
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void end(0));
process.on('uncaughtException', fail);
process.on('unhandledRejection', fail);
const starting = start();
try {
  await starting;
} catch (error) {
  // What the person can put right is said plainly; anything else is a fault of ours and shows where.
  console.error(error instanceof StartupError ? `ChatSync+ could not start: ${error.message}` : error);
  await end(1);
}
