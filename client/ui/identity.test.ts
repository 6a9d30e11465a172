import { describe, expect, test } from 'vitest';
import { IDENTITY_COLOURS, identityColour, identityTextColour } from './identity-colour.ts';
import { initials } from './initials.ts';

describe('the colour of an id', () => {
  test('never changes: these are on screens already', () => {
    expect(['', 'ana', '0b8a7c1e-5a3f-4d7b-9a7e-6a1f0c2d3e4f'].map(identityColour)).toEqual([1, 1, 5]);
    expect(identityTextColour('ana')).toBe('var(--identity-1-text)');
  });

  test('uses all colours about evenly', () => {
    const counts = Array.from({ length: IDENTITY_COLOURS }, () => 0);
    for (let number = 0; number < 10_000; number++) {
      const colour = identityColour(`user-${number}`);
      counts[colour] = (counts[colour] ?? 0) + 1;
    }
    expect(Math.min(...counts)).toBeGreaterThan(800);
    expect(Math.max(...counts)).toBeLessThan(1_200);
  });
});

test.each([
  ['Ana Horvat', 'AH'],
  ['ana', 'A'],
  ['  Jean  Luc de la Tour ', 'JT'],
  ['Élodie', 'É'],
  ['(work) Ben', 'WB'],
  ['李 小龙', '李小'],
  ['👩‍👩‍👧', '👩‍👩‍👧'],
  ['', '?'],
])('the initials of %j are %j', (name, expected) => {
  expect(initials(name)).toBe(expected);
});
