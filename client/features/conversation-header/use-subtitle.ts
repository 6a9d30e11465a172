import { useEffect, useState } from 'react';
import type { ConversationSummary } from '#client/services/device.ts';
import { useDevice, useObservable } from '#client/services/device-context.ts';

/** The line under the title: what is unusual, else who it is. Null: nothing to say. */
export function useSubtitle(conversation: ConversationSummary): string | null {
  const { kind, peer, pending, left } = conversation;
  const members = useMemberCount(conversation);
  if (left) return 'You are no longer a member';
  if (pending) return 'Pending: the server does not know it yet';
  if (kind === 'group')
    return members === null || members === 0 ? null : members === 1 ? 'Only you' : `${members} members`;
  if (kind === 'self') return 'Only you see this';
  return peer?.about ? peer.about : null;
}

/** How many people are in a group; null while it is not known, and for what is no group. */
function useMemberCount({ id, kind, pending }: ConversationSummary): number | null {
  const device = useDevice();
  const people = useObservable(device.people);
  const [count, setCount] = useState<number | null>(null);
  useEffect(() => {
    if (kind !== 'group') {
      setCount(null);
      return undefined;
    }
    let current = true;
    device.members(id).then(
      (members) => {
        if (current) setCount(members.filter((member) => !member.left).length);
      },
      () => undefined,
    );
    return () => {
      current = false;
    };
    // Whoever joins becomes known, and the server's answer ends what is pending: both are times to look again.
  }, [device, id, kind, pending, people]);
  return count;
}
