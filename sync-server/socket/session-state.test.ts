import { describe, expect, it } from 'vitest';
import { SESSION_EVENTS, SESSION_STATES, step, type SessionEvent, type SessionState } from './session-state.ts';

/** Every case; a state or event that is added and not listed does not compile. */
const table: Record<SessionState, Record<SessionEvent, SessionState | number>> = {
  waiting: {
    hello: 'greeting',
    frame: 4405,
    greeted: 'waiting',
    full: 'waiting',
    drained: 'waiting',
    deadline: 4405,
    end: 'ended',
  },
  greeting: {
    hello: 4400,
    frame: 'greeting',
    greeted: 'live',
    full: 'greeting',
    drained: 'greeting',
    deadline: 'greeting',
    end: 'ended',
  },
  live: {
    hello: 4400,
    frame: 'live',
    greeted: 'live',
    full: 'lagging',
    drained: 'live',
    deadline: 'live',
    end: 'ended',
  },
  lagging: {
    hello: 4400,
    frame: 'lagging',
    greeted: 'lagging',
    full: 'lagging',
    drained: 'live',
    deadline: 'lagging',
    end: 'ended',
  },
  ended: {
    hello: 'ended',
    frame: 'ended',
    greeted: 'ended',
    full: 'ended',
    drained: 'ended',
    deadline: 'ended',
    end: 'ended',
  },
};

describe('a device’s socket', () => {
  const cases = SESSION_STATES.flatMap((state) =>
    SESSION_EVENTS.map((event) => [state, event, table[state][event]] as const),
  );

  it.each(cases)('[S2] that is %s and sees %s becomes %s', (state, event, expected) => {
    const after = step(state, event);
    if (typeof expected === 'number') expect(after).toEqual({ state: 'ended', close: expected });
    else expect(after).toEqual({ state: expected });
  });

  it('[S2] is greeted by a hello first and by nothing else', () => {
    for (const event of SESSION_EVENTS)
      if (event !== 'hello') expect(step('waiting', event).state).not.toBe('greeting');
  });
});
