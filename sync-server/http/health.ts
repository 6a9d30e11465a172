import { setTimeout as delay } from 'node:timers/promises';
import { Router } from 'express';
import type { Database } from '../store/database.ts';
import { countMigrations } from '../store/count-migrations.ts';

/** How long the database may take to answer before the server counts as not ready, in ms. */
const patience = 3_000;

/**
 * `/health/live`: the process answers. `/health/ready`: it can serve people, that is, its database answers and has the structure this version needs.
 * @param migrations the names of all migrations of this version
 */
export function createHealthRoutes(database: Database, migrations: readonly string[]): Router {
  const router = Router();
  router.get('/live', (_request, response) => void response.set('Cache-Control', 'no-store').json({ status: 'ok' }));
  router.get('/ready', async (_request, response) => {
    const problem = await whatIsWrong(database, migrations);
    response.set('Cache-Control', 'no-store').status(problem === undefined ? 200 : 503);
    response.json(problem === undefined ? { status: 'ok' } : { status: 'unavailable', problem });
  });
  return router;
}

async function whatIsWrong(database: Database, migrations: readonly string[]): Promise<string | undefined> {
  const deadline = new AbortController();
  const late = delay(patience, 'the database does not answer', { signal: deadline.signal, ref: false }).catch(
    () => undefined,
  );
  const asked = countMigrations(database, migrations).then(
    (count) => (count === migrations.length ? undefined : 'the database lacks migrations'),
    () => 'the database cannot be reached',
  );
  try {
    return await Promise.race([asked, late]);
  } finally {
    deadline.abort();
  }
}
