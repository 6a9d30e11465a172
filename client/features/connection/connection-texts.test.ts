import { expect, test } from 'vitest';
import type { ConnectionStatus } from '#client/services/device.ts';
import { connectionText } from './connection-texts.ts';

const cases: readonly (readonly [ConnectionStatus, string])[] = [
  [{ kind: 'online' }, 'Online'],
  [{ kind: 'reconnecting' }, 'Reconnecting…'],
  [{ kind: 'offline' }, 'Offline. Changes will sync later.'],
  [{ kind: 'syncing', changes: 3 }, 'Syncing 3 changes…'],
  [{ kind: 'syncing', changes: 1 }, 'Syncing 1 change…'],
  [{ kind: 'saved' }, 'All changes saved'],
  [{ kind: 'ended', reason: 'signed-out' }, 'Signed out. Changes stay on this device.'],
];

test.each(cases)('%j reads “%s”', (status, says) => {
  expect(connectionText(status)).toBe(says);
});
