/**
 * Every size and wait that a stranger could make grow, in one place. Both sides use the same numbers: a device refuses before
 * the relay has to.
 */
export const LIMITS = {
  /** Bytes of one frame on the socket. Larger ends the socket (close code `frame-too-large`). */
  frameBytes: 1 << 20,
  /** Bytes of one update: one event of the longest text is 4 bytes × textLength at the most. */
  updateBytes: 128 << 10,
  /** Yjs structs in one update. */
  updateStructs: 256,
  /** Events in one update. */
  updateEvents: 1_000,
  /** Structs of one update whose origin is an item of another replica (only stock providers make any). */
  foreignOrigins: 64,
  /** Depth of nesting inside an event (yjs-facts.md: deep nesting overflows the stack). */
  eventDepth: 8,
  /** Characters (UTF-16 units) of a message. */
  textLength: 8_000,
  /** Bytes of a reaction's emoji in UTF-16 units: the longest ZWJ sequences are below 36. */
  emojiLength: 36,
  titleLength: 120,
  nameLength: 80,
  aboutLength: 300,
  emailLength: 254,
  /** bcrypt cuts silently at 72 bytes: longer is refused. */
  passwordBytes: 72,
  passwordMinLength: 8,
  /** Members of one conversation. */
  members: 1_000,
  /** Members above which receipts of others are not told as they happen: each message would be told to everybody about everybody. */
  receiptsToldLive: 64,
  /** Positions above the read seq in one read state: more than anybody reads out of order. */
  readAbove: 1_000,
  /** Bytes of one awareness message of a stock provider, and the clientIDs it may speak for. */
  awarenessBytes: 4 << 10,
  awarenessClients: 4,
  /** How far before the server's clock an event may claim to be, in ms (design §4). */
  clockAheadMs: 120_000,
  /** Replicas granted at once, and at the most per device. */
  replicaBlock: 4,
  replicasPerDevice: 64,
  /** Replicas granted to one device in a day: each one retired is replaced, but not without end. */
  replicasPerDeviceDay: 256,
  /** ClientIDs a user may bring through the stock endpoint in a day. */
  firstUseReplicasPerDay: 100,
  /** Bytes of updates in one delta frame, before it is cut (the device asks for more). */
  deltaBytes: 256 << 10,
  /** Conversations in one changes frame. */
  changesConversations: 2_000,
  /** Pushes a device may have under way at once. */
  pushesInFlight: 256,
  /** `bufferedAmount` above which live deltas to a socket stop; it resumes from its cursor. */
  highWaterBytes: 1 << 20,
  /** Silence after which a device takes its socket for dead, and a relay a device's, in ms. Any frame is a heartbeat. */
  silenceMs: 30_000,
  /** How often a side that has nothing to say sends a heartbeat, in ms. */
  heartbeatMs: 10_000,
  /** Wait for the hello after a socket opened, in ms. */
  helloMs: 10_000,
  /** Token bucket of a session: updates per second sustained, and the burst. */
  updatesPerSecond: 2_000,
  updatesBurst: 10_000,
  /** Token bucket of a session: requests other than pushes (pulls, receipts, replicas) per second, and the burst. */
  requestsPerSecond: 500,
  requestsBurst: 5_000,
  /** Token bucket of a session: bytes per second sustained, and the burst. */
  bytesPerSecond: 4 << 20,
  bytesBurst: 32 << 20,
} as const;
