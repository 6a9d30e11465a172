import { useImperativeHandle, useMemo, useRef, useState, type Ref } from 'react';
import type { ConversationId, UserId } from '#schema/ids.ts';
import type { SearchHit } from '#client/services/device.ts';
import { useDevice, useObservable } from '#client/services/device-context.ts';
import { Avatar } from '#client/ui/avatar.tsx';
import { SearchBox } from '#client/ui/search-box.tsx';
import styles from './message-search.module.css';
import { useMessageSearch } from './use-message-search.ts';

export interface MessageSearchHandle {
  focus(): void;
}

export interface MessageSearchProps {
  /** Null: in all conversations. */
  readonly conversation: ConversationId | null;
  readonly onOpen: (hit: SearchHit) => void;
  readonly ref?: Ref<MessageSearchHandle>;
}

/** Searches the messages on this device; needs no network. */
export function MessageSearch({ conversation, onOpen, ref }: MessageSearchProps) {
  const device = useDevice();
  const people = useObservable(device.people);
  const conversations = useObservable(device.conversations);
  const me = useObservable(device.profile).id;
  const [query, setQuery] = useState('');
  const box = useRef<HTMLInputElement>(null);
  const hits = useMessageSearch(query, conversation);
  const titles = useMemo(() => new Map(conversations?.map(({ id, title }) => [id, title])), [conversations]);
  useImperativeHandle(ref, () => ({ focus: () => box.current?.focus() }), []);
  const nameOf = (user: UserId): string => (user === me ? 'You' : (people.get(user)?.name ?? 'Somebody'));

  return (
    <div className={styles.search}>
      <SearchBox ref={box} label="Search messages" value={query} onValueChange={setQuery} />
      {hits && (
        <div className={styles.results}>
          {hits.length === 0 && <p className={styles.none}>Nothing found in the history on this device.</p>}
          <ul aria-label="Search results" className={styles.list}>
            {hits.map((hit) => (
              <li key={`${hit.conversation}/${hit.message.id}`}>
                <button
                  type="button"
                  className={styles.hit}
                  onClick={() => {
                    setQuery('');
                    onOpen(hit);
                  }}
                >
                  <Avatar id={hit.message.by} name={nameOf(hit.message.by)} size="small" />
                  <span className={styles.text}>
                    <span className={styles.line}>
                      <strong>{nameOf(hit.message.by)}</strong>
                      {conversation === null && <span>{titles.get(hit.conversation)}</span>}
                      <time dateTime={new Date(hit.message.at).toISOString()}>
                        {new Date(hit.message.at).toLocaleDateString()}
                      </time>
                    </span>
                    <span className={styles.excerpt}>{excerpt(hit.message.text, query)}</span>
                  </span>
                </button>
              </li>
            ))}
          </ul>
        </div>
      )}
    </div>
  );
}

/** The part of a long text where the first word was found, from the beginning of a word. */
function excerpt(text: string, query: string): string {
  const word = query.trim().split(/\s+/)[0] ?? '';
  const place = text.toLowerCase().indexOf(word.toLowerCase());
  const start = place > 60 ? text.lastIndexOf(' ', place - 40) + 1 : 0;
  return `${start > 0 ? '…' : ''}${text.slice(start, Math.max(place, start) + 160)}`;
}
