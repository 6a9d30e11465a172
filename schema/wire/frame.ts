/**
 * The only codec of the socket. A frame is its number (one byte) and its fields in alphabetical order of their names, each in
 * lib0's "any" encoding, without their names: the number says which they are. Bytes travel as bytes. A frame that gains or loses a
 * field gets a new number.
 */
import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';
import type * as z from 'zod';
import { DOWN, type DownFrame } from './down.ts';
import { UP, type UpFrame } from './up.ts';

/** What a frame turned out to be. `unknown`: a number of a later version, to be counted and ignored. */
export type FrameResult<F> =
  | { readonly ok: true; readonly frame: F }
  | { readonly ok: false; readonly unknown: true; readonly number: number }
  | { readonly ok: false; readonly unknown: false; readonly reason: string };

interface Kind {
  readonly number: number;
  readonly type: string;
  readonly fields: readonly string[];
  readonly schema: z.ZodType;
}

interface Table {
  readonly byNumber: ReadonlyMap<number, Kind>;
  readonly byType: ReadonlyMap<string, Kind>;
}

type FrameSchema = z.ZodType & { readonly shape: Record<string, z.ZodType> & { readonly type: z.ZodLiteral<string> } };

function tableOf(frames: Readonly<Record<number, FrameSchema>>): Table {
  const kinds = Object.entries(frames).map(([number, schema]): Kind => {
    const fields = Object.keys(schema.shape)
      .filter((name) => name !== 'type')
      .sort();
    return { number: Number(number), type: schema.shape.type.value, fields, schema };
  });
  return {
    byNumber: new Map(kinds.map((kind) => [kind.number, kind])),
    byType: new Map(kinds.map((kind) => [kind.type, kind])),
  };
}

const up = tableOf(UP);
const down = tableOf(DOWN);

/** Writes a frame of a device. */
export const encodeUp = (frame: UpFrame): Uint8Array => encode(up, frame);
/** Writes a frame of the relay. */
export const encodeDown = (frame: DownFrame): Uint8Array => encode(down, frame);
/** Reads a frame of a device. Never throws. */
export const decodeUp = (bytes: Uint8Array): FrameResult<UpFrame> => decode(up, bytes) as FrameResult<UpFrame>;
/** Reads a frame of the relay. Never throws. */
export const decodeDown = (bytes: Uint8Array): FrameResult<DownFrame> => decode(down, bytes) as FrameResult<DownFrame>;

function encode(table: Table, frame: UpFrame | DownFrame): Uint8Array {
  const kind = table.byType.get(frame.type);
  if (!kind) throw new Error(`no frame is called ${frame.type}`);
  const encoder = encoding.createEncoder();
  encoding.writeUint8(encoder, kind.number);
  const values = frame as unknown as Record<string, unknown>;
  for (const field of kind.fields) encoding.writeAny(encoder, values[field] as never);
  return encoding.toUint8Array(encoder);
}

function decode(table: Table, bytes: Uint8Array): FrameResult<unknown> {
  const number = bytes[0];
  if (number === undefined) return { ok: false, unknown: false, reason: 'an empty frame' };
  const kind = table.byNumber.get(number);
  if (!kind) return { ok: false, unknown: true, number };
  const values: Record<string, unknown> = { type: kind.type };
  try {
    const decoder = decoding.createDecoder(bytes.subarray(1));
    for (const field of kind.fields) values[field] = decoding.readAny(decoder);
    if (decoding.hasContent(decoder))
      return { ok: false, unknown: false, reason: `${kind.type} goes on after its end` };
  } catch {
    return { ok: false, unknown: false, reason: `${kind.type} ends too early or is not encoded as agreed` };
  }
  const parsed = kind.schema.safeParse(values);
  if (parsed.success) return { ok: true, frame: parsed.data };
  const issue = parsed.error.issues[0];
  return { ok: false, unknown: false, reason: `${kind.type}: ${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}` };
}
