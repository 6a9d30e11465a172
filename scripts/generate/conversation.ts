/**
 * A conversation as people have them, made from a seed, one message at a time: for measuring with any number of messages. The figures are those
 * of a public research group's stream of 14,686 messages (median 91 characters, mean 161, a long tail; bursts of talk, long silences;
 * a few people write most).
 */
import { createRandom, createZipf, type Random } from './random.ts';
import { makeVocabulary } from './words.ts';

/** One message, in the form that `npm run import` reads. */
export interface GeneratedMessage {
  /** ms since 1970; never falls from one message to the next. */
  readonly at: number;
  readonly from: string;
  readonly text: string;
}

export interface ConversationPlan {
  readonly seed: number;
  readonly messages: number;
  /** People in the group. */
  readonly writers: number;
  /** The time of the first message and about that of the last, ms since 1970. */
  readonly from: number;
  readonly to: number;
  /** Characters of a message: half are shorter. 91 where nothing is said. */
  readonly medianLength?: number;
  /** Above the median; 161 where nothing is said. Equal to the median makes all about as long. */
  readonly meanLength?: number;
}

/** Words people know of. The tail of a Zipf distribution decides how well texts compress: with these, as real ones do. */
const vocabularySize = 12_000;
const wordExponent = 1.0;
/** How often a set phrase stands where a word could. */
const phraseShare = 0.12;
const writerExponent = 1.3;
/** Longer messages are cut into what one person sends in a row anyway. */
const longest = 6_000;

export function* generateConversation(plan: ConversationPlan): Generator<GeneratedMessage, void, void> {
  const random = createRandom(plan.seed);
  const text = createWriter(random);
  const length = createLengths(random, plan.medianLength ?? 91, plan.meanLength ?? 161);
  const writer = createSpeakers(random, plan.writers);
  const gap = (plan.to - plan.from) / Math.max(1, plan.messages - 1);
  let at = plan.from;
  for (let i = 0; i < plan.messages; i++) {
    yield { at: Math.round(at), from: writer(), text: text(length()) };
    // Bursts and silences that together take the time there is.
    at += random.next() < 0.85 ? random.exponential(gap * 0.1) : random.exponential(gap * 6.1);
  }
}

/** Lengths by a logarithmic normal distribution: its mean is the median times e^(deviation² / 2). */
function createLengths(random: Random, median: number, mean: number): () => number {
  const deviation = Math.sqrt(2 * Math.log(Math.max(1, mean / median)));
  return () => Math.min(longest, Math.max(2, Math.round(median * Math.exp(deviation * random.normal()))));
}

/** Who writes next: often one of the last two, else by how much each writes at all. */
function createSpeakers(random: Random, count: number): () => string {
  const rank = createZipf(random, count, writerExponent);
  const name = (i: number): string => `Person ${String(i + 1).padStart(2, '0')}`;
  let last = rank();
  let before = rank();
  return () => {
    const dice = random.next();
    const next = dice < 0.25 ? last : dice < 0.6 ? before : rank();
    if (next !== last) before = last;
    last = next;
    return name(next);
  };
}

/** Writes texts of about a given length. */
function createWriter(random: Random): (length: number) => string {
  const vocabulary = makeVocabulary(random, vocabularySize);
  const rank = createZipf(random, vocabulary.length, wordExponent);
  const word = (): string => vocabulary[rank()] ?? 'word';
  const special = (): string => {
    const dice = random.next();
    if (dice < 0.3) return random.pick(['🙂', '👍', '🎉', '😅', '❤️', '🤔']);
    if (dice < 0.6) return `https://example.org/${word()}/${random.below(10_000)}`;
    if (dice < 0.8) return `\`${word()}_${word()}\``;
    return String(random.below(2_000));
  };
  // What people talk about comes up again in the same words.
  const phrases = Array.from({ length: 3_000 }, () => Array.from({ length: 2 + random.below(4) }, word).join(' '));
  const phraseRank = createZipf(random, phrases.length, 0.8);
  const part = (): string => (random.next() < phraseShare ? (phrases[phraseRank()] ?? word()) : word());
  return (length) => {
    let text = '';
    let sentence = 0;
    for (;;) {
      const next = random.next() < 0.02 ? special() : part();
      text += sentence === 0 ? next.charAt(0).toUpperCase() + next.slice(1) : next;
      // Half a word more or less: on the average the length asked for.
      if (text.length + 6 >= length) return text;
      sentence += 1;
      if (sentence > 4 && random.next() < 0.12) {
        text += random.pick(['. ', '. ', '? ', '! ', '.\n\n']);
        sentence = 0;
      } else text += random.next() < 0.07 ? ', ' : ' ';
    }
  };
}
