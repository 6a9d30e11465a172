/**
 * R11: a row that cannot be read is set aside, whole, in the table `damaged`, and hides nothing else. What can be had from the server
 * again is asked for anew: a broken row of a segment makes the segment one to be fetched, a broken relational row voids the
 * relational cursor.
 */
import type { Databases, DeviceDatabase, TableName } from './open-database.ts';

export interface Damage {
  readonly table: TableName;
  readonly key: unknown;
  readonly value: unknown;
  readonly reason: string;
}

export interface DamageReports {
  /** Notes a row that could not be read; allowed inside a transaction. */
  note(damage: Damage): void;
  /** Sets aside what was noted; outside of a transaction. */
  settle(databases: Databases): Promise<void>;
}

/** @param reported told of each row once it was set aside. */
export function createDamageReports(now: () => number, reported: (damage: Damage) => void): DamageReports {
  let noted: Damage[] = [];
  return {
    note: (damage) => void noted.push(damage),
    async settle({ relaxed }) {
      if (noted.length === 0) return;
      const damages = noted;
      noted = [];
      for (const damage of damages) {
        await setAside(relaxed, damage, now());
        reported(damage);
      }
    },
  };
}

async function setAside(db: DeviceDatabase, { table, key, value, reason }: Damage, at: number): Promise<void> {
  await db.transaction('rw', [table, 'damaged', 'segments', 'merged', 'meta'], async () => {
    if (key !== undefined) await db.table(table).delete(key as never);
    await db.damaged.add({ table, key: JSON.stringify(key) ?? '', reason, at, value });
    if (table === 'conversations' || table === 'people' || table === 'members') await askForAllRelational(db);
    if (table === 'rows' || table === 'blocks' || table === 'merged') await fetchSegmentAgain(db, key);
  });
}

async function askForAllRelational(db: DeviceDatabase): Promise<void> {
  const device = await db.meta.get('device');
  if (device?.key === 'device') await db.meta.put({ ...device, since: null });
}

/** @param key of the broken row: s, or a pair that begins with it. */
async function fetchSegmentAgain(db: DeviceDatabase, key: unknown): Promise<void> {
  const [s, block] = Array.isArray(key) ? (key as unknown[]) : [key];
  if (typeof s !== 'number') return;
  const merged = await db.merged.get(s);
  await db.segments.update(s, { present: false, needs: merged?.through ?? 0 });
  // The block is asked for no more, and the next bundle takes the place of all of them.
  if (merged && typeof block === 'number')
    await db.merged.put({ ...merged, through: 0, blocks: merged.blocks.filter(({ id }) => id !== block) });
}
