/** `npm run import`: see `usage` in import/parse-args.ts. */
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { Refusal } from '#schema/errors.ts';
import { readConfig } from '#server/config.ts';
import { createLogger } from '#server/logger.ts';
import { createMetrics } from '#server/metrics.ts';
import { createWriter } from '#server/relay/create-writer.ts';
import { StartupError } from '#server/startup-error.ts';
import { openCommandDatabase } from '#server/store/open-database.ts';
import { importFile, ImportProblem, type ImportSummary } from './import/import-file.ts';
import { parseArguments, usage, type ImportArguments } from './import/parse-args.ts';
import { createScreen, tell } from './import/screen.ts';

/** What the exit code says. */
const EXIT = { done: 0, failed: 1, usage: 2, badLines: 3, stopped: 130 } as const;
/** A second Ctrl+C within this time is the same one: the terminal and the launcher both pass it on. ms */
const sameSignal = 1_000;

async function run({ file, title, into }: ImportArguments, stop: AbortSignal): Promise<ImportSummary> {
  // npm runs in the project's folder; the file is meant from where the person stands.
  const path = resolve(process.env['INIT_CWD'] ?? process.cwd(), file);
  const size = await stat(path).catch(() => undefined);
  if (!size?.isFile()) throw new ImportProblem(`there is no file ${path}.`);
  const config = readConfig(process.env, process.cwd());
  const logger = createLogger('error');
  const { database, close } = await openCommandDatabase(config, logger);
  const screen = createScreen(process.stderr, size.size, Date.now);
  try {
    const relay = await createWriter({ database, logger, metrics: createMetrics({ process: false }), now: Date.now });
    try {
      const chunks = createReadStream(path);
      return await importFile({ database, relay, now: Date.now, report: screen }, { chunks, title, into, stop });
    } finally {
      await relay.close();
    }
  } finally {
    screen.end();
    await close();
  }
}

function stopOnSignals(): AbortSignal {
  const stop = new AbortController();
  let first = 0;
  const onSignal = (): void => {
    if (first === 0) process.stderr.write('\nStopping after this batch. Again: at once.\n');
    // Nothing is half done at any moment, so there is nothing to wait for.
    else if (Date.now() - first > sameSignal) process.exit(EXIT.stopped);
    first ||= Date.now();
    stop.abort();
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, onSignal);
  return stop.signal;
}

const parsed = parseArguments(process.argv.slice(2));
if ('wrong' in parsed) {
  console.error(`${parsed.wrong}\n\n${usage}`);
  process.exit(EXIT.usage);
}
try {
  const summary = await run(parsed, stopOnSignals());
  console.log(
    `${summary.complete ? 'Done' : 'Stopped; run it again to go on'}: ${tell(summary)}. The group: /c/${summary.conversation}`,
  );
  process.exitCode = !summary.complete ? EXIT.stopped : summary.bad > 0 ? EXIT.badLines : EXIT.done;
} catch (error) {
  const known = error instanceof ImportProblem || error instanceof StartupError || error instanceof Refusal;
  console.error(known ? `The import cannot go on: ${error.message}` : error);
  process.exitCode = EXIT.failed;
}
