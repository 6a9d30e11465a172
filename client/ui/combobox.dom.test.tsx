import { render, screen, within } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { useState } from 'react';
import { describe, expect, test, vi } from 'vitest';
import { Combobox, type ComboboxOption } from './combobox.tsx';

const PEOPLE: ComboboxOption[] = [
  { id: '1', label: 'Ana Horvat', description: 'ana@example.org' },
  { id: '2', label: 'Ben Okafor', description: 'ben@example.org' },
  { id: '3', label: 'Anders Berg' },
];

function People({
  inline = false,
  max,
  onChange,
}: {
  inline?: boolean;
  max?: number;
  onChange: (names: string[]) => void;
}) {
  const [query, setQuery] = useState('');
  const [selected, setSelected] = useState<readonly ComboboxOption[]>([]);
  return (
    <Combobox
      label="Search people"
      emptyText="Nobody of that name"
      query={query}
      onQueryChange={setQuery}
      options={PEOPLE.filter(({ label }) => label.toLowerCase().includes(query.toLowerCase()))}
      selected={selected}
      onSelectedChange={(next) => {
        setSelected(next);
        onChange(next.map(({ label }) => label));
      }}
      max={max}
      inline={inline}
    />
  );
}

describe.each([{ inline: false }, { inline: true }])('a combobox (inline: $inline)', ({ inline }) => {
  test('names its options by person, and chooses several by typing', async () => {
    const user = userEvent.setup();
    const onChange = vi.fn();
    render(<People inline={inline} onChange={onChange} />);
    const box = screen.getByRole<HTMLInputElement>('combobox', { name: 'Search people' });
    await user.type(box, 'an');
    const options = await screen.findAllByRole('option');
    expect(options).toEqual([
      screen.getByRole('option', { name: 'Ana Horvat', description: 'ana@example.org' }),
      screen.getByRole('option', { name: 'Anders Berg' }),
    ]);
    await user.keyboard('{Enter}');
    expect(onChange).toHaveBeenLastCalledWith(['Ana Horvat']);
    expect(box.value).toBe('');
    await user.type(box, 'ben{Enter}');
    expect(onChange).toHaveBeenLastCalledWith(['Ana Horvat', 'Ben Okafor']);
    await user.click(screen.getByRole('button', { name: 'Remove Ana Horvat', hidden: true }));
    expect(onChange).toHaveBeenLastCalledWith(['Ben Okafor']);
  });

  test('says so when nobody matches', async () => {
    const user = userEvent.setup();
    render(<People inline={inline} onChange={() => undefined} />);
    await user.type(screen.getByRole('combobox'), 'zoe');
    expect(await screen.findByText('Nobody of that name')).toBeTruthy();
    expect(screen.queryByRole('option')).toBeNull();
  });
});

test('a combobox for one lets the new choice take the place of the old', async () => {
  const user = userEvent.setup();
  const onChange = vi.fn();
  render(<People inline max={1} onChange={onChange} />);
  const list = screen.getByRole('listbox', { name: 'Search people' });
  await user.click(within(list).getByRole('option', { name: 'Ana Horvat' }));
  await user.click(within(list).getByRole('option', { name: 'Ben Okafor' }));
  expect(onChange).toHaveBeenLastCalledWith(['Ben Okafor']);
  expect(within(list).getByRole('option', { selected: true })).toBe(
    within(list).getByRole('option', { name: 'Ben Okafor' }),
  );
});
