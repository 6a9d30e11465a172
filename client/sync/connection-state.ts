/**
 * The life of the connection to the relay: named states, moved by a pure function.
 *
 *   connecting ─opened→ greeting ─welcomed→ catching-up ─caught-up→ live
 *       ↑   ╲______________╲____________________╲_______________│ closed, silent
 *      due                                                      ↓
 *   waiting ⇄ offline (the browser says there is no network)  waiting (backoff S5)
 *
 * A close code that is final (S1) leads to `ended` from anywhere. What the browser says about the network is a hint only:
 * `offline` still tries again when its wait is over, and a socket that lives is left alone.
 */
import { CLOSE, isFinal } from '#schema/wire/close-reasons.ts';

/** Why the device does not try again by itself. */
export type EndReason = 'signed-out' | 'update-needed' | 'refused';

/** `attempt` counts the tries since it was live last; it sets the length of the wait. */
export type ConnectionState =
  | { readonly name: 'offline'; readonly attempt: number }
  | { readonly name: 'waiting'; readonly attempt: number }
  | { readonly name: 'connecting'; readonly attempt: number }
  | { readonly name: 'greeting'; readonly attempt: number }
  | { readonly name: 'catching-up'; readonly attempt: number }
  | { readonly name: 'live' }
  | { readonly name: 'ended'; readonly reason: EndReason };

export type ConnectionEvent =
  | { readonly type: 'opened' }
  | { readonly type: 'welcomed' }
  | { readonly type: 'caught-up' }
  | { readonly type: 'closed'; readonly code: number }
  /** No sign of life for too long (S4). */
  | { readonly type: 'silent' }
  /** The wait is over. */
  | { readonly type: 'due' }
  | { readonly type: 'network-back' }
  | { readonly type: 'network-gone' }
  /** A person asked: "Sync now". */
  | { readonly type: 'asked' }
  /** An HTTP answer said that the session is no more. */
  | { readonly type: 'session-gone' };

/** The state in which a device begins. */
export const initialConnection: ConnectionState = { name: 'connecting', attempt: 0 };

/** Whether a socket belongs to the state. */
export function hasSocket(state: ConnectionState): boolean {
  return state.name === 'connecting' || state.name === 'greeting' || isGreeted(state);
}

/** Whether relay and device have greeted each other, so that frames may go. */
export function isGreeted(state: ConnectionState): boolean {
  return state.name === 'catching-up' || state.name === 'live';
}

/** The state after an event. An event that means nothing in a state leaves it as it is (the same object). */
export function nextConnection(state: ConnectionState, event: ConnectionEvent): ConnectionState {
  switch (event.type) {
    case 'opened':
      return state.name === 'connecting' ? { name: 'greeting', attempt: state.attempt } : state;
    case 'welcomed':
      return state.name === 'greeting' ? { name: 'catching-up', attempt: state.attempt } : state;
    case 'caught-up':
      return state.name === 'catching-up' ? { name: 'live' } : state;
    case 'closed':
      if (!hasSocket(state)) return state;
      return isFinal(event.code) ? { name: 'ended', reason: endReason(event.code) } : lost(state);
    case 'silent':
      return hasSocket(state) ? lost(state) : state;
    case 'due':
      return state.name === 'waiting' || state.name === 'offline'
        ? { name: 'connecting', attempt: state.attempt }
        : state;
    case 'network-back':
      return state.name === 'waiting' || state.name === 'offline' ? { name: 'connecting', attempt: 0 } : state;
    case 'network-gone':
      return state.name === 'waiting' ? { name: 'offline', attempt: state.attempt } : state;
    case 'asked':
      if (state.name === 'ended') return state.reason === 'refused' ? { name: 'connecting', attempt: 0 } : state;
      return state.name === 'waiting' || state.name === 'offline' ? { name: 'connecting', attempt: 0 } : state;
    case 'session-gone':
      return state.name === 'ended' ? state : { name: 'ended', reason: 'signed-out' };
  }
}

function lost(state: ConnectionState): ConnectionState {
  return { name: 'waiting', attempt: 'attempt' in state ? state.attempt + 1 : 1 };
}

function endReason(code: number): EndReason {
  if (code === CLOSE.notSignedIn || code === CLOSE.revoked) return 'signed-out';
  return code === CLOSE.protocolTooOld ? 'update-needed' : 'refused';
}
