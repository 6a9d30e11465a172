import { ERROR_CODES, type ErrorCode } from '#schema/errors.ts';
import { segmentOf, type ConversationId, type SegmentName, type UserId } from '#schema/ids.ts';
import { LIMITS } from '#schema/limits.ts';
import type { Database, DatabaseSession } from '#server/store/database.ts';
import { openWriters, readClocks, type ImportWriter } from '#server/store/import-target.ts';
import { placeholderId } from './import-ids.ts';
import type { ImportRelay } from './import-relay.ts';
import { makeChains, type NewMessage } from './make-chains.ts';
import { pushChain, type ChainOutcome } from './push-chain.ts';
import type { ImportLine } from './parse-line.ts';
import { readLedgers } from './read-ledgers.ts';
import type { SegmentLedger } from './segment-ledger.ts';

/** A message of the file, cut to size; `number` is its line. */
export interface FileMessage extends ImportLine {
  readonly number: number;
}

/** What became of a batch. */
export interface BatchResult {
  readonly imported: number;
  readonly alreadyThere: number;
  readonly refused: readonly { readonly number: number; readonly reason: string }[];
}

export interface BatchImporter {
  /** Writes what is not there yet; when it returns, it is committed. Throws when the database is lost, or when somebody else writes as these people. */
  write(messages: readonly FileMessage[]): Promise<BatchResult>;
  /** How many different people wrote so far. */
  readonly people: number;
  /** The segments that got something new. */
  readonly segments: ReadonlySet<SegmentName>;
}

export interface BatchImporterDeps {
  readonly database: Database;
  /** A session that is in no transaction. */
  readonly session: DatabaseSession;
  readonly relay: ImportRelay;
  readonly conversation: ConversationId;
  /** The people with accounts in the group: told when others join. */
  readonly members: readonly UserId[];
}

/** A writer without a replica: the group is full. */
type Writer = { readonly user: UserId; readonly replica: number | null };

export async function createBatchImporter(deps: BatchImporterDeps): Promise<BatchImporter> {
  const { database, session, relay, conversation } = deps;
  const clocks = await readClocks(database, conversation);
  /** Segments that held something before this run. */
  const held = new Set([...clocks.keys()].map((place) => place.split('/')[0]));
  const ledgers = new Map<SegmentName, Map<number, SegmentLedger>>();
  const writers = new Map<string, Writer>();
  const segments = new Set<SegmentName>();

  const meet = async (names: ReadonlySet<string>): Promise<void> => {
    const fresh = [...names].filter((name) => !writers.has(name));
    if (fresh.length === 0) return;
    const wanted = fresh.map((name): ImportWriter => ({
      id: placeholderId(conversation, name),
      name: shownName(name),
    }));
    const replicas = await database.transaction((transaction) => openWriters(transaction, conversation, wanted));
    fresh.forEach((name, i) => {
      const user = (wanted[i] as ImportWriter).id;
      writers.set(name, { user, replica: replicas.get(user) ?? null });
    });
    relay.relationalChange(deps.members);
  };

  const isThere = async (segment: SegmentName, replica: number, message: FileMessage): Promise<boolean> => {
    if (!held.has(segment)) return false;
    let own = ledgers.get(segment);
    if (!own) ledgers.set(segment, (own = await readLedgers(session, { conversation, segment })));
    return own.get(replica)?.take(message.at, message.text) ?? false;
  };

  return {
    async write(messages) {
      await meet(new Set(messages.map((message) => message.from)));
      const refused: { number: number; reason: string }[] = [];
      const fresh: NewMessage[] = [];
      let alreadyThere = 0;
      for (const message of messages) {
        const { user, replica } = writers.get(message.from) as Writer;
        const segment = segmentOf(message.at);
        if (replica === null)
          refused.push({ number: message.number, reason: `the group has ${LIMITS.members} people already` });
        else if (await isThere(segment, replica, message)) alreadyThere += 1;
        else fresh.push({ number: message.number, segment, replica, user, at: message.at, text: message.text });
      }
      const chains = makeChains(fresh, (segment, replica) => clocks.get(`${segment}/${replica}`) ?? 0);
      const outcomes = await Promise.all(chains.map((chain) => pushChain(relay, conversation, chain)));
      let imported = 0;
      chains.forEach(({ segment, replica }, i) => {
        const outcome = outcomes[i] as ChainOutcome;
        const place = `${segment}/${replica}`;
        imported += outcome.stored;
        clocks.set(place, (clocks.get(place) ?? 0) + outcome.stored);
        if (outcome.stored > 0) segments.add(segment);
        if (outcome.code === null) return;
        const reason = reasonOf(outcome.code);
        refused.push(...outcome.refused.map(({ number }) => ({ number, reason })));
      });
      return { imported, alreadyThere, refused };
    },
    get people() {
      return writers.size;
    },
    segments,
  };
}

/** Why messages are left out, for the person who imports. @throws Error when it makes no sense to go on */
function reasonOf(code: ErrorCode): string {
  switch (code) {
    case 'not-a-member':
      return 'who wrote it was removed from the group';
    case 'unknown-conversation':
      throw new Error('the group was deleted during the import');
    case 'gap':
    case 'replica-conflict':
      throw new Error('somebody else writes as these people: another import? Run it again when that one is done.');
    case 'unavailable':
    case 'internal':
      throw new Error('the database cannot be reached any more. What was imported is there; run it again to go on.');
    default:
      return ERROR_CODES[code].says;
  }
}

/** The name as it is shown: a longer one is cut, and still stands for somebody else than another that begins the same. */
function shownName(name: string): string {
  const letters = [...new Intl.Segmenter('en', { granularity: 'grapheme' }).segment(name)].map(
    (piece) => piece.segment,
  );
  let shown = '';
  for (const letter of letters) {
    if (shown.length + letter.length > LIMITS.nameLength - 1) return `${shown}…`;
    shown += letter;
  }
  return shown;
}
