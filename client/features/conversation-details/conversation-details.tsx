import type { ConversationSummary } from '#client/services/device.ts';
import type { MemberRecord, Person, Role } from '#schema/wire/people.ts';
import { useDevice, useObservable } from '#client/services/device-context.ts';
import { Avatar } from '#client/ui/avatar.tsx';
import { IconButton } from '#client/ui/icon-button.tsx';
import { CloseIcon, PeopleIcon } from '#client/ui/icons.ts';
import { Skeleton } from '#client/ui/skeleton.tsx';
import styles from './conversation-details.module.css';
import { useMembers } from './use-members.ts';

export interface ConversationDetailsProps {
  readonly conversation: ConversationSummary;
  readonly onClose: () => void;
}

const ROLES: Readonly<Record<Role, string>> = { owner: 'Owner', admin: 'Admin', member: 'Member' };

/** What the complementary "Details" says of a conversation: who is in it, and what is known of it. */
export function ConversationDetails({ conversation, onClose }: ConversationDetailsProps) {
  const { id, title, kind, peer, pending, left, role } = conversation;
  return (
    <>
      <header className={styles.header}>
        <h2 className={styles.heading}>Details</h2>
        <IconButton label="Close details" icon={<CloseIcon />} tooltipSide="bottom" onClick={onClose} />
      </header>
      <div className={styles.body}>
        <div className={styles.identity}>
          <Avatar
            id={peer?.id ?? id}
            name={title}
            size="giant"
            icon={kind === 'group' ? <PeopleIcon size={40} /> : undefined}
          />
          <p className={styles.name}>{title}</p>
          {peer && peer.about !== '' && <p className={styles.about}>{peer.about}</p>}
        </div>
        <dl className={styles.facts}>
          <dt>Kind</dt>
          <dd>{kind === 'group' ? 'Group' : kind === 'direct' ? 'Direct conversation' : 'Notes to yourself'}</dd>
          {kind === 'group' && (
            <>
              <dt>Your role</dt>
              <dd>{left ? 'No longer a member' : ROLES[role]}</dd>
            </>
          )}
          {pending && (
            <>
              <dt>State</dt>
              <dd>Pending: the server hears of it when there is a network</dd>
            </>
          )}
        </dl>
        {kind === 'group' && <Members conversation={conversation} />}
      </div>
    </>
  );
}

function Members({ conversation }: { conversation: ConversationSummary }) {
  const device = useDevice();
  const people = useObservable(device.people);
  const me = useObservable(device.profile).id;
  const members = useMembers(conversation);
  return (
    <section>
      <h3 className={styles.section}>Members</h3>
      {members === null ? (
        <div className={styles.member} role="img" aria-label="Loading members" aria-busy="true">
          <Skeleton shape="circle" width={36} height={36} />
          <Skeleton width="50%" />
        </div>
      ) : (
        <ul aria-label="Members">
          {members.map((member) => (
            <MemberRow key={member.user} member={member} person={people.get(member.user)} own={member.user === me} />
          ))}
        </ul>
      )}
    </section>
  );
}

function MemberRow({ member, person, own }: { member: MemberRecord; person: Person | undefined; own: boolean }) {
  const name = person?.name ?? 'Somebody';
  return (
    <li className={styles.member}>
      <Avatar id={member.user} name={name} />
      <span className={styles.words}>
        <span className="truncate">{own ? `${name} (you)` : name}</span>
        {person !== undefined && person.about !== '' && <span className={styles.secondary}>{person.about}</span>}
      </span>
      {member.role !== 'member' && <span className={styles.role}>{ROLES[member.role]}</span>}
    </li>
  );
}
