import { useEffect, useState } from 'react';
import type { ConversationSummary } from '#client/services/device.ts';
import type { MemberRecord, Role } from '#schema/wire/people.ts';
import { useDevice, useObservable } from '#client/services/device-context.ts';

const RANK: Readonly<Record<Role, number>> = { owner: 0, admin: 1, member: 2 };

/** Who is in a conversation now: owners and admins first, then by name. Null while it is read. */
export function useMembers({ id, pending }: ConversationSummary): readonly MemberRecord[] | null {
  const device = useDevice();
  const people = useObservable(device.people);
  const [members, setMembers] = useState<readonly MemberRecord[] | null>(null);
  useEffect(() => {
    let current = true;
    const name = (member: MemberRecord) => people.get(member.user)?.name ?? '';
    const byRank = (one: MemberRecord, other: MemberRecord) =>
      RANK[one.role] - RANK[other.role] || name(one).localeCompare(name(other));
    device.members(id).then(
      (all) => {
        if (current) setMembers(all.filter((member) => !member.left).sort(byRank));
      },
      () => undefined,
    );
    return () => {
      current = false;
    };
  }, [device, id, pending, people]);
  return members;
}
