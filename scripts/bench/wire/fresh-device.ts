/** A device that has nothing yet fetches a long history over HTTP: the newest month first, then all. */
import { once } from 'node:events';
import { request, type IncomingMessage } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { gunzipSync } from 'node:zlib';
import { SegmentList } from '#schema/http/conversations.ts';
import type { ConversationId } from '#schema/ids.ts';
import { decodeBundle } from '#schema/segment/segment-bundle.ts';
import { decodeUpdate } from '#schema/segment/update-codec.ts';

export interface FreshDeviceResult {
  readonly messages: number;
  /** ms until the newest segment is there and decoded. */
  readonly newestMs: number;
  /** ms until everything is there. */
  readonly allMs: number;
  /** Bytes on the wire for everything. */
  readonly bytes: number;
}

export async function freshDevice(
  port: number,
  cookie: string,
  conversation: ConversationId,
): Promise<FreshDeviceResult> {
  const start = performance.now();
  const place = `/api/conversations/${conversation}/segments`;
  const list = SegmentList.parse(JSON.parse(unpacked(await get(port, cookie, place)).toString()));
  let newestMs = 0;
  let bytes = 0;
  let messages = 0;
  for (const { segment } of list.segments) {
    const answer = await get(port, cookie, `${place}/${segment}`);
    bytes += answer.body.length;
    const bundle = decodeBundle(unpacked(answer));
    messages += decodeUpdate(bundle.update).elements.length;
    newestMs ||= performance.now() - start;
  }
  return { messages, newestMs, allMs: performance.now() - start, bytes };
}

const unpacked = (answer: { body: Buffer; gzip: boolean }): Buffer =>
  answer.gzip ? gunzipSync(answer.body) : answer.body;

/** `fetch` would unpack the body and hide its size. */
async function get(port: number, cookie: string, path: string): Promise<{ body: Buffer; gzip: boolean }> {
  const asked = request({ host: '127.0.0.1', port, path, headers: { cookie, 'accept-encoding': 'gzip' } }).end();
  const [response] = (await once(asked, 'response')) as [IncomingMessage];
  const body = await buffer(response);
  if (response.statusCode !== 200) throw new Error(`${path}: ${response.statusCode}`);
  return { body, gzip: response.headers['content-encoding'] === 'gzip' };
}
