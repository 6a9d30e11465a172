import * as encoding from 'lib0/encoding';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ConversationId, DeviceId, ReplicaId, SegmentName, UserId } from '../ids.ts';
import type { DownFrame } from './down.ts';
import { decodeDown, decodeUp, encodeDown, encodeUp } from './frame.ts';
import type { UpFrame } from './up.ts';

const id = '0198c0de-0000-4000-8000-000000000001';
const conversation = id as ConversationId;
const segment = '2026-11' as SegmentName;
const update = new Uint8Array([1, 2, 3]);

const up: { [T in UpFrame['type']]: Extract<UpFrame, { type: T }> } = {
  heartbeat: { type: 'heartbeat' },
  hello: {
    type: 'hello',
    protocol: 1,
    device: id as DeviceId,
    epoch: null,
    since: '42',
    replicasWanted: 4,
    retired: [7 as ReplicaId],
  },
  push: { type: 'push', id: 3, conversation, segment, update },
  pull: { type: 'pull', conversation, after: 9 },
  receipt: { type: 'receipt', conversation, delivered: 9, read: { seq: 4, above: { '2026-11/7': 3 } } },
  'more-replicas': { type: 'more-replicas', count: 4, retired: [] },
};

const down: { [T in DownFrame['type']]: Extract<DownFrame, { type: T }> } = {
  heartbeat: { type: 'heartbeat' },
  welcome: { type: 'welcome', protocol: 1, epoch: id, serverTime: 1_763_870_000_000, replicas: [1 as ReplicaId] },
  changes: {
    type: 'changes',
    cursor: '43',
    complete: false,
    people: [{ id: id as UserId, name: 'Ana', about: '', placeholder: false }],
    conversations: [
      {
        id: conversation,
        kind: 'group',
        title: 'Team',
        createdBy: id as UserId,
        createdAt: 1,
        role: 'owner',
        joinedSeq: 0,
        left: false,
        read: { seq: 0, above: {} },
      },
    ],
    members: [{ conversation, user: id as UserId, role: 'owner', left: false, deliveredSeq: 0, readSeq: 0 }],
    heads: [[conversation, 12]],
  },
  ack: { type: 'ack', id: 3, seq: 10, to: 11 },
  nack: { type: 'nack', id: 3, code: 'gap', message: 'An earlier message is missing.', expected: 4 },
  delta: {
    type: 'delta',
    conversation,
    after: 9,
    through: 10,
    head: 10,
    updates: [{ seq: 10, segment, update }],
    resyncSegments: [],
  },
  replicas: { type: 'replicas', replicas: [5 as ReplicaId] },
};

describe('frames', () => {
  test.each(Object.values(up))('a device’s $type comes out as it went in', (frame) => {
    expect(decodeUp(encodeUp(frame))).toEqual({ ok: true, frame });
  });

  test.each(Object.values(down))('the relay’s $type comes out as it went in', (frame) => {
    expect(decodeDown(encodeDown(frame))).toEqual({ ok: true, frame });
  });

  test('[S3] a number of a later version is told apart from a malformed frame', () => {
    expect(decodeUp(new Uint8Array([200, 1, 2]))).toEqual({ ok: false, unknown: true, number: 200 });
    expect(decodeUp(new Uint8Array([]))).toMatchObject({ ok: false, unknown: false });
  });

  test('[S3] a frame cut short, one that goes on, and one with a wrong field are malformed', () => {
    const push = encodeUp(up.push);
    expect(decodeUp(push.subarray(0, push.length - 1))).toMatchObject({ ok: false, unknown: false });
    expect(decodeUp(new Uint8Array([...push, 126]))).toMatchObject({ ok: false, unknown: false });
    expect(decodeUp(encodeUp({ ...up.pull, after: -1 }))).toMatchObject({ ok: false, unknown: false });
  });

  test('[S3] nesting as deep as a frame has room for is refused, not a crash', () => {
    const encoder = encoding.createEncoder();
    encoding.writeUint8(encoder, 3);
    for (let i = 0; i < 400_000; i++) encoding.writeUint8Array(encoder, new Uint8Array([117, 1]));
    expect(decodeUp(encoding.toUint8Array(encoder))).toMatchObject({ ok: false, unknown: false });
  });

  test('[S3] no bytes at all make the reader throw', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => void decodeUp(bytes)));
  });
});
