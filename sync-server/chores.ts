import { keyLifetime } from './http/run-command.ts';
import type { Logger } from './logger.ts';
import { forgetAnswers } from './store/command-answers.ts';
import type { Database } from './store/database.ts';

/** How often, in ms. */
const interval = 3_600_000;

/** What is done now and then: forgets the answers of old commands. */
export function startChores(database: Database, logger: Logger): { close(): Promise<void> } {
  let running = Promise.resolve();
  const timer = setInterval(() => {
    running = forgetAnswers(database, keyLifetime).then(
      (forgotten) => logger.debug({ forgotten }, 'answers of old commands were forgotten'),
      (error: unknown) => logger.warn({ err: error }, 'answers of old commands could not be forgotten'),
    );
  }, interval);
  timer.unref();
  return {
    close() {
      clearInterval(timer);
      return running;
    },
  };
}
