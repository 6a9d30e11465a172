import { expect, test } from 'vitest';
import { parsePlace, type Place } from './place.ts';

const id = '10000000-0000-4000-8000-000000000001';

const places: readonly (readonly [string, object])[] = [
  ['/', { kind: 'list' }],
  [`/c/${id}`, { kind: 'conversation', id }],
  [`/c/${id}/`, { kind: 'conversation', id }],
  ['/c/not-an-id', { kind: 'nowhere' }],
  ['/settings/devices', { kind: 'settings', section: 'devices' }],
  ['/settings', { kind: 'settings', section: 'profile' }],
  ['/settings/of-tomorrow', { kind: 'settings', section: 'profile' }],
  ['/sign-in', { kind: 'sign-in' }],
  ['/sign-up', { kind: 'sign-up' }],
  ['/elsewhere', { kind: 'nowhere' }],
];

test.each(places)('%s leads to %o', (path, place) => {
  expect(parsePlace(path)).toEqual(place as Place);
});
