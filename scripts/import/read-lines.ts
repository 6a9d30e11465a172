import { StringDecoder } from 'node:string_decoder';

/** A line of the file and what it cost to read so far. */
export interface NumberedLine {
  /** From 1. */
  readonly number: number;
  /** Null: longer than anything that could be a message. */
  readonly text: string | null;
  /** Bytes of the file read up to about here. */
  readonly bytes: number;
}

/** A text of some hundred messages in one: above that a line is no line, and is not kept in memory. */
const longestLine = 4 << 20;

/** The lines of a file that comes in chunks. Empty ones are counted and left out, so is a byte order mark. */
export async function* readLines(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<NumberedLine, void, void> {
  const decoder = new StringDecoder('utf8');
  let number = 0;
  let bytes = 0;
  let rest = '';
  let tooLong = false;
  const line = (text: string): NumberedLine | null => {
    number += 1;
    const whole = number === 1 ? text.replace(/^\uFEFF/, '') : text;
    const found = tooLong || whole.length > longestLine ? null : whole;
    tooLong = false;
    return found?.trim() === '' ? null : { number, text: found, bytes };
  };
  for await (const chunk of chunks) {
    bytes += chunk.length;
    const parts = (rest + decoder.write(Buffer.from(chunk))).split('\n');
    rest = parts.pop() ?? '';
    for (const part of parts) {
      const found = line(part);
      if (found) yield found;
    }
    if (rest.length > longestLine) {
      rest = '';
      tooLong = true;
    }
  }
  rest += decoder.end();
  const last = rest !== '' || tooLong ? line(rest) : null;
  if (last) yield last;
}
