import type { Random } from './random.ts';

/** The commonest words of English, the commonest first: half of everything anybody writes. */
const common =
  'the to i a of and is that it in you this for be have not on are but with as if can so we do think at just or was would what there my all like an me about from some one they your how when here more will has by should which also maybe now then see get know don’t it’s i’m that’s yes no thanks time good make use need try work well really ok sure only same way right does could new still before them much those out up after where than two sorry first want look other because even again thing something same today tomorrow meeting later done great nice'.split(
    ' ',
  );

const onsets = [
  'b',
  'c',
  'd',
  'f',
  'g',
  'h',
  'l',
  'm',
  'n',
  'p',
  'r',
  's',
  't',
  'v',
  'w',
  'st',
  'tr',
  'pr',
  'ch',
  'sh',
  'br',
  'cl',
  'gr',
  'pl',
  'sp',
  'th',
  '',
];
const nuclei = ['a', 'e', 'i', 'o', 'u', 'ea', 'ou', 'ai', 'io', 'ee'];
const codas = ['', '', 'n', 'r', 's', 't', 'l', 'm', 'd', 'nt', 'st', 'ck', 'ng', 'rd', 'ss'];

/** A vocabulary in order of frequency: real words first, then invented ones that can be spoken. */
export function makeVocabulary(random: Random, size: number): string[] {
  const words = new Set(common);
  while (words.size < size) {
    const syllables = 1 + random.below(3) + (random.next() < 0.2 ? 1 : 0);
    let word = '';
    for (let i = 0; i < syllables; i++) word += random.pick(onsets) + random.pick(nuclei) + random.pick(codas);
    if (word.length > 2) words.add(word);
  }
  return [...words];
}
