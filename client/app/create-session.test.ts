import { IDBFactory } from 'fake-indexeddb';
import { describe, expect, test, vi } from 'vitest';
import { Refusal } from '#schema/errors.ts';
import type { DeviceIntroduction, Me } from '#schema/http/accounts.ts';
import type { UserId } from '#schema/ids.ts';
import { createSession, type SessionApi } from './create-session.ts';
import { SESSION_KEY } from './session-record.ts';
import { openSessionVault, type SessionVault } from './session-vault.ts';

const ANA = '00000000-0000-4000-8000-000000000001' as UserId;

/** One browser profile: localStorage with tabs that hear of each other's writes, and IndexedDB. */
function makeProfile() {
  const values = new Map<string, string>();
  const databases = new IDBFactory();
  const tabs: EventTarget[] = [];
  return {
    values,
    databases,
    openTab() {
      const events = new EventTarget();
      tabs.push(events);
      const storage = {
        getItem: (key: string) => values.get(key) ?? null,
        setItem: (key: string, value: string) => {
          values.set(key, value);
          for (const tab of tabs) if (tab !== events) tab.dispatchEvent(Object.assign(new Event('storage'), { key }));
        },
        removeItem: (key: string) => void values.delete(key),
      };
      return { vault: openSessionVault(storage, databases), events };
    },
  };
}

async function makeSession(
  { vault, events }: { vault: SessionVault; events: EventTarget },
  answer: (device: DeviceIntroduction) => Me = welcome,
) {
  const introduced: string[] = [];
  const enter = async ({ device }: { device: DeviceIntroduction }) => {
    introduced.push(device.id);
    return answer(device);
  };
  const api: SessionApi = { signIn: enter, signUp: enter };
  let ids = 0;
  const session = createSession({
    vault,
    start: vault.atHand ?? (await vault.read()),
    storageEvents: events,
    deviceName: 'Firefox on Linux',
    newId: () => `20000000-0000-4000-8000-00000000000${++ids}`,
    entered: () => undefined,
    api: () => Promise.resolve(api),
  });
  return { session, introduced };
}

function welcome(device: DeviceIntroduction): Me {
  return { user: { id: ANA, name: 'Ana', about: '', email: 'Ana@example.org' }, device: device.id };
}

describe('the session', () => {
  test('is known again after a restart without asking anybody', async () => {
    const profile = makeProfile();
    await (await makeSession(profile.openTab())).session.signIn('ana@example.org', 'correct horse');
    const again = (await makeSession(profile.openTab())).session;
    expect(again.current.get()).toMatchObject({ user: ANA, name: 'Ana' });
  });

  test('survives a killed browser that lost what localStorage had not written yet', async () => {
    const profile = makeProfile();
    await (await makeSession(profile.openTab())).session.signIn('ana@example.org', 'correct horse');
    profile.values.clear();
    const again = (await makeSession(profile.openTab())).session;
    expect(again.current.get()).toMatchObject({ user: ANA });
  });

  test('stays ended when a killed browser lost the end: the newer record is right', async () => {
    const profile = makeProfile();
    const { session } = await makeSession(profile.openTab());
    await session.signIn('ana@example.org', 'correct horse');
    const lost = profile.values.get(SESSION_KEY) ?? '';
    await session.end(false);
    profile.values.set(SESSION_KEY, lost);
    const again = (await makeSession(profile.openTab())).session;
    expect(again.current.get()).not.toBeNull();
    await vi.waitFor(() => expect(again.current.get()).toBeNull());
  });

  test('works in a browser without IndexedDB, on localStorage alone', async () => {
    const { vault, events } = makeProfile().openTab();
    const values = new Map<string, string>();
    const storage = {
      getItem: (key: string) => values.get(key) ?? null,
      setItem: (key: string, value: string) => void values.set(key, value),
      removeItem: (key: string) => void values.delete(key),
    };
    expect(await vault.read()).toBeNull();
    const { session } = await makeSession({ vault: openSessionVault(storage, undefined), events });
    await session.signIn('ana@example.org', 'correct horse');
    const again = (await makeSession({ vault: openSessionVault(storage, undefined), events })).session;
    expect(again.current.get()).toMatchObject({ user: ANA });
  });

  test('ends in every tab at once', async () => {
    const profile = makeProfile();
    const one = (await makeSession(profile.openTab())).session;
    await one.signIn('ana@example.org', 'correct horse');
    const other = (await makeSession(profile.openTab())).session;
    await one.end(false);
    expect(other.current.get()).toBeNull();
  });

  test('comes back as the same device when its data was kept, and as a new one when it was erased', async () => {
    const { session, introduced } = await makeSession(makeProfile().openTab());
    await session.signIn('ana@example.org', 'correct horse');
    await session.end(false);
    expect(session.lastEmail).toBe('Ana@example.org');
    await session.signIn('ANA@example.org ', 'correct horse');
    await session.end(true);
    expect(session.lastEmail).toBe('');
    await session.signIn('ana@example.org', 'correct horse');
    const [first, second, third] = introduced;
    expect(second).toBe(first);
    expect(third).not.toBe(first);
  });

  test('takes a new device id when the old one belongs to another account', async () => {
    const tab = makeProfile().openTab();
    await (await makeSession(tab)).session.signIn('ana@example.org', 'correct horse');
    const { session, introduced } = await makeSession(tab, (device) => {
      if (introduced.length === 1) throw new Refusal('already-different');
      return welcome(device);
    });
    await session.end(false);
    await session.signIn('ana@example.org', 'correct horse');
    expect(introduced).toHaveLength(2);
    expect(session.current.get()?.device).toBe(introduced[1]);
  });

  test('passes a refusal on and stays signed out', async () => {
    const { session } = await makeSession(makeProfile().openTab(), () => {
      throw new Refusal('wrong-credentials');
    });
    await expect(session.signIn('ana@example.org', 'wrong')).rejects.toMatchObject({ code: 'wrong-credentials' });
    expect(session.current.get()).toBeNull();
  });

  test.each(['', 'not json', '{"revision":1,"signedIn":{"user":"somebody"},"lastEmail":"","devices":{}}', '[]'])(
    'is nobody’s when the record is damaged: %j',
    async (stored) => {
      const profile = makeProfile();
      profile.values.set(SESSION_KEY, stored);
      expect((await makeSession(profile.openTab())).session.current.get()).toBeNull();
    },
  );
});
