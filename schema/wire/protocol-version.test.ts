import { expect, test } from 'vitest';
import * as z from 'zod';
import { DOWN } from './down.ts';
import { PROTOCOL_VERSION } from './protocol-version.ts';
import { UP } from './up.ts';

/** FNV-1a over the frames' numbers, fields and types. */
function fingerprint(): string {
  const describe = (frames: Record<number, z.ZodType>): string =>
    JSON.stringify(
      Object.entries(frames).map(([number, schema]) => [
        number,
        z.toJSONSchema(schema, { unrepresentable: 'any', io: 'input' }),
      ]),
    );
  let hash = 0x811c9dc5;
  for (const character of describe(UP) + describe(DOWN))
    hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193) >>> 0;
  return hash.toString(16);
}

test('the frames are those of this protocol version: a changed frame needs a new number and a line of history', () => {
  expect({ version: PROTOCOL_VERSION, frames: fingerprint() }).toEqual({ version: 1, frames: '8287567f' });
});
