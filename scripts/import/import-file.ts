/**
 * Imports a file of messages into a group: reads, tells what is there already, commits the rest as real events of placeholder people, a
 * batch at a time. Every message is there or not, so it can be stopped or killed anywhere and run again.
 */
import { setTimeout as wait } from 'node:timers/promises';
import type { ConversationId, UserId } from '#schema/ids.ts';
import { LIMITS } from '#schema/limits.ts';
import { mergeJob } from '#server/snapshots/merge-job.ts';
import type { Database, DatabaseSession } from '#server/store/database.ts';
import {
  findUsersByEmail,
  lockImport,
  markImportedRead,
  openImportTarget,
  unlockImport,
} from '#server/store/import-target.ts';
import { createBatchImporter, type BatchImporter, type FileMessage } from './batch-importer.ts';
import { importedConversationId } from './import-ids.ts';
import type { ImportRelay } from './import-relay.ts';
import { parseLine } from './parse-line.ts';
import { readLines } from './read-lines.ts';
import { splitText } from './split-text.ts';

/** Something the person who imports can put right. */
export class ImportProblem extends Error {
  override readonly name = 'ImportProblem';
}

export interface ImportRequest {
  /** The file. */
  readonly chunks: AsyncIterable<Uint8Array>;
  readonly title: string;
  /** Emails of people with accounts; the first owns the group. */
  readonly into: readonly string[];
  /** Asks to stop: what is under way is finished. */
  readonly stop: AbortSignal;
}

export interface ImportDeps {
  readonly database: Database;
  readonly relay: ImportRelay;
  /** ms since 1970. */
  readonly now: () => number;
  readonly report: ImportReport;
}

/** Who is told what happens. */
export interface ImportReport {
  progress(summary: ImportSummary, bytesRead: number): void;
  badLine(number: number, reason: string): void;
  /** The last part: months are merged into the form in which they are sent. */
  merging(done: number, of: number): void;
}

export interface ImportSummary {
  readonly conversation: ConversationId;
  /** Messages written now, and messages an earlier run had written. */
  readonly imported: number;
  readonly alreadyThere: number;
  /** Lines that were left out. */
  readonly bad: number;
  /** Lines too long for one message, and the messages they became. */
  readonly split: { readonly lines: number; readonly messages: number };
  readonly people: number;
  /** Whether the end of the file was reached. */
  readonly complete: boolean;
}

/** Messages pushed at once: one transaction, and online devices get them in small portions. */
const batchMessages = 500;
/** Characters pushed at once. */
const batchLength = 1 << 20;
/** How often those who watch are told that what is imported is not unread, ms. */
const markEvery = 2_000;
/** Servers read what they tell their devices: what is merged by then costs a device online the whole month instead of some rows. ms */
const tellingTime = 300;
const mergeLimits = { rows: 20_000, bytes: 16 << 20 };

export async function importFile(deps: ImportDeps, request: ImportRequest): Promise<ImportSummary> {
  const { database } = deps;
  const people = await findPeople(database, request.into);
  const conversation = importedConversationId(request.title, request.into[0] ?? '');
  await database.transaction((transaction) => openImportTarget(transaction, conversation, request.title, people));
  deps.relay.relationalChange(people);
  const session = await database.session();
  try {
    if (!(await lockImport(session, conversation)))
      throw new ImportProblem('this import is running already, in another process.');
    const importer = await createBatchImporter({ database, session, relay: deps.relay, conversation, members: people });
    const summary = await importLines(deps, request, conversation, importer);
    await markRead(deps, conversation);
    await mergeSegments(deps, request.stop, session, conversation, importer);
    await unlockImport(session, conversation);
    return summary;
  } finally {
    session.release();
  }
}

async function findPeople(database: Database, emails: readonly string[]): Promise<[UserId, ...UserId[]]> {
  const found = await findUsersByEmail(database, emails);
  const missing = emails.filter((_, i) => found[i] === undefined);
  if (missing.length > 0)
    throw new ImportProblem(`there is no account with the email ${missing.join(', ')}. Sign up first, then import.`);
  const [owner, ...others] = found.filter((user) => user !== undefined);
  if (!owner) throw new ImportProblem('say with --into whose group it shall be: the email of at least one person.');
  return [owner, ...others.filter((user) => user !== owner)];
}

async function importLines(
  deps: ImportDeps,
  request: ImportRequest,
  conversation: ConversationId,
  importer: BatchImporter,
): Promise<ImportSummary> {
  const { report } = deps;
  const counts = { imported: 0, alreadyThere: 0, splitLines: 0, splitMessages: 0 };
  const bad = new Set<number>();
  let batch: FileMessage[] = [];
  let length = 0;
  let marked = deps.now();
  let bytes = 0;
  const summary = (complete: boolean): ImportSummary => ({
    conversation,
    imported: counts.imported,
    alreadyThere: counts.alreadyThere,
    bad: bad.size,
    split: { lines: counts.splitLines, messages: counts.splitMessages },
    people: importer.people,
    complete,
  });
  const refuse = (number: number, reason: string): void => {
    // A line that was cut is refused in parts, and told of once.
    if (!bad.has(number)) report.badLine(number, reason);
    bad.add(number);
  };
  const write = async (): Promise<void> => {
    const result = await importer.write(batch);
    batch = [];
    length = 0;
    counts.imported += result.imported;
    counts.alreadyThere += result.alreadyThere;
    for (const { number, reason } of result.refused) refuse(number, reason);
    report.progress(summary(false), bytes);
    if (result.imported > 0 && deps.now() - marked > markEvery) {
      await markRead(deps, conversation);
      marked = deps.now();
    }
  };

  for await (const line of readLines(request.chunks)) {
    bytes = line.bytes;
    const message = line.text === null ? { bad: 'it is longer than any message' } : parseLine(line.text, deps.now());
    if ('bad' in message) {
      refuse(line.number, message.bad);
      continue;
    }
    const parts = splitText(message.text, LIMITS.textLength);
    if (parts.length > 1) {
      counts.splitLines += 1;
      counts.splitMessages += parts.length;
    }
    // The parts have one time: their place in the writer's chain keeps them in order (D8).
    for (const text of parts) batch.push({ ...message, text, number: line.number });
    length += message.text.length;
    if (batch.length >= batchMessages || length >= batchLength) await write();
    if (request.stop.aborted) break;
  }
  if (batch.length > 0 && !request.stop.aborted) await write();
  return summary(!request.stop.aborted);
}

async function markRead({ database, relay }: ImportDeps, conversation: ConversationId): Promise<void> {
  const moved = await database.transaction((transaction) => markImportedRead(transaction, conversation));
  if (moved.length > 0) relay.relationalChange(moved);
}

/**
 * Puts the months that got something into the form in which they are sent, so that the first reader does not wait. Nothing depends on it:
 * what fails here is left to the server, which tries again and tells its operator.
 */
async function mergeSegments(
  { report }: ImportDeps,
  stop: AbortSignal,
  session: DatabaseSession,
  conversation: ConversationId,
  importer: BatchImporter,
): Promise<void> {
  const segments = [...importer.segments].sort();
  if (segments.length > 0 && !stop.aborted) await wait(tellingTime);
  for (const [i, segment] of segments.entries()) {
    report.merging(i, segments.length);
    let more = true;
    while (more && !stop.aborted) {
      const merged = await mergeJob(session, { conversation, segment }, mergeLimits).catch(() => null);
      more = merged?.outcome === 'merged' && merged.more;
    }
  }
}
