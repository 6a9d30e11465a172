/** Sends committed rows of one conversation to the sockets of its members, encoding what several of them get once. */
import type { ConversationId, SegmentName, UserId } from '#schema/ids.ts';
import { LIMITS } from '#schema/limits.ts';
import type { Delta } from '#schema/wire/delta.ts';
import { encodeDown } from '#schema/wire/frame.ts';
import type { Online } from './online.ts';
import type { DeviceSocket } from './open-socket.ts';
import type { PushOrigin } from './waiting-push.ts';

/** A committed row as it is told. */
export interface ToldRow {
  readonly seq: number;
  readonly segment: SegmentName;
  readonly bytes: Uint8Array;
  /** The socket that pushed it, which gets the ack instead. */
  readonly origin: PushOrigin;
  /** The relay's own Yjs deletion after an event: the author's device makes it itself from the event, a stock provider cannot. */
  readonly isDeletion: boolean;
  /** Gives the ack. */
  readonly answer?: () => void;
}

/** Where rows stand, if not without a gap from the first to the last. */
export type Bounds = Pick<Delta, 'after' | 'through' | 'head' | 'resyncSegments'>;

export interface ToldConversation {
  readonly conversation: ConversationId;
  readonly users: readonly UserId[];
}

export function tellRows(
  online: Online,
  { conversation, users }: ToldConversation,
  rows: readonly ToldRow[],
  bounds?: Bounds,
): void {
  const authors = new Set<object>();
  for (const { origin } of rows) if (origin !== null) authors.add(origin);
  const whole = bounds ?? boundsOf(rows);
  let frames: readonly SentFrame[] | null = null;
  for (const user of users) {
    for (const socket of online.devicesOf(user)) {
      if (authors.has(socket)) continue;
      frames ??= framesOf(conversation, rows, whole);
      for (const { through, frame } of frames) socket.sendDelta(conversation, through, frame);
    }
  }
  tellAuthors({ conversation, users }, rows, whole, authors);
  if (online.onConversation(conversation)) tellProviders(online, { conversation, users }, rows, whole.resyncSegments);
}

/** Stock providers have no cursor: what they cannot be sent row by row they come back for. */
function tellProviders(
  online: Online,
  { conversation, users }: ToldConversation,
  rows: readonly ToldRow[],
  resyncSegments: readonly SegmentName[],
): void {
  const members = new Set(users);
  // What was merged before it could be told exists as rows no more (C3).
  for (const segment of resyncSegments) {
    for (const socket of online.onSegment(conversation, segment)) socket.missedUpdates();
  }
  for (const row of rows) {
    for (const socket of online.onSegment(conversation, row.segment)) {
      // One of a member who was removed gets nothing more, though it may not have ended yet (R12).
      if ((socket !== row.origin || row.isDeletion) && members.has(socket.user)) socket.sendUpdate(row.bytes);
    }
  }
}

interface SentFrame {
  readonly through: number;
  readonly frame: Uint8Array;
}

/** One frame, or several where the bytes are too many for one. */
function framesOf(conversation: ConversationId, rows: readonly ToldRow[], bounds: Bounds): SentFrame[] {
  const frames: SentFrame[] = [];
  let { after } = bounds;
  let part: ToldRow[] = [];
  let bytes = 0;
  rows.forEach((row, i) => {
    part.push(row);
    bytes += row.bytes.length;
    const last = i === rows.length - 1;
    if (last || bytes >= LIMITS.deltaBytes) {
      const through = last ? bounds.through : row.seq;
      frames.push({ through, frame: encodeDelta(conversation, part, { ...bounds, after, through }) });
      after = through;
      part = [];
      bytes = 0;
    }
  });
  if (rows.length === 0) frames.push({ through: bounds.through, frame: encodeDelta(conversation, [], bounds) });
  return frames;
}

/** An author gets acks and, between them, what others wrote: everything in the order of the seqs. */
function tellAuthors(
  { conversation, users }: ToldConversation,
  rows: readonly ToldRow[],
  bounds: Bounds,
  authors: ReadonlySet<object>,
): void {
  const shared = new Map<string, SentFrame>();
  for (const author of authors) {
    // One who was removed since, while this was being read, gets nothing more.
    if (isDeviceSocket(author) && users.includes(author.user)) tellAuthor(author, conversation, rows, bounds, shared);
  }
  // Nobody's socket, a stock provider's, or one that has ended.
  for (const row of rows) row.answer?.();
}

function isDeviceSocket(origin: object): origin is DeviceSocket {
  return 'sendDelta' in origin;
}

function tellAuthor(
  author: DeviceSocket,
  conversation: ConversationId,
  rows: readonly ToldRow[],
  bounds: Bounds,
  shared: Map<string, SentFrame>,
): void {
  let from = 0;
  let { after } = bounds;
  const sendUntil = (to: number, through: number): void => {
    if (to > from) {
      const key = `${after} ${through}`;
      let sent = shared.get(key);
      if (!sent) {
        sent = { through, frame: encodeDelta(conversation, rows.slice(from, to), { ...bounds, after, through }) };
        shared.set(key, sent);
      }
      author.sendDelta(conversation, sent.through, sent.frame);
    }
  };
  rows.forEach((row, i) => {
    if (row.origin !== author) return;
    sendUntil(i, row.seq - 1);
    row.answer?.();
    from = i + 1;
    after = row.seq;
  });
  sendUntil(rows.length, bounds.through);
}

function boundsOf(rows: readonly ToldRow[]): Bounds {
  const through = rows.at(-1)?.seq ?? 0;
  return { after: (rows[0]?.seq ?? 1) - 1, through, head: through, resyncSegments: [] };
}

function encodeDelta(conversation: ConversationId, rows: readonly ToldRow[], bounds: Bounds): Uint8Array {
  const updates = rows.map(({ seq, segment, bytes }) => ({ seq, segment, update: bytes }));
  return encodeDown({ type: 'delta', conversation, ...bounds, updates });
}
