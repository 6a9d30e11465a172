/**
 * What localStorage keeps of the session: parsed at each reading, since anything may have written there. By hand: it is read before the
 * first paint, and the parser of everything else would be a quarter of the first script.
 */
import { isObject, isUuid } from '#schema/hand-checks.ts';
import type { DeviceId, UserId } from '#schema/ids.ts';
import type { SignedIn } from '#client/services/session.ts';

export const SESSION_KEY = 'chatsync.session';

/**
 * `revision` rises with each change: the higher of two records is right. `devices`: the device's id for each account that signed in here and left its data, by email in lower case. An account that
 * comes back must come back as the same device, or what it left unsent would belong to nobody.
 */
export interface SessionRecord {
  readonly revision: number;
  readonly signedIn: SignedIn | null;
  readonly lastEmail: string;
  readonly devices: Readonly<Record<string, DeviceId>>;
}

/** Before anybody signed in here. */
export const NOBODY: SessionRecord = { revision: 0, signedIn: null, lastEmail: '', devices: {} };

/** The stored record; null where there is none, it is damaged, or storage is refused. */
export function readSessionRecord(storage: Pick<Storage, 'getItem'>): SessionRecord | null {
  try {
    return parseSessionRecord(JSON.parse(storage.getItem(SESSION_KEY) ?? 'null'));
  } catch {
    return null;
  }
}

/** Stores the record. False: the browser refused, and the session holds for this page alone. */
export function writeSessionRecord(storage: Pick<Storage, 'setItem'>, record: SessionRecord): boolean {
  try {
    storage.setItem(SESSION_KEY, JSON.stringify(record));
    return true;
  } catch {
    return false;
  }
}

/** Null where anything of it is not as it was written. */
export function parseSessionRecord(value: unknown): SessionRecord | null {
  if (!isObject(value) || typeof value['lastEmail'] !== 'string' || !isObject(value['devices'])) return null;
  const revision = value['revision'];
  if (typeof revision !== 'number') return null;
  const devices: Record<string, DeviceId> = {};
  for (const [email, id] of Object.entries(value['devices'])) {
    if (!isUuid(id)) return null;
    devices[email] = id as DeviceId;
  }
  const signedIn = value['signedIn'] === null ? null : parseSignedIn(value['signedIn']);
  return signedIn === undefined ? null : { revision, signedIn, lastEmail: value['lastEmail'], devices };
}

function parseSignedIn(value: unknown): SignedIn | undefined {
  if (!isObject(value)) return undefined;
  const { user, device, name, about, email } = value;
  if (!isUuid(user) || !isUuid(device)) return undefined;
  if (typeof name !== 'string' || typeof about !== 'string' || typeof email !== 'string') return undefined;
  return { user: user as UserId, device: device as DeviceId, name, about, email };
}
