/**
 * Keeps the connection: opens sockets, greets, beats (S4), waits (S5). What the states are and how they follow each other is in
 * connection-state.ts; this file only does what belongs to entering one.
 */
import { LIMITS } from '#schema/limits.ts';
import type { DownFrame } from '#schema/wire/down.ts';
import { decodeDown, encodeUp } from '#schema/wire/frame.ts';
import type { Hello } from '#schema/wire/hello.ts';
import type { UpFrame } from '#schema/wire/up.ts';
import { backoff } from './backoff.ts';
import {
  hasSocket,
  initialConnection,
  isGreeted,
  nextConnection,
  type ConnectionEvent,
  type ConnectionState,
} from './connection-state.ts';
import type { SocketLink, SocketPort } from './socket-port.ts';
import type { Timers } from './timers.ts';

/** How long a socket may stay silent after the browser hinted that the network changed, in ms. */
const PROBE_MS = 4_000;
/** A timer this much too late says that the machine slept, in ms. */
const SLEPT_MS = 5_000;
/** The least try whose wait is used while the browser says there is no network: up to 8 s. */
const OFFLINE_ATTEMPT = 5;

export interface Connection {
  state(): ConnectionState;
  /** Sends a frame once greeted; drops it otherwise, since whoever needs it sends it anew after the next greeting. */
  send(frame: UpFrame): void;
  dispatch(event: ConnectionEvent): void;
  /** Ends it for good, without telling anybody. */
  stop(): void;
}

export interface ConnectionDeps {
  readonly socket: SocketPort;
  readonly timers: Timers;
  readonly random: () => number;
  /** The first frame of a socket, from what the device has stored. */
  readonly hello: () => Promise<Hello>;
  /** Every frame of the relay but heartbeats, in the order they came. */
  readonly received: (frame: DownFrame) => void;
  readonly moved: (state: ConnectionState, before: ConnectionState) => void;
}

/** Begins to connect at once. */
export function createConnection(deps: ConnectionDeps): Connection {
  const { timers } = deps;
  let state = initialConnection;
  let link: SocketLink | null = null;
  let heardAt = 0;
  let saidAt = 0;
  let stopped = false;
  let cancelTimer = (): void => undefined;

  function setTimer(ms: number, act: () => void): void {
    cancelTimer();
    cancelTimer = timers.after(ms, act);
  }

  function dispatch(event: ConnectionEvent): void {
    if (stopped) return;
    if (isGreeted(state) && (event.type === 'network-gone' || event.type === 'network-back' || event.type === 'asked'))
      probe();
    const before = state;
    state = nextConnection(before, event);
    if (state === before) return;
    if (hasSocket(before) && !hasSocket(state)) hangUp();
    enter();
    deps.moved(state, before);
  }

  function enter(): void {
    switch (state.name) {
      case 'connecting':
        return open();
      case 'greeting':
        return greet();
      case 'catching-up':
        return beat();
      case 'live':
        return;
      case 'waiting':
        return setTimer(backoff(state.attempt, deps.random), () => dispatch({ type: 'due' }));
      case 'offline':
        return setTimer(backoff(Math.max(state.attempt, OFFLINE_ATTEMPT), deps.random), () =>
          dispatch({ type: 'due' }),
        );
      case 'ended':
        return cancelTimer();
    }
  }

  function open(): void {
    // A browser gives up on a connection after minutes; a person's patience is shorter.
    setTimer(LIMITS.helloMs, () => dispatch({ type: 'silent' }));
    const own: SocketLink = deps.socket.open({
      opened: () => own === link && dispatch({ type: 'opened' }),
      message: (bytes) => own === link && heard(bytes),
      closed: (code) => {
        if (own !== link) return;
        link = null;
        dispatch({ type: 'closed', code });
      },
    });
    link = own;
  }

  function hangUp(): void {
    link?.close();
    link = null;
  }

  function greet(): void {
    const own = link;
    setTimer(LIMITS.helloMs, () => dispatch({ type: 'silent' }));
    deps.hello().then(
      (hello) => own === link && own?.send(encodeUp(hello)),
      () => own === link && dispatch({ type: 'silent' }),
    );
  }

  function heard(bytes: Uint8Array): void {
    heardAt = timers.elapsed();
    const result = decodeDown(bytes);
    if (result.ok) {
      if (result.frame.type === 'welcome') dispatch({ type: 'welcomed' });
      if (result.frame.type !== 'heartbeat') deps.received(result.frame);
    } else if (!result.unknown) {
      // A relay that speaks gibberish is as good as none; the wait grows because the state never becomes live.
      dispatch({ type: 'silent' });
    }
  }

  /** S4, while greeted. */
  function beat(): void {
    heardAt = timers.elapsed();
    saidAt = heardAt;
    tick(LIMITS.heartbeatMs / 2);
  }

  function tick(ms: number): void {
    const expected = timers.elapsed() + ms;
    setTimer(ms, () => {
      if (!isGreeted(state)) return;
      const now = timers.elapsed();
      if (now - expected > SLEPT_MS) return probe();
      if (now - heardAt >= LIMITS.silenceMs) return dispatch({ type: 'silent' });
      if (now - saidAt >= LIMITS.heartbeatMs) say({ type: 'heartbeat' });
      tick(LIMITS.heartbeatMs / 2);
    });
  }

  /** Asks for a sign of life now. */
  function probe(): void {
    const asked = timers.elapsed();
    say({ type: 'heartbeat' });
    setTimer(PROBE_MS, () => {
      if (!isGreeted(state)) return;
      if (heardAt < asked) return dispatch({ type: 'silent' });
      tick(LIMITS.heartbeatMs / 2);
    });
  }

  function say(frame: UpFrame): void {
    saidAt = timers.elapsed();
    link?.send(encodeUp(frame));
  }

  enter();
  return {
    state: () => state,
    send: (frame) => {
      if (isGreeted(state)) say(frame);
    },
    dispatch,
    stop: () => {
      stopped = true;
      cancelTimer();
      hangUp();
    },
  };
}
