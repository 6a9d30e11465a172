import { useMemo, useState } from 'react';
import type { Person } from '#schema/wire/people.ts';
import { useDevice, useObservable } from '#client/services/device-context.ts';
import { Combobox, type ComboboxOption } from '#client/ui/combobox.tsx';
import { usePeopleSearch } from './use-people-search.ts';

export interface PeopleFieldProps {
  readonly chosen: readonly Person[];
  readonly onChosenChange: (people: readonly Person[]) => void;
  /** How many may be chosen. */
  readonly max?: number | undefined;
}

interface PersonOption extends ComboboxOption {
  readonly person: Person;
}

/** The combobox "Search people": options named by person. */
export function PeopleField({ chosen, onChosenChange, max }: PeopleFieldProps) {
  const connection = useObservable(useDevice().connection);
  const [query, setQuery] = useState('');
  const { people, searching } = usePeopleSearch(query);
  const options = useMemo(() => people.map(option), [people]);
  const selected = useMemo(() => chosen.map(option), [chosen]);
  const reachable = connection.kind === 'online' || connection.kind === 'syncing' || connection.kind === 'saved';
  return (
    <Combobox<PersonOption>
      label="Search people"
      placeholder="Name or email"
      query={query}
      onQueryChange={setQuery}
      options={options}
      selected={selected}
      onSelectedChange={(next) => onChosenChange(next.map(({ person }) => person))}
      max={max}
      loading={searching && reachable}
      emptyText={
        query.trim() === ''
          ? 'Type a name, or somebody’s whole email address.'
          : 'Nobody found. An email address finds only when it is complete.'
      }
      note={reachable ? undefined : 'You are offline: only people this device knows are shown.'}
      inline
    />
  );
}

function option(person: Person): PersonOption {
  return { id: person.id, label: person.name, ...(person.about !== '' && { description: person.about }), person };
}
