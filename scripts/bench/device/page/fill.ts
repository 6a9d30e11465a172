/** Puts a conversation on the device as a new device gets it: a bundle for each month, the newest first. */
import { segmentOf, type SegmentName } from '#schema/ids.ts';
import { encodeBundle, type SeqRun } from '#schema/segment/segment-bundle.ts';
import { encodePlaces, type LogElement } from '#schema/segment/update-codec.ts';
import { generateConversation, type GeneratedMessage } from '../../../generate/conversation.ts';
import { conversationId, introduce, openStore, userId } from './bench-store.ts';
import type { Figures, FillPlan, Place } from './questions.ts';

const WRITERS = 24;
/** The replica of the first writer. */
const FIRST_REPLICA = 1_000;
/** The end of every plan. */
const END = Date.UTC(2026, 10, 28);

interface Month {
  readonly segment: SegmentName;
  readonly lastSeq: number;
  readonly bundle: Uint8Array;
}

/** Gives the ms for all months, and for the newest alone. */
export async function measureFill({ user, conversation }: Place, plan: FillPlan): Promise<Figures> {
  const months = monthsOf(plan).reverse();
  const store = await openStore(user);
  await introduce(store, user, conversation, plan.messages);
  const id = conversationId(conversation);
  await store.beginHydration(id, plan.messages, months);
  let newestMs = 0;
  const begin = performance.now();
  for (const { segment, bundle } of months) {
    await store.putSegment(id, segment, bundle);
    newestMs ||= performance.now() - begin;
  }
  const ms = performance.now() - begin;
  await store.close();
  return { ms, newestMs, months: months.length };
}

/** The messages of a plan, in order of time. */
export function* messagesOf({ seed, messages, months, length }: FillPlan): Generator<GeneratedMessage, void, void> {
  // Longer than asked for, and cut: texts end at a word.
  const lengths = length === null ? {} : { medianLength: length + 14, meanLength: length + 14 };
  const from = Date.UTC(2026, 11 - months, 1);
  for (const message of generateConversation({ seed, messages, writers: WRITERS, from, to: END, ...lengths })) {
    const text = length === null ? message.text : fitted(message.text, length);
    yield { ...message, at: Math.min(message.at, END), text };
  }
}

/** Exactly so many characters; half an emoji at the end becomes a dot. */
function fitted(text: string, length: number): string {
  return text
    .slice(0, length)
    .padEnd(length, '.')
    .replace(/[\uD800-\uDBFF]$/, '.');
}

/** Bundles as the server gives them. */
function monthsOf(plan: FillPlan): Month[] {
  const months: Month[] = [];
  const writers = new Map<string, number>();
  let segment: SegmentName | null = null;
  let places: LogElement[] = [];
  let seqs: SeqRun[] = [];
  let clocks = new Map<number, number>();
  let seq = 0;
  const close = (): void => {
    if (segment === null) return;
    places.sort((one, other) => one.replica - other.replica || one.clock - other.clock);
    const bundle = encodeBundle({ throughSeq: plan.messages, update: encodePlaces(places), seqs });
    months.push({ segment, lastSeq: seq, bundle });
    [places, seqs, clocks] = [[], [], new Map()];
  };
  for (const { at, from, text } of messagesOf(plan)) {
    if (segmentOf(at) !== segment) {
      close();
      segment = segmentOf(at);
    }
    const writer = writers.get(from) ?? writers.size;
    writers.set(from, writer);
    const replica = FIRST_REPLICA + writer;
    const clock = clocks.get(replica) ?? 0;
    clocks.set(replica, clock + 1);
    places.push({ replica, clock, value: { kind: 'message', by: userId(replica), at, text } });
    seqs.push({ seq: ++seq, replica, count: 1 });
  }
  close();
  return months;
}
