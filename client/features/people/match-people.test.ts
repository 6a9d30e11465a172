import { expect, test } from 'vitest';
import { person } from '#tests/support/fake-device.ts';
import { matchPeople } from './match-people.ts';

const people = ['Zoë Marsh', 'Ana Lima', 'Jean-Marc Petit'].map((name, n) => person(n, name));
const names = (query: string) => matchPeople(people, query).map(({ name }) => name);

test('everybody is listed by name while nothing is typed', () => {
  expect(names('')).toEqual(['Ana Lima', 'Jean-Marc Petit', 'Zoë Marsh']);
});

test('a person is found by the beginning of any of their names, without accents and case', () => {
  expect(names('zoe')).toEqual(['Zoë Marsh']);
  expect(names('marc')).toEqual(['Jean-Marc Petit']);
  expect(names('ma')).toEqual(['Jean-Marc Petit', 'Zoë Marsh']);
  expect(names('lim an')).toEqual(['Ana Lima']);
  expect(names('ima')).toEqual([]);
});
