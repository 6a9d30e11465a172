/**
 * The stock endpoint over a relay that keeps everything in memory: one conversation, its segments as Y.Docs, commits in the order they come.
 * It follows the rules of the commit by the shortest way.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Registry } from 'prom-client';
import * as Y from 'yjs';
import { Refusal } from '#schema/errors.ts';
import type { ConversationId, SegmentName, UserId } from '#schema/ids.ts';
import { decodeUpdate, LOG } from '#schema/segment/update-codec.ts';
import { createLogger } from '#server/logger.ts';
import { createMetrics } from '#server/metrics.ts';
import { createOnline, type Online } from '#server/relay/online.ts';
import { createRelayFigures } from '#server/relay/relay-figures.ts';
import type { Committed, SignedIn } from '#server/relay/relay.ts';
import { createStockEndpoint } from '#server/relay/stock/stock-endpoint.ts';
import type { StockCost, StockStore } from '#server/relay/stock/ports.ts';
import { tellRows } from '#server/relay/tell-rows.ts';
import type { WaitingPush } from '#server/relay/waiting-push.ts';

export const conversation = '33333333-3333-4333-8333-333333333333' as ConversationId;

export interface StockRelay {
  /** `ws://127.0.0.1:40123/y` */
  readonly url: string;
  readonly online: Online;
  readonly registry: Registry;
  /** Present members. */
  readonly members: Set<UserId>;
  /** Who holds which clientID. */
  readonly replicas: Map<number, UserId>;
  /** Everything that was committed to a segment, in JSON. */
  log(segment: SegmentName): unknown[];
  /** Rows in all: an update that is stored twice counts twice. */
  readonly rows: Uint8Array[];
  /** Commits wait while this is not null. */
  held: Promise<void> | null;
  /** Refuses whatever is committed next, as the database would. */
  failing: Refusal | null;
  /** What was metered, and the wait it is answered with. */
  readonly costs: StockCost[];
  wait: number;
  /** Segments that were read. */
  reads: number;
  close(): Promise<void>;
}

export interface StockRelaySettings {
  readonly members: readonly UserId[];
  readonly now: () => number;
  readonly awarenessMs?: number;
  /** The user of a cookie; a cookie `session=…` names them by default. */
  readonly sessionOf?: (cookie: string | undefined) => Promise<SignedIn | null>;
}

export async function startStockRelay(settings: StockRelaySettings): Promise<StockRelay> {
  const metrics = createMetrics({ process: false });
  const online = createOnline();
  const docs = new Map<SegmentName, Y.Doc>();
  const stored = new Map<string, string>();
  let lastSeq = 0;

  const docOf = (segment: SegmentName): Y.Doc => {
    const doc = docs.get(segment) ?? new Y.Doc();
    docs.set(segment, doc);
    return doc;
  };
  const next = (segment: SegmentName, replica: number): number => Y.getState(docOf(segment).store, replica);

  const relay: StockRelay = {
    url: '',
    online,
    registry: metrics.registry,
    members: new Set(settings.members),
    replicas: new Map(),
    log: (segment) => docOf(segment).getArray(LOG).toJSON(),
    rows: [],
    held: null,
    failing: null,
    costs: [],
    wait: 0,
    reads: 0,
    close: () => Promise.resolve(),
  };

  const store: StockStore = {
    requireMember(_key, user) {
      return relay.members.has(user) ? Promise.resolve() : Promise.reject(new Refusal('unknown-conversation'));
    },
    clocks: ({ segment }) => Promise.resolve(Y.decodeStateVector(Y.encodeStateVector(docOf(segment)))),
    async read(key, user, stateVector) {
      relay.reads++;
      await store.requireMember(key, user);
      return Y.encodeStateAsUpdate(docOf(key.segment), stateVector);
    },
    grant(user, replica) {
      const holder = relay.replicas.get(replica);
      if (holder === undefined) relay.replicas.set(replica, user);
      return Promise.resolve(holder === undefined || holder === user ? 'held' : 'taken');
    },
  };

  function commit({ user, segment, admitted, origin }: WaitingPush): Committed {
    const { replica, clock, count, bytes, needs, deletion } = admitted;
    if (relay.failing) throw relay.failing;
    if (!relay.members.has(user)) throw new Refusal('not-a-member');
    if (relay.replicas.get(replica) !== user) throw new Refusal('replica-not-yours');
    const expected = next(segment, replica);
    if (clock > expected) throw new Refusal('gap', undefined, expected);
    const { elements } = decodeUpdate(bytes);
    if (clock < expected) {
      const isReplay = elements.every(
        ({ clock: at, value }) => stored.get(`${segment}.${replica}.${at}`) === JSON.stringify(value),
      );
      if (isReplay && clock + count <= expected) return { seq: lastSeq, to: lastSeq };
      throw new Refusal('replica-conflict', undefined, expected);
    }
    for (const need of needs) {
      if (need.clock >= next(segment, need.replica)) throw new Refusal('unknown-target');
      if (need.author !== null && relay.replicas.get(need.replica) !== need.author) throw new Refusal('wrong-author');
    }
    for (const { clock: at, value } of elements) stored.set(`${segment}.${replica}.${at}`, JSON.stringify(value));
    const updates = deletion === null ? [bytes] : [bytes, deletion];
    const first = lastSeq + 1;
    for (const update of updates) {
      Y.applyUpdate(docOf(segment), update);
      relay.rows.push(update);
      lastSeq++;
    }
    const rows = updates.map((update, i) => ({ seq: first + i, segment, bytes: update, origin, isDeletion: i > 0 }));
    tellRows(online, { conversation, users: [...relay.members] }, rows);
    return { seq: first, to: lastSeq };
  }

  const endpoint = createStockEndpoint({
    logger: createLogger('silent'),
    metrics,
    figures: createRelayFigures(metrics),
    now: settings.now,
    online,
    store,
    commits: {
      add(push) {
        const work = async (): Promise<void> => {
          await relay.held;
          try {
            push.answer(commit(push));
          } catch (error) {
            if (!(error instanceof Refusal)) throw error;
            push.answer(error);
          }
        };
        void work();
      },
    },
    sessionOf: (request) => (settings.sessionOf ?? signedInByCookie)(request.headers.cookie),
    allowedOrigin: (request) => request.headers.origin === undefined || request.headers.origin === 'http://here',
    meter(_session, cost) {
      relay.costs.push(cost);
      return relay.wait;
    },
    awarenessMs: settings.awarenessMs ?? 15_000,
  });
  const server = createServer();
  server.on('upgrade', (request, socket, head) => endpoint.upgrade(request, socket, head));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return Object.assign(relay, {
    url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}/y`,
    async close() {
      for (const socket of online.sockets()) socket.end(1001, 'closing');
      endpoint.close();
      await new Promise((resolve) => server.close(resolve));
    },
  });
}

function signedInByCookie(cookie: string | undefined): Promise<SignedIn | null> {
  const user = /session=([0-9a-f-]{36})/.exec(cookie ?? '')?.[1] as UserId | undefined;
  return Promise.resolve(user ? { user, device: null, session: user } : null);
}
