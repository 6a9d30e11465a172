import type { SeedName } from './people.ts';

/** Something said: who, how many minutes after what came before, and what. */
export interface Line {
  readonly by: SeedName;
  readonly after: number;
  readonly text: string;
  /** Answers the line that stands so many lines before. */
  readonly replyBack?: number;
  /** The text its author gave it later. */
  readonly edited?: string;
  readonly reactions?: readonly (readonly [SeedName, string])[];
}

export interface SeedConversation {
  /** Makes its id, and never changes. */
  readonly key: string;
  /** Null: a direct conversation of two. */
  readonly title: string | null;
  /** The first one creates it. */
  readonly people: readonly [SeedName, ...SeedName[]];
  /** How long ago the last line was said, in minutes. */
  readonly endedAgo: number;
  readonly lines: readonly Line[];
}

const day = 24 * 60;
const say = (by: SeedName, after: number, text: string, more: Omit<Line, 'by' | 'after' | 'text'> = {}): Line => ({
  by,
  after,
  text,
  ...more,
});

/** A few conversations to look at. */
export const SEED_CONVERSATIONS: readonly SeedConversation[] = [
  {
    key: 'ana-ben',
    title: null,
    people: ['ana', 'ben'],
    endedAgo: 25,
    lines: [
      say('ana', 0, 'Hi Ben! Did the seeds arrive?'),
      say(
        'ben',
        42,
        'They did, thank you. Two bags, and one of them is labelled in your handwriting so I have no idea what it is',
      ),
      say('ana', 3, 'Ha. That’s the kale.', { reactions: [['ben', '😂']] }),
      say('ben', 1, 'Obviously.'),
      say('ana', 2 * day, 'Are you around on Saturday? I could bring the ladder back'),
      say('ben', 15, 'Saturday works, after eleven?', { edited: 'Saturday works, any time after ten' }),
      say('ana', 4, 'Perfect, see you then', { reactions: [['ben', '👍']] }),
      say('ben', 3 * day, 'You left your gloves here, by the way'),
    ],
  },
  {
    key: 'allotment',
    title: 'Allotment 12',
    people: ['ana', 'ben', 'chloe', 'elsa'],
    endedAgo: 190,
    lines: [
      say('chloe', 0, 'The water is off until Thursday, there is a notice on the gate.'),
      say('elsa', 20, 'Again? That’s the third time this summer'),
      say('ben', 7, 'I filled both butts yesterday, help yourselves', {
        reactions: [
          ['chloe', '❤️'],
          ['elsa', '🙏'],
          ['ana', '❤️'],
        ],
      }),
      say('ana', 2, 'You are a hero'),
      say('elsa', 4 * day, 'Who planted the courgettes next to the shed? They’re enormous'),
      say('ana', 11, 'Not me'),
      say('chloe', 1, 'Not me either'),
      say('ben', 180, 'Ah. That would be the bag with the unreadable label.', {
        replyBack: 3,
        reactions: [
          ['ana', '😂'],
          ['chloe', '😂'],
          ['elsa', '😅'],
        ],
      }),
      say('ana', 2, 'So it wasn’t kale!'),
      say(
        'chloe',
        6 * day,
        'Work morning is on the 14th. List so far:\n\n• fix the fence (Ben)\n• compost (Elsa and me)\n• cake (Ana)',
      ),
      say('ana', 9, 'I accept the cake'),
      say('elsa', 25, 'Can somebody bring a second wheelbarrow?'),
    ],
  },
  {
    key: 'release-crew',
    title: 'Timetable app',
    people: ['dev', 'ana', 'chloe'],
    endedAgo: 8,
    lines: [
      say('dev', 0, 'First build with the offline map is up: https://example.org/builds/31'),
      say('chloe', 13, 'Downloading'),
      say('chloe', 6, 'Works in the tunnel! I could see the next three stations the whole way', {
        reactions: [
          ['dev', '🎉'],
          ['ana', '🎉'],
        ],
      }),
      say('ana', 50, 'On my phone the list jumps when a delay comes in. Is that known?'),
      say('dev', 4, 'No, that’s new. Which station?'),
      say('ana', 2, 'Any, I think. I saw it at the harbour and at the university'),
      say(
        'dev',
        31,
        'Found it: we sort by `expected`, and while a row has none it falls to the top.\n\n```\nrows.sort((a, b) => (a.expected ?? 0) - (b.expected ?? 0))\n```',
      ),
      say('chloe', 3, 'It should fall back to the planned time', { replyBack: 1 }),
      say('dev', 1, 'Yes. New build in ten minutes'),
      say('ana', 12, 'Fixed for me 👍'),
      say('chloe', day, 'Shall we show it to the others on Monday?'),
      say('dev', 20, 'Let’s. I’ll book the small room'),
    ],
  },
  {
    key: 'dev-elsa',
    title: null,
    people: ['dev', 'elsa'],
    endedAgo: 3 * day,
    lines: [
      say('elsa', 0, 'Ana says you know how to get from here to Gothenburg without flying'),
      say('dev', 35, 'I know four ways. How much time have you got?'),
      say('elsa', 2, 'Is “not much” an answer?'),
      say('dev', 1, 'Then three ways 🙂'),
      say('dev', 8, 'Night train to Hamburg, change once in Copenhagen, and you are there for coffee', {
        reactions: [['elsa', '😍']],
      }),
      say('elsa', 5, 'Sold. Thank you!'),
    ],
  },
];
