import { Combobox as Base } from '@base-ui/react/combobox';
import { useId, type ReactNode, type RefObject } from 'react';
import { Avatar } from './avatar.tsx';
import { classNames } from './class-names.ts';
import styles from './combobox.module.css';
import fieldStyles from './field.module.css';
import { CloseIcon, TickIcon } from './icons.ts';
import { Spinner } from './spinner.tsx';

export interface ComboboxOption {
  id: string;
  /** The accessible name of the option, and the text of its chip. */
  label: string;
  /** A second line; read out as the option's description. */
  description?: string | undefined;
  imageUrl?: string | undefined;
}

export interface ComboboxProps<Option extends ComboboxOption> {
  /** The accessible name of the combobox and of its list. */
  label: string;
  labelHidden?: boolean | undefined;
  placeholder?: string | undefined;
  query: string;
  onQueryChange: (query: string) => void;
  /** What matches the query, in order: the caller searches, at once or when an answer comes. */
  options: readonly Option[];
  selected: readonly Option[];
  onSelectedChange: (selected: Option[]) => void;
  /** How many may be chosen: with 1 a new choice takes the place of the old. */
  max?: number | undefined;
  /** More options are on their way; those there are stay. */
  loading?: boolean | undefined;
  /** Shown when nothing matches: one sentence. */
  emptyText: string;
  /** Shown under the options or instead of them: a hint, or why a part is missing. */
  note?: ReactNode;
  /** The list stands under the field for good (in a dialog, on a phone) instead of floating. */
  inline?: boolean | undefined;
  inputRef?: RefObject<HTMLInputElement | null> | undefined;
  className?: string | undefined;
}

/** Choosing one or several from many, by typing: chips of what is chosen, rows with avatars. Import it lazily. */
export function Combobox<Option extends ComboboxOption>(props: ComboboxProps<Option>) {
  const {
    label,
    labelHidden,
    placeholder,
    query,
    onQueryChange,
    options,
    selected,
    onSelectedChange,
    max = Infinity,
    inline = false,
  } = props;
  const id = useId();
  return (
    <Base.Root<Option, true>
      multiple
      items={options}
      filteredItems={options}
      filter={null}
      value={[...selected]}
      inputValue={query}
      autoHighlight
      itemToStringLabel={(option) => option.label}
      isItemEqualToValue={(option, other) => option.id === other.id}
      onInputValueChange={(next, { reason }) => {
        // Choosing one must not put its name into the field: a chip shows it.
        if (reason === 'input-change' || reason === 'input-clear' || reason === 'clear-press') onQueryChange(next);
      }}
      onValueChange={(next) => {
        onSelectedChange(next.slice(-max));
        onQueryChange('');
      }}
      {...(inline && { inline: true, open: true })}
    >
      <div className={classNames(styles.combobox, inline && styles.inline, props.className)}>
        <label htmlFor={id} className={labelHidden ? 'visually-hidden' : fieldStyles.label}>
          {label}
        </label>
        <Base.InputGroup className={classNames(fieldStyles.box, styles.box)}>
          <Base.Chips className={styles.chips} aria-label={selected.length > 0 ? 'Chosen' : undefined}>
            {selected.map((option) => (
              <Base.Chip
                key={option.id}
                className={styles.chip}
                aria-label={option.label}
                aria-description="Press Backspace to remove"
              >
                <Avatar id={option.id} name={option.label} imageUrl={option.imageUrl} size="tiny" />
                <span className="truncate">{option.label}</span>
                <Base.ChipRemove className={styles.remove} aria-label={`Remove ${option.label}`}>
                  <CloseIcon size={14} />
                </Base.ChipRemove>
              </Base.Chip>
            ))}
            <Base.Input
              id={id}
              placeholder={selected.length > 0 ? '' : placeholder}
              className={styles.input}
              {...(props.inputRef && { ref: props.inputRef })}
            />
          </Base.Chips>
          {props.loading && <Spinner size={16} className={styles.loading} />}
        </Base.InputGroup>
        {inline && (
          <div className={styles.frame}>
            <Options {...props} />
          </div>
        )}
      </div>
      {!inline && (
        <Base.Portal>
          <Base.Positioner sideOffset={4} className={styles.positioner}>
            <Base.Popup className={styles.popup}>
              <Options {...props} />
            </Base.Popup>
          </Base.Positioner>
        </Base.Portal>
      )}
    </Base.Root>
  );
}

function Options<Option extends ComboboxOption>({ label, loading, emptyText, note }: ComboboxProps<Option>) {
  return (
    <>
      <Base.List aria-label={label} aria-busy={loading || undefined} className={styles.list}>
        {(option: Option) => <OptionRow key={option.id} option={option} />}
      </Base.List>
      <Base.Empty className={styles.empty}>{loading ? 'Searching…' : emptyText}</Base.Empty>
      {note !== undefined && <Base.Status className={styles.note}>{note}</Base.Status>}
    </>
  );
}

function OptionRow({ option }: { option: ComboboxOption }) {
  const id = useId();
  return (
    <Base.Item
      value={option}
      aria-label={option.label}
      aria-describedby={option.description === undefined ? undefined : id}
      className={styles.option}
    >
      <Avatar id={option.id} name={option.label} imageUrl={option.imageUrl} size="medium" />
      <span className={styles.words}>
        <span className={classNames('truncate', styles.name)}>{option.label}</span>
        {option.description !== undefined && (
          <span id={id} className={classNames('truncate', styles.description)}>
            {option.description}
          </span>
        )}
      </span>
      <Base.ItemIndicator className={styles.tick}>
        <TickIcon size={18} />
      </Base.ItemIndicator>
    </Base.Item>
  );
}
