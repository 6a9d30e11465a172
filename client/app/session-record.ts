/** What localStorage keeps of the session: parsed at each reading, since anything may have written there. */
import * as z from 'zod';
import { DeviceId, UserId } from '#schema/ids.ts';
import type { SignedIn } from '#client/services/session.ts';

export const SESSION_KEY = 'chatsync.session';

const SignedInRecord = z.object({
  user: UserId,
  device: DeviceId,
  name: z.string(),
  about: z.string(),
  email: z.string(),
});

/**
 * `devices`: the device's id for each account that signed in here and left its data, by email in lower case. An account that
 * comes back must come back as the same device, or what it left unsent would belong to nobody.
 */
export const SessionRecord = z.object({
  signedIn: SignedInRecord.nullable(),
  lastEmail: z.string(),
  devices: z.record(z.string(), DeviceId),
});
export interface SessionRecord {
  readonly signedIn: SignedIn | null;
  readonly lastEmail: string;
  readonly devices: Readonly<Record<string, DeviceId>>;
}

const NOBODY: SessionRecord = { signedIn: null, lastEmail: '', devices: {} };

/** The stored record; nobody is signed in where there is none, it is damaged, or storage is refused. */
export function readSessionRecord(storage: Pick<Storage, 'getItem'>): SessionRecord {
  try {
    const stored: unknown = JSON.parse(storage.getItem(SESSION_KEY) ?? 'null');
    return SessionRecord.safeParse(stored).data ?? NOBODY;
  } catch {
    return NOBODY;
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
