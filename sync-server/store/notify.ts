import type { Database, DatabaseSession, Queryable } from './database.ts';

/** Tells all sessions that listen to a channel, this server's own too. At most 7,999 bytes. */
export async function notify(database: Queryable, channel: string, payload: string): Promise<void> {
  await database.query(`SELECT pg_notify($1, $2)`, [channel, payload], 'notify');
}

/** Listens to a channel on a connection of its own. The caller releases it. */
export async function listen(
  database: Database,
  channel: string,
  heard: (payload: string) => void,
): Promise<DatabaseSession> {
  const session = await database.session();
  session.onNotification((on, payload) => {
    if (on === channel) heard(payload);
  });
  try {
    // Identifiers cannot be parameters; the channel is a constant of the code.
    await session.query(`LISTEN ${channel}`);
    return session;
  } catch (error) {
    session.release();
    throw error;
  }
}
