/** The replicas granted to this device (P1). Which tab writes with which is a Web Lock's business (P2). */
import type { ReplicaId } from '#schema/ids.ts';
import { ReplicaRow } from './database-rows.ts';
import { parsed, parsedAll } from './read-rows.ts';
import { read, write, type StoreContext } from './store-context.ts';

export async function replicas(context: StoreContext): Promise<ReplicaRow[]> {
  return read(context, ['replicas'], async (transaction) =>
    parsedAll(transaction, 'replicas', ReplicaRow, await transaction.db.replicas.toArray(), (row) => row['replica']),
  );
}

/** Notes granted replicas; strict, since a replica forgotten is one lost. */
export async function addReplicas(context: StoreContext, granted: readonly ReplicaId[]): Promise<void> {
  await write(context, 'strict', ['replicas'], async (transaction) => {
    for (const replica of granted) {
      const known = parsed(transaction, 'replicas', replica, ReplicaRow, await transaction.db.replicas.get(replica));
      if (!known) await transaction.db.replicas.put({ replica, retired: false });
    }
    transaction.tell({ what: 'device' });
  });
}

export async function retireReplica(context: StoreContext, replica: ReplicaId): Promise<void> {
  await write(context, 'strict', ['replicas'], async ({ db, tell }) => {
    await db.replicas.put({ replica, retired: true });
    tell({ what: 'device' });
  });
}
