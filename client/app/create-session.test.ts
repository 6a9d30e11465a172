import { describe, expect, test } from 'vitest';
import { Refusal } from '#schema/errors.ts';
import type { DeviceIntroduction, Me } from '#schema/http/accounts.ts';
import type { UserId } from '#schema/ids.ts';
import { createSession, type SessionApi } from './create-session.ts';
import { SESSION_KEY } from './session-record.ts';

const ANA = '00000000-0000-4000-8000-000000000001' as UserId;

/** localStorage of one browser profile, with tabs that hear of each other's writes. */
function makeProfile() {
  const values = new Map<string, string>();
  const tabs: EventTarget[] = [];
  return {
    values,
    openTab() {
      const events = new EventTarget();
      tabs.push(events);
      const storage = {
        getItem: (key: string) => values.get(key) ?? null,
        setItem: (key: string, value: string) => {
          values.set(key, value);
          for (const tab of tabs) if (tab !== events) tab.dispatchEvent(Object.assign(new Event('storage'), { key }));
        },
      };
      return { storage, events };
    },
  };
}

function makeSession(
  tab: { storage: Pick<Storage, 'getItem' | 'setItem'>; events: EventTarget },
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
    storage: tab.storage,
    storageEvents: tab.events,
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
    await makeSession(profile.openTab()).session.signIn('ana@example.org', 'correct horse');
    const again = makeSession(profile.openTab()).session;
    expect(again.current.get()).toMatchObject({ user: ANA, name: 'Ana' });
  });

  test('ends in every tab at once', async () => {
    const profile = makeProfile();
    const one = makeSession(profile.openTab()).session;
    await one.signIn('ana@example.org', 'correct horse');
    const other = makeSession(profile.openTab()).session;
    one.end(false);
    expect(other.current.get()).toBeNull();
  });

  test('comes back as the same device when its data was kept, and as a new one when it was erased', async () => {
    const profile = makeProfile();
    const { session, introduced } = makeSession(profile.openTab());
    await session.signIn('ana@example.org', 'correct horse');
    session.end(false);
    expect(session.lastEmail).toBe('Ana@example.org');
    await session.signIn('ANA@example.org ', 'correct horse');
    session.end(true);
    expect(session.lastEmail).toBe('');
    await session.signIn('ana@example.org', 'correct horse');
    const [first, second, third] = introduced;
    expect(second).toBe(first);
    expect(third).not.toBe(first);
  });

  test('takes a new device id when the old one belongs to another account', async () => {
    const profile = makeProfile();
    const tab = profile.openTab();
    await makeSession(tab).session.signIn('ana@example.org', 'correct horse');
    const { session, introduced } = makeSession(tab, (device) => {
      if (introduced.length === 1) throw new Refusal('already-different');
      return welcome(device);
    });
    session.end(false);
    await session.signIn('ana@example.org', 'correct horse');
    expect(introduced).toHaveLength(2);
    expect(session.current.get()?.device).toBe(introduced[1]);
  });

  test('passes a refusal on and stays signed out', async () => {
    const { session } = makeSession(makeProfile().openTab(), () => {
      throw new Refusal('wrong-credentials');
    });
    await expect(session.signIn('ana@example.org', 'wrong')).rejects.toMatchObject({ code: 'wrong-credentials' });
    expect(session.current.get()).toBeNull();
  });

  test.each(['', 'not json', '{"signedIn":{"user":"somebody"}}', '[]'])(
    'is nobody’s when the record is damaged: %j',
    (stored) => {
      const profile = makeProfile();
      profile.values.set(SESSION_KEY, stored);
      expect(makeSession(profile.openTab()).session.current.get()).toBeNull();
    },
  );
});
