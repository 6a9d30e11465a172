import { useState } from 'react';
import { Checkbox } from '../checkbox.tsx';
import { Combobox, type ComboboxOption } from '../combobox.tsx';
import { PasswordField } from '../password-field.tsx';
import { RadioGroup } from '../radio-group.tsx';
import { SearchBox } from '../search-box.tsx';
import { Select } from '../select.tsx';
import { Switch } from '../switch.tsx';
import { Tabs } from '../tabs.tsx';
import { TextArea } from '../text-area.tsx';
import { TextField } from '../text-field.tsx';
import { GallerySection } from './gallery-section.tsx';
import styles from './gallery.module.css';

const PEOPLE: readonly ComboboxOption[] = ['Ana Horvat', 'Ben Okafor', 'Chidi', 'Dora Lindqvist', 'Élodie Petit'].map(
  (label) => ({
    id: label,
    label,
    description: `${label.split(' ')[0]?.toLowerCase() ?? ''}@example.org`,
  }),
);

/** A combobox over five people, as the screens would build it. */
export function PeopleCombobox({ inline, chosen = [] }: { inline?: boolean; chosen?: readonly ComboboxOption[] }) {
  const [query, setQuery] = useState('');
  const [selected, setSelected] = useState(chosen);
  const options = PEOPLE.filter(({ label }) => label.toLowerCase().includes(query.toLowerCase()));
  return (
    <Combobox
      label="Search people"
      placeholder="Name or email"
      emptyText="Nobody of that name"
      query={query}
      onQueryChange={setQuery}
      options={options}
      selected={selected}
      onSelectedChange={setSelected}
      inline={inline}
    />
  );
}

export function GalleryFields() {
  const [search, setSearch] = useState('ana');
  const [text, setText] = useState('Ana');
  const [about, setAbout] = useState('Two lines to begin with,\nand it grows with what one writes.');
  const [checked, setChecked] = useState(true);
  const [layout, setLayout] = useState<'comfortable' | 'compact'>('comfortable');
  const [tab, setTab] = useState<'direct' | 'group'>('direct');
  const [section, setSection] = useState<'profile' | 'devices' | 'appearance'>('profile');
  return (
    <>
      <GallerySection title="Fields">
        <div className={styles.columns}>
          <div className={styles.stack}>
            <TextField
              label="Name"
              value={text}
              onChange={(event) => setText(event.target.value)}
              description="People you write to see it."
            />
            <TextField label="Email" type="email" placeholder="you@example.org" />
            <TextField label="Email, not accepted" defaultValue="ana@" error="That is not an email address." />
            <PasswordField
              autoComplete="new-password"
              defaultValue="correct horse"
              description="At least 8 characters."
            />
            <TextField label="Disabled" disabled defaultValue="Cannot be changed" />
          </div>
          <div className={styles.stack}>
            <SearchBox label="Search conversations" value={search} onValueChange={setSearch} />
            <SearchBox label="Search messages" value="" onValueChange={() => undefined} />
            <TextArea label="About" value={about} onChange={(event) => setAbout(event.target.value)} />
            <Select label="Microphone device" defaultValue="b">
              <option value="a">Built-in microphone</option>
              <option value="b">Headset</option>
            </Select>
            <PeopleCombobox chosen={PEOPLE.slice(0, 2)} />
          </div>
        </div>
      </GallerySection>
      <GallerySection title="Choices">
        <div className={styles.columns}>
          <div>
            <Checkbox label="Keep me signed in" checked={checked} onCheckedChange={setChecked} />
            <Checkbox
              label="Erase this device's data"
              description="Messages not yet sent would be lost."
              checked={!checked}
              onCheckedChange={(next) => setChecked(!next)}
            />
            <Checkbox label="Disabled" checked disabled onCheckedChange={() => undefined} />
            <Switch
              label="Enter sends"
              description="Shift+Enter breaks the line."
              checked={checked}
              onCheckedChange={setChecked}
            />
            <Switch label="Show previews" checked={!checked} onCheckedChange={(next) => setChecked(!next)} />
          </div>
          <RadioGroup
            label="Density"
            value={layout}
            onValueChange={setLayout}
            options={[
              { value: 'comfortable', label: 'Comfortable', description: 'More air between messages.' },
              { value: 'compact', label: 'Compact' },
            ]}
          />
        </div>
      </GallerySection>
      <GallerySection title="Tabs">
        <div className={styles.columns}>
          <Tabs
            label="Kind of conversation"
            value={tab}
            onValueChange={setTab}
            tabs={[
              { id: 'direct', label: 'Direct', panel: <p className={styles.header}>One other person.</p> },
              { id: 'group', label: 'Group', panel: <p className={styles.header}>Several people.</p> },
            ]}
          />
          <Tabs
            label="Settings sections"
            orientation="vertical"
            value={section}
            onValueChange={setSection}
            tabs={[
              { id: 'profile', label: 'Profile', panel: 'Profile' },
              { id: 'devices', label: 'Devices', panel: 'Devices' },
              { id: 'appearance', label: 'Appearance', panel: 'Appearance' },
            ]}
          />
        </div>
      </GallerySection>
    </>
  );
}
