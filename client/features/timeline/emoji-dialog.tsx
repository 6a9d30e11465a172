import data from '@emoji-mart/data';
import Picker from '@emoji-mart/react';
import { useState } from 'react';
import { Dialog } from '#client/ui/dialog.tsx';
import styles from './emoji-dialog.module.css';

export interface EmojiDialogProps {
  readonly onPick: (emoji: string) => void;
  readonly onClose: () => void;
}

/** Words of the picker, bundled: without them it asks a server for its language. */
const WORDS = {
  search: 'Search emoji',
  search_no_results_1: 'Nothing found',
  search_no_results_2: 'Try another word',
  pick: 'Choose an emoji…',
  add_custom: 'Add custom emoji',
  categories: {
    activity: 'Activity',
    custom: 'Custom',
    flags: 'Flags',
    foods: 'Food and drink',
    frequent: 'Frequently used',
    nature: 'Animals and nature',
    objects: 'Objects',
    people: 'Smileys and people',
    places: 'Travel and places',
    search: 'Search results',
    symbols: 'Symbols',
  },
  skins: {
    choose: 'Choose default skin tone',
    1: 'Default',
    2: 'Light',
    3: 'Medium-light',
    4: 'Medium',
    5: 'Medium-dark',
    6: 'Dark',
  },
};

/** Chooses one emoji of all. Large: import it lazily. */
export function EmojiDialog({ onPick, onClose }: EmojiDialogProps) {
  const [theme] = useState(themeOf);
  return (
    <Dialog open title="Emoji" onClose={onClose}>
      <div className={styles.picker}>
        <Picker
          data={data}
          i18n={WORDS}
          set="native"
          theme={theme}
          autoFocus
          dynamicWidth
          previewPosition="none"
          onEmojiSelect={(emoji: { native: string }) => onPick(emoji.native)}
        />
      </div>
    </Dialog>
  );
}

/** The theme in force: chosen, or the system's. */
function themeOf(): 'light' | 'dark' {
  const chosen = document.documentElement.dataset['theme'];
  if (chosen === 'light' || chosen === 'dark') return chosen;
  return matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light';
}
