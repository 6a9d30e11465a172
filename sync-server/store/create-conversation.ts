import { Refusal } from '#schema/errors.ts';
import type { ConversationId, UserId } from '#schema/ids.ts';
import type { ConversationKind, Role } from '#schema/wire/people.ts';
import type { Queryable } from './database.ts';
import { requireUsers } from './require-users.ts';

/** A conversation to be. */
export interface NewConversation {
  readonly id: ConversationId;
  readonly kind: ConversationKind;
  /** Empty unless it is a group. */
  readonly title: string;
  readonly createdBy: UserId;
  /** Besides its creator. */
  readonly others: readonly UserId[];
}

/** Only groups have a hierarchy: in a direct conversation nobody may delete what the other wrote (D6). */
const creatorsRole: Readonly<Record<ConversationKind, Role>> = { group: 'owner', direct: 'member', self: 'owner' };

/**
 * Creates a conversation, unless it is there: the id of a direct or self conversation follows from its people, and a device that
 * creates its group again means the same one. Whoever comes second at the same moment waits here for the first, then finds it.
 * @returns whether it was created now
 * @throws Refusal `not-found` if one of the people does not exist; `already-different` if the id is another conversation's
 */
export async function createConversation(transaction: Queryable, wanted: NewConversation): Promise<boolean> {
  const others = [...new Set(wanted.others)].filter((user) => user !== wanted.createdBy);
  await requireUsers(transaction, others);
  const created = await transaction.query(
    `INSERT INTO conversations (id, kind, title, created_by) VALUES ($1, $2, $3, $4) ON CONFLICT (id) DO NOTHING RETURNING id`,
    [wanted.id, wanted.kind, wanted.title, wanted.createdBy],
  );
  if (created.length === 0) {
    await requireSame(transaction, wanted, others);
    return false;
  }
  await transaction.query(
    `INSERT INTO memberships (conversation_id, user_id, role) SELECT $1::uuid, $2::uuid, $3 UNION ALL SELECT $1::uuid, other, 'member' FROM unnest($4::uuid[]) AS other`,
    [wanted.id, wanted.createdBy, creatorsRole[wanted.kind], others],
  );
  return true;
}

/** The same people: everybody wanted is or was in it. Others may have been added, and the title changed, since the first time. */
async function requireSame(transaction: Queryable, wanted: NewConversation, others: readonly UserId[]): Promise<void> {
  const [same] = await transaction.query<{ same: boolean }>(
    `SELECT c.kind = $2 AND (c.kind <> 'group' OR c.created_by = $3)
        AND (SELECT count(*) FROM memberships m WHERE m.conversation_id = c.id AND (m.user_id = $3 OR m.user_id = ANY ($4::uuid[]))) = $5 AS same
     FROM conversations c WHERE c.id = $1`,
    [wanted.id, wanted.kind, wanted.createdBy, others, others.length + 1],
  );
  if (!same?.same) throw new Refusal('already-different');
}
