import type { Person } from '#schema/wire/people.ts';

function searchable(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
}

/** Those of whose name some word begins with each word of the query, by name. An empty query gives all. */
export function matchPeople(people: readonly Person[], query: string): readonly Person[] {
  const words = searchable(query)
    .split(/\s+/)
    .filter((word) => word !== '');
  const order = new Intl.Collator();
  return people
    .filter((one) => {
      const name = searchable(one.name).split(/[\s-]+/);
      return words.every((word) => name.some((part) => part.startsWith(word)));
    })
    .sort((one, other) => order.compare(one.name, other.name));
}
