import { expect, test } from 'vitest';
import { CLOSE } from '#schema/wire/close-reasons.ts';
import { nextConnection, type ConnectionEvent, type ConnectionState } from './connection-state.ts';

const states = {
  offline: { name: 'offline', attempt: 2 },
  waiting: { name: 'waiting', attempt: 2 },
  connecting: { name: 'connecting', attempt: 2 },
  greeting: { name: 'greeting', attempt: 2 },
  'catching-up': { name: 'catching-up', attempt: 2 },
  live: { name: 'live' },
  ended: { name: 'ended', reason: 'refused' },
} as const satisfies { [N in ConnectionState['name']]: Extract<ConnectionState, { name: N }> };

const events = {
  opened: { type: 'opened' },
  welcomed: { type: 'welcomed' },
  'caught-up': { type: 'caught-up' },
  closed: { type: 'closed', code: 1006 },
  silent: { type: 'silent' },
  due: { type: 'due' },
  'network-back': { type: 'network-back' },
  'network-gone': { type: 'network-gone' },
  asked: { type: 'asked' },
  'session-gone': { type: 'session-gone' },
} as const satisfies { [T in ConnectionEvent['type']]: Extract<ConnectionEvent, { type: T }> };

/** `=` : the state stays. A missing case does not compile. */
type Table = { [N in ConnectionState['name']]: { [T in ConnectionEvent['type']]: ConnectionState | '=' } };

const signedOut: ConnectionState = { name: 'ended', reason: 'signed-out' };
const waiting = (attempt: number): ConnectionState => ({ name: 'waiting', attempt });
const connecting = (attempt: number): ConnectionState => ({ name: 'connecting', attempt });

// prettier-ignore
const table: Table = {
  offline:       { opened: '=', welcomed: '=', 'caught-up': '=', closed: '=', silent: '=', due: connecting(2), 'network-back': connecting(0), 'network-gone': '=', asked: connecting(0), 'session-gone': signedOut },
  waiting:       { opened: '=', welcomed: '=', 'caught-up': '=', closed: '=', silent: '=', due: connecting(2), 'network-back': connecting(0), 'network-gone': { name: 'offline', attempt: 2 }, asked: connecting(0), 'session-gone': signedOut },
  connecting:    { opened: { name: 'greeting', attempt: 2 }, welcomed: '=', 'caught-up': '=', closed: waiting(3), silent: waiting(3), due: '=', 'network-back': '=', 'network-gone': '=', asked: '=', 'session-gone': signedOut },
  greeting:      { opened: '=', welcomed: { name: 'catching-up', attempt: 2 }, 'caught-up': '=', closed: waiting(3), silent: waiting(3), due: '=', 'network-back': '=', 'network-gone': '=', asked: '=', 'session-gone': signedOut },
  'catching-up': { opened: '=', welcomed: '=', 'caught-up': { name: 'live' }, closed: waiting(3), silent: waiting(3), due: '=', 'network-back': '=', 'network-gone': '=', asked: '=', 'session-gone': signedOut },
  live:          { opened: '=', welcomed: '=', 'caught-up': '=', closed: waiting(1), silent: waiting(1), due: '=', 'network-back': '=', 'network-gone': '=', asked: '=', 'session-gone': signedOut },
  ended:         { opened: '=', welcomed: '=', 'caught-up': '=', closed: '=', silent: '=', due: '=', 'network-back': '=', 'network-gone': '=', asked: connecting(0), 'session-gone': '=' },
};

const cases = Object.entries(table).flatMap(([name, row]) =>
  Object.entries(row).map(
    ([type, expected]) => [name as keyof Table, type as ConnectionEvent['type'], expected] as const,
  ),
);

test.each(cases)('%s, then %s', (name, type, expected) => {
  const state = states[name];
  expect(nextConnection(state, events[type])).toEqual(expected === '=' ? state : expected);
});

test.each([
  [CLOSE.notSignedIn, 'signed-out'],
  [CLOSE.revoked, 'signed-out'],
  [CLOSE.protocolTooOld, 'update-needed'],
  [CLOSE.protocolTooNew, 'refused'],
  [CLOSE.malformedFrame, 'refused'],
] as const)('[S5] close code %i is final: %s', (code, reason) => {
  for (const name of ['connecting', 'greeting', 'catching-up', 'live'] as const) {
    expect(nextConnection(states[name], { type: 'closed', code })).toEqual({ name: 'ended', reason });
  }
});

test.each([CLOSE.goingAway, CLOSE.silent, CLOSE.replaced, 1006])(
  '[S5] after close code %i the device comes back',
  (code) => {
    expect(nextConnection(states.live, { type: 'closed', code })).toEqual(waiting(1));
  },
);

test('a session that is no more is not asked for again by "Sync now"', () => {
  expect(nextConnection(signedOut, events.asked)).toBe(signedOut);
});
