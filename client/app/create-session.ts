import { Refusal } from '#schema/errors.ts';
import type { DeviceIntroduction, Me } from '#schema/http/accounts.ts';
import type { DeviceId } from '#schema/ids.ts';
import { createSubject } from '#client/services/create-subject.ts';
import type { Session, SignedIn } from '#client/services/session.ts';
import { NOBODY, SESSION_KEY, type SessionRecord } from './session-record.ts';
import type { SessionVault } from './session-vault.ts';

export interface SessionDeps {
  readonly vault: SessionVault;
  /** What the vault holds, as far as it is known at the start. */
  readonly start: SessionRecord | null;
  /** Where other tabs' changes of localStorage are told: the window. */
  readonly storageEvents: Pick<EventTarget, 'addEventListener'>;
  /** What this device is called in the person's list of devices. */
  readonly deviceName: string;
  readonly newId: () => string;
  /** Somebody came in: what the server was still to be told of the session before is void. */
  readonly entered: () => void;
  /** The requests, loaded when they are needed: a person who is signed in never needs them. */
  readonly api: () => Promise<SessionApi>;
}

/** The two requests that make a session. Each throws a Refusal, or Unreachable. */
export interface SessionApi {
  signIn(request: { email: string; password: string; device: DeviceIntroduction }): Promise<Me>;
  signUp(request: { name: string; email: string; password: string; device: DeviceIntroduction }): Promise<Me>;
}

/** The session of this browser profile. It begins with what is at hand, and corrects itself where the disk knows better. */
export function createSession({ vault, start, storageEvents, deviceName, newId, entered, api }: SessionDeps): Session {
  let record = start ?? NOBODY;
  const current = createSubject<SignedIn | null>(record.signedIn);

  /** Takes over a record that came from elsewhere. */
  const follow = (next: SessionRecord) => {
    record = next;
    const before = current.get();
    // The same person and device in a new object is no news, and must not build the app anew.
    if (before?.user !== next.signedIn?.user || before?.device !== next.signedIn?.device) current.set(next.signedIn);
  };
  const keep = async (change: Omit<SessionRecord, 'revision'>) => {
    const next = { ...change, revision: record.revision + 1 };
    await vault.write(next);
    record = next;
    current.set(next.signedIn);
  };

  storageEvents.addEventListener('storage', (event) => {
    const key = (event as StorageEvent).key;
    if (key === SESSION_KEY || key === null) follow(vault.atHand ?? NOBODY);
  });
  // A browser that was killed may have lost the last change of localStorage: signing in, or signing out.
  void vault.read().then((kept) => {
    if (kept && kept.revision > record.revision) follow(kept);
  });

  /** Introduces the device under the id it has for this account; under a new one when that belongs to another account. */
  async function enter(email: string, request: (device: DeviceIntroduction) => Promise<Me>): Promise<void> {
    const account = email.trim().toLowerCase();
    const known = record.devices[account];
    const introduce = (id: string) => request({ id: id as DeviceId, name: deviceName });
    let me: Me;
    let asked = known ?? newId();
    try {
      me = await introduce(asked);
    } catch (error) {
      if (known === undefined || !(error instanceof Refusal) || error.code !== 'already-different') throw error;
      asked = newId();
      me = await introduce(asked);
    }
    entered();
    const device = me.device ?? (asked as DeviceId);
    const { id, name, about, email: ownEmail } = me.user;
    await keep({
      signedIn: { user: id, device, name, about, email: ownEmail },
      lastEmail: ownEmail,
      devices: { ...record.devices, [account]: device },
    });
  }

  return {
    current,
    get lastEmail() {
      return record.lastEmail;
    },
    async signIn(email, password) {
      const requests = await api();
      await enter(email, (device) => requests.signIn({ email: email.trim(), password, device }));
    },
    async signUp(name, email, password) {
      const requests = await api();
      await enter(email, (device) => requests.signUp({ name: name.trim(), email: email.trim(), password, device }));
    },
    async end(erase) {
      const account = record.signedIn?.email.toLowerCase();
      const kept = Object.entries(record.devices).filter(([email]) => !erase || email !== account);
      await keep({ signedIn: null, lastEmail: erase ? '' : record.lastEmail, devices: Object.fromEntries(kept) });
    },
  };
}
