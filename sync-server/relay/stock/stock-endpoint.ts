/**
 * `/y/{conversationId}/{yyyy-mm}` for the unmodified `WebsocketProvider` of y-websocket (Y1 to Y4). A socket that is refused is accepted and
 * closed with a 44xx code: a provider takes a refused upgrade for a broken network (S1).
 */
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type WebSocket } from 'ws';
import { Refusal } from '#schema/errors.ts';
import { ConversationId, SegmentName, type UserId } from '#schema/ids.ts';
import { LIMITS } from '#schema/limits.ts';
import { CLOSE } from '#schema/wire/close-reasons.ts';
import type { SegmentKey } from '../../store/snapshots.ts';
import type { SignedIn } from '../relay.ts';
import { createClaims } from './claims.ts';
import { closeFor } from './close-for.ts';
import { startHeartbeat } from './heartbeat.ts';
import type { StockDeps, StockEndpoint } from './ports.ts';
import { createProviderSocket, type ProviderSocket } from './provider-socket.ts';
import { createSegmentAwareness, type SegmentAwareness } from './segment-awareness.ts';
import { createStockFigures } from './stock-figures.ts';
import { StockSocket } from './stock-socket.ts';

/** Sockets of one user at this node. A bot has one for each segment it follows; each costs some 20 KB. */
const socketsPerUser = 1_000;

export function createStockEndpoint(deps: StockDeps): StockEndpoint {
  const { online, logger } = deps;
  // Without compression: it would cost each socket memory, and what is large is sent once.
  const server = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    maxPayload: LIMITS.frameBytes,
    perMessageDeflate: false,
    WebSocket: StockSocket,
  });
  const claims = createClaims();
  const rooms = new Map<string, { readonly awareness: SegmentAwareness; sockets: number }>();
  const perUser = new Map<UserId, number>();
  const heartbeat = startHeartbeat<ProviderSocket>(deps.awarenessMs);
  const figures = createStockFigures(deps.metrics, () => heartbeat.size);

  function upgrade(request: IncomingMessage, stream: Duplex, head: Buffer): void {
    // Should the other side go away while it is being checked.
    stream.on('error', () => undefined);
    const since = online.moment();
    void check(request).then(
      ({ who, key }) => accept(request, stream, head, (socket) => open(socket, who, key, since)),
      (error: unknown) => {
        const { code, reason } = closeFor(error);
        if (reason === 'internal') logger.error({ err: error }, 'a stock socket could not be opened');
        accept(request, stream, head, (socket) => refuse(socket, code, reason));
      },
    );
  }

  /** @throws Refusal */
  async function check(request: IncomingMessage): Promise<{ who: SignedIn; key: SegmentKey }> {
    const key = readPath(request.url);
    if (!deps.allowedOrigin(request)) throw new Refusal('wrong-origin');
    const who = await deps.sessionOf(request);
    if (who === null) throw new Refusal('not-signed-in');
    if (key === null) throw new Refusal('not-found');
    await deps.store.requireMember(key, who.user);
    return { who, key };
  }

  function accept(request: IncomingMessage, stream: Duplex, head: Buffer, then: (socket: WebSocket) => void): void {
    if (stream.destroyed) return;
    server.handleUpgrade(request, stream, head, then);
  }

  function refuse(socket: WebSocket, code: number, reason: string): void {
    socket.on('error', () => undefined);
    deps.figures.closed.inc({ code: String(code) });
    socket.close(code, reason);
  }

  function open(socket: WebSocket, who: SignedIn, key: SegmentKey, since: number): void {
    const name = `${key.conversation}/${key.segment}`;
    const room = rooms.get(name) ?? { awareness: createSegmentAwareness(), sockets: 0 };
    const provider = createProviderSocket({
      deps,
      figures,
      socket,
      who,
      key,
      awareness: room.awareness,
      claims,
      onGone: () => {
        online.leave(provider);
        heartbeat.remove(provider);
        if (--room.sockets === 0) rooms.delete(name);
        count(who.user, -1);
      },
    });
    if ((perUser.get(who.user) ?? 0) >= socketsPerUser) return refuse(socket, CLOSE.tooMuch, 'rate-limited');
    if (!online.admit(provider, since)) return refuse(socket, CLOSE.revoked, 'not-signed-in');
    rooms.set(name, room);
    room.sockets++;
    count(who.user, 1);
    online.join(provider);
    heartbeat.add(provider);
    provider.begin();
  }

  function count(user: UserId, change: number): void {
    const sockets = (perUser.get(user) ?? 0) + change;
    if (sockets === 0) perUser.delete(user);
    else perUser.set(user, sockets);
  }

  return {
    upgrade,
    close() {
      heartbeat.close();
      server.close();
    },
  };
}

/** The segment a path names; null when it names none. */
function readPath(url = ''): SegmentKey | null {
  const [path = ''] = url.split('?');
  const [, y, id, month, ...rest] = path.split('/');
  const conversation = ConversationId.safeParse(id);
  const segment = SegmentName.safeParse(month);
  if (y !== 'y' || rest.length > 0 || !conversation.success || !segment.success) return null;
  return { conversation: conversation.data, segment: segment.data };
}
