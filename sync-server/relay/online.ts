/**
 * Who is online at this node. Kept by user, not by conversation: what a socket costs does not follow how many conversations its person
 * has; who is in a conversation is known per conversation in use (see members-in-use.ts).
 */
import type { ConversationId, DeviceId, SegmentName, UserId } from '#schema/ids.ts';
import type { DeviceSocket, OpenSocket, SegmentSocket } from './open-socket.ts';

/** Endings remembered: more than there can be while one session is looked up. */
const mostEndings = 10_000;

export interface Online {
  /** A moment, to be taken before the session of a socket is looked up. */
  moment(): number;
  /** Every socket is admitted first. False: its device or session ended since the moment, so what was looked up is not true any more. */
  admit(socket: OpenSocket, since: number): boolean;
  /** A device was greeted. Gives the socket it had before. */
  greet(socket: DeviceSocket): DeviceSocket | null;
  join(socket: SegmentSocket): void;
  /** A socket is gone. */
  leave(socket: OpenSocket): void;
  devicesOf(user: UserId): Iterable<DeviceSocket>;
  device(device: DeviceId): DeviceSocket | null;
  devices(): Iterable<DeviceSocket>;
  sockets(): ReadonlySet<OpenSocket>;
  isOnline(user: UserId): boolean;
  /** Whether any stock provider is on a segment of a conversation. */
  onConversation(conversation: ConversationId): boolean;
  /** Sockets of stock providers on a segment. */
  onSegment(conversation: ConversationId, segment: SegmentName): Iterable<SegmentSocket>;
  /** Gives the sockets of a device that ended; one that is on its way in is not admitted. */
  endDevice(device: DeviceId): OpenSocket[];
  endSession(session: string): OpenSocket[];
  /** Every socket of a stock provider. */
  allOnSegments(): SegmentSocket[];
  /** Resolves when no socket is open. */
  emptied(): Promise<void>;
  /** The sockets of a user on segments of a conversation; null: of everybody. */
  segmentSockets(conversation: ConversationId, user: UserId | null): SegmentSocket[];
}

const none: readonly never[] = [];

export function createOnline(): Online {
  const all = new Set<OpenSocket>();
  const byUser = new Map<UserId, Set<DeviceSocket>>();
  const byDevice = new Map<DeviceId, DeviceSocket>();
  const bySegment = new Map<string, Set<SegmentSocket>>();
  const byConversation = new Map<ConversationId, Set<SegmentSocket>>();
  /** Devices and sessions that ended, and as the how manieth; oldest first. */
  const ended = new Map<string, number>();
  let endings = 0;
  const waitingForNobody: (() => void)[] = [];

  function remember(id: string): void {
    ended.delete(id);
    ended.set(id, endings++);
    const oldest = ended.keys().next();
    if (ended.size > mostEndings && !oldest.done) ended.delete(oldest.value);
  }

  const endedSince = (id: string, since: number): boolean => (ended.get(id) ?? -1) >= since;

  return {
    moment: () => endings,
    admit(socket, since) {
      if (endedSince(socket.session, since) || (socket.device !== null && endedSince(socket.device, since)))
        return false;
      all.add(socket);
      return true;
    },
    greet(socket) {
      const before = byDevice.get(socket.device) ?? null;
      byDevice.set(socket.device, socket);
      add(byUser, socket.user, socket);
      return before;
    },
    join(socket) {
      add(bySegment, `${socket.conversation}/${socket.segment}`, socket);
      add(byConversation, socket.conversation, socket);
    },
    leave(socket) {
      all.delete(socket);
      if (all.size === 0) for (const resolve of waitingForNobody.splice(0)) resolve();
      remove(byUser, socket.user, socket as DeviceSocket);
      if (socket.device !== null && byDevice.get(socket.device) === socket) byDevice.delete(socket.device);
      if ('segment' in socket) {
        const { conversation, segment } = socket as SegmentSocket;
        remove(bySegment, `${conversation}/${segment}`, socket as SegmentSocket);
        remove(byConversation, conversation, socket as SegmentSocket);
      }
    },
    devicesOf: (user) => byUser.get(user) ?? none,
    device: (device) => byDevice.get(device) ?? null,
    devices: () => byDevice.values(),
    sockets: () => all,
    isOnline: (user) => byUser.has(user),
    onConversation: (conversation) => byConversation.has(conversation),
    onSegment: (conversation, segment) => bySegment.get(`${conversation}/${segment}`) ?? none,
    endDevice(device) {
      remember(device);
      return [...all].filter((socket) => socket.device === device);
    },
    endSession(session) {
      remember(session);
      return [...all].filter((socket) => socket.session === session);
    },
    allOnSegments: () => [...bySegment.values()].flatMap((sockets) => [...sockets]),
    emptied: () => (all.size === 0 ? Promise.resolve() : new Promise((resolve) => waitingForNobody.push(resolve))),
    segmentSockets: (conversation, user) =>
      [...(byConversation.get(conversation) ?? none)].filter((socket) => user === null || socket.user === user),
  };
}

function add<K, S>(map: Map<K, Set<S>>, key: K, socket: S): void {
  const set = map.get(key);
  if (set) set.add(socket);
  else map.set(key, new Set([socket]));
}

function remove<K, S>(map: Map<K, Set<S>>, key: K, socket: S): void {
  const set = map.get(key);
  if (set?.delete(socket) && set.size === 0) map.delete(key);
}
