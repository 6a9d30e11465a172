/**
 * The life of a device's socket. Pure: what happened → what it is now, and with which code it ends, if it does.
 *
 *   waiting → greeting → live ⇄ lagging → ended
 */
import { CLOSE, type CloseCode } from '#schema/wire/close-reasons.ts';

export const SESSION_STATES = ['waiting', 'greeting', 'live', 'lagging', 'ended'] as const;
/**
 * waiting: the socket is open, the hello has not come (S2).
 * greeting: the hello came; what changed is being read. Nothing else is read from the socket meanwhile.
 * live: gets everything as it happens.
 * lagging: more is waiting in its buffer than it takes; live deltas are left out until it has drained (C7).
 * ended: closed, or closing; nothing goes out and nothing that comes in counts.
 */
export type SessionState = (typeof SESSION_STATES)[number];

export const SESSION_EVENTS = ['hello', 'frame', 'greeted', 'full', 'drained', 'deadline', 'end'] as const;
/**
 * hello, frame: one came, or one of another kind. greeted: welcome and changes were sent. full, drained: of the send buffer.
 * deadline: the hello did not come in time. end: either side closes.
 */
export type SessionEvent = (typeof SESSION_EVENTS)[number];

export interface Step {
  readonly state: SessionState;
  /** The code to close the socket with. */
  readonly close?: CloseCode;
}

const ended: Step = { state: 'ended' };
const stay = (state: SessionState): Step => ({ state });

const steps: Readonly<Record<SessionState, Readonly<Record<SessionEvent, Step>>>> = {
  waiting: {
    hello: { state: 'greeting' },
    frame: { state: 'ended', close: CLOSE.helloExpected },
    greeted: stay('waiting'),
    full: stay('waiting'),
    drained: stay('waiting'),
    deadline: { state: 'ended', close: CLOSE.helloExpected },
    end: ended,
  },
  greeting: {
    hello: { state: 'ended', close: CLOSE.malformedFrame },
    frame: stay('greeting'),
    greeted: { state: 'live' },
    full: stay('greeting'),
    drained: stay('greeting'),
    deadline: stay('greeting'),
    end: ended,
  },
  live: {
    hello: { state: 'ended', close: CLOSE.malformedFrame },
    frame: stay('live'),
    greeted: stay('live'),
    full: { state: 'lagging' },
    drained: stay('live'),
    deadline: stay('live'),
    end: ended,
  },
  lagging: {
    hello: { state: 'ended', close: CLOSE.malformedFrame },
    frame: stay('lagging'),
    greeted: stay('lagging'),
    full: stay('lagging'),
    drained: { state: 'live' },
    deadline: stay('lagging'),
    end: ended,
  },
  ended: {
    hello: ended,
    frame: ended,
    greeted: ended,
    full: ended,
    drained: ended,
    deadline: ended,
    end: ended,
  },
};

/** What a session in a state becomes by an event. */
export function step(state: SessionState, event: SessionEvent): Step {
  return steps[state][event];
}
