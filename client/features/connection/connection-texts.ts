import type { ConnectionStatus } from '#client/services/device.ts';

/** The connection in words: the four texts of experience.md §6, and what is said where the server ended it for good. */
export function connectionText(status: ConnectionStatus): string {
  switch (status.kind) {
    case 'online':
      return 'Online';
    case 'reconnecting':
      return 'Reconnecting…';
    case 'offline':
      return 'Offline. Changes will sync later.';
    case 'syncing':
      return status.changes === 1 ? 'Syncing 1 change…' : `Syncing ${status.changes} changes…`;
    case 'saved':
      return 'All changes saved';
    case 'ended':
      return ENDED[status.reason];
  }
}

const ENDED = {
  'signed-out': 'Signed out. Changes stay on this device.',
  'update-needed': 'Update needed. Changes stay on this device.',
  refused: 'Refused by the server. Changes stay on this device.',
} as const;
