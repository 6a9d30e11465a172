/**
 * Writes a made-up conversation in the form `npm run import` reads, for measuring:
 *   node --import tsx scripts/generate.ts --messages 100000 --seed 1 > conversation.jsonl
 */
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { parseArgs } from 'node:util';
import * as z from 'zod';
import { generateConversation } from './generate/conversation.ts';

const Options = z.object({
  messages: z.coerce.number().int().min(1).max(10_000_000).default(100_000),
  writers: z.coerce.number().int().min(1).max(900).default(40),
  seed: z.coerce.number().int().default(1),
  from: z.coerce.date().default(new Date('2023-01-01')),
  to: z.coerce.date().default(new Date('2026-01-01')),
});

function* lines(options: z.infer<typeof Options>): Generator<string> {
  const plan = { ...options, from: options.from.getTime(), to: options.to.getTime() };
  for (const message of generateConversation(plan)) yield `${JSON.stringify(message)}\n`;
}

const text = { type: 'string' } as const;
const { values } = parseArgs({ options: { messages: text, writers: text, seed: text, from: text, to: text } });
const options = Options.safeParse(values);
if (!options.success) {
  console.error(z.prettifyError(options.error));
  process.exitCode = 2;
} else {
  await pipeline(Readable.from(lines(options.data)), process.stdout);
}
