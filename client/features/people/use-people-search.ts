import { useEffect, useMemo, useState } from 'react';
import type { UserId } from '#schema/ids.ts';
import type { Person } from '#schema/wire/people.ts';
import { useDevice, useObservable } from '#client/services/device-context.ts';
import { matchPeople } from './match-people.ts';

/** How long typing pauses before the server is asked, in ms: one question a word, not one a letter. */
const PAUSE_MS = 200;

/** The people who match what is typed. */
export interface PeopleSearch {
  readonly people: readonly Person[];
  /** The server is being asked: more may come. */
  readonly searching: boolean;
}

/** Those the device knows, at once; those the server knows besides, when they come. The person themselves is never among them. */
export function usePeopleSearch(query: string): PeopleSearch {
  const device = useDevice();
  const known = useObservable(device.people);
  const me = useObservable(device.profile).id;
  const words = query.trim();
  const [answer, setAnswer] = useState<{ words: string; people: readonly Person[] } | null>(null);

  useEffect(() => {
    if (words === '') return undefined;
    let current = true;
    const settle = (people: readonly Person[]) => {
      if (current) setAnswer({ words, people });
    };
    const timer = window.setTimeout(() => {
      // Not to be found now is no failure: those the device knows are there.
      device.searchPeople(words).then(settle, () => settle([]));
    }, PAUSE_MS);
    return () => {
      current = false;
      window.clearTimeout(timer);
    };
  }, [device, words]);

  const people = useMemo(() => {
    const all = new Map<UserId, Person>();
    for (const one of matchPeople([...known.values()], words)) all.set(one.id, one);
    // An email finds somebody whose name holds none of it: the server's answer is taken as it is.
    for (const one of answer?.words === words ? answer.people : []) if (!all.has(one.id)) all.set(one.id, one);
    return [...all.values()].filter((one) => one.id !== me && !one.placeholder);
  }, [known, me, words, answer]);
  return { people, searching: words !== '' && answer?.words !== words };
}
