import { useState } from 'react';
import { AppLayout, type Pane } from '../app-layout/app-layout.tsx';
import { DETAILS_STAY, ONE_PANE } from '../app-layout/breakpoints.ts';
import { Avatar } from '../avatar.tsx';
import { Badge } from '../badge.tsx';
import { classNames } from '../class-names.ts';
import { IconButton } from '../icon-button.tsx';
import {
  AttachIcon,
  BackIcon,
  CloseIcon,
  ComposeIcon,
  DetailsIcon,
  DoubleTickIcon,
  EmojiIcon,
  SendIcon,
  SettingsIcon,
  TickIcon,
} from '../icons.ts';
import { SearchBox } from '../search-box.tsx';
import { Separator } from '../separator.tsx';
import { GrowingTextArea } from '../text-area.tsx';
import { useMediaQuery } from '../use-media-query.ts';
import styles from './gallery.module.css';

const ROWS = [
  'Ana Horvat',
  'Research group',
  'Ben Okafor',
  'Dora Lindqvist',
  'Élodie Petit',
  'Farid Khan',
  'Weekend',
  'Hana Sato',
];
const BUBBLES = [
  { own: false, text: 'Did the import of the archive finish?' },
  { own: false, text: 'I only see the last two months.' },
  { own: true, text: 'It did. Older months come as you scroll, newest first.' },
  { own: true, text: 'And it all stays on the device: try it with the network off.' },
];

export function GalleryLayout() {
  const onePane = useMediaQuery(ONE_PANE);
  const detailsStay = useMediaQuery(DETAILS_STAY);
  const [pane, setPane] = useState<Pane>(new URLSearchParams(location.search).get('pane') === 'main' ? 'main' : 'list');
  const [details, setDetails] = useState(new URLSearchParams(location.search).has('details'));
  const [search, setSearch] = useState('');
  const [text, setText] = useState('');
  return (
    <AppLayout
      listLabel="Conversations"
      detailsLabel="Details"
      pane={pane}
      onDetailsClose={() => setDetails(false)}
      list={
        <>
          <div className={styles.header}>
            <h2 className={classNames(styles.grow, styles.heading)} style={{ border: 0, padding: 0 }}>
              Chats
            </h2>
            <IconButton label="Settings" icon={<SettingsIcon />} tooltipSide="bottom" />
            <IconButton label="New conversation" icon={<ComposeIcon />} tooltipSide="bottom" />
          </div>
          <div style={{ padding: '0 12px 8px' }}>
            <SearchBox label="Search conversations" value={search} onValueChange={setSearch} />
          </div>
          <div className={styles.rows}>
            {ROWS.map((name, index) => (
              <a
                key={name}
                href="#main"
                className={styles.conversation}
                aria-current={index === 1 ? 'page' : undefined}
                onClick={(event) => {
                  event.preventDefault();
                  setPane('main');
                  if (!detailsStay) setDetails(false);
                }}
              >
                <Avatar id={name} name={name} size="large" presence={index % 3 === 0 ? 'online' : undefined} />
                <span className={styles.grow}>
                  <span className={classNames('truncate', styles.strong)} style={{ display: 'block' }}>
                    {name}
                  </span>
                  <span className={classNames('truncate', styles.faint)} style={{ display: 'block' }}>
                    You: it works without a network too
                  </span>
                </span>
                <span className={styles.end}>
                  <span className={classNames('tabular', styles.faint)}>11:3{index}</span>
                  {index === 2 ? (
                    <Badge value={2} />
                  ) : index === 4 ? (
                    <Badge value={14} muted />
                  ) : (
                    <TickIcon size={16} color="var(--text-secondary)" />
                  )}
                </span>
              </a>
            ))}
          </div>
        </>
      }
      main={
        <>
          <div className={styles.bar}>
            {onePane && (
              <IconButton label="Back" icon={<BackIcon />} tooltipSide="bottom" onClick={() => setPane('list')} />
            )}
            <Avatar id="Research group" name="Research group" />
            <div className={styles.grow}>
              <h1 className="truncate">Research group</h1>
              <p className={classNames('truncate', styles.faint)}>6 members</p>
            </div>
            <IconButton
              label="Details"
              icon={<DetailsIcon />}
              tooltipSide="bottom"
              pressed={details}
              onClick={() => setDetails(!details)}
            />
          </div>
          <div className={styles.timeline}>
            <Separator label="Today" look="pill" />
            {BUBBLES.map(({ own, text: words }, index) => (
              <p
                key={words}
                className={classNames(styles.bubble, own && styles.own, own && index === 2 && styles.joined)}
              >
                {words}
                <span className={classNames('tabular', styles.meta)}>
                  11:4{index}
                  {own && <DoubleTickIcon size={14} color={index === 2 ? 'var(--on-accent-strong)' : undefined} />}
                </span>
              </p>
            ))}
          </div>
          <div className={styles.composer}>
            <IconButton label="Attach files" icon={<AttachIcon />} />
            <div className={styles.input}>
              <GrowingTextArea
                aria-label="Message"
                placeholder="Message"
                className={styles.text}
                value={text}
                onChange={(event) => setText(event.target.value)}
              />
            </div>
            <IconButton label="Emoji" icon={<EmojiIcon />} />
            <IconButton label="Send message" icon={<SendIcon />} tone="primary" />
          </div>
        </>
      }
      details={
        details && (
          <>
            <div className={styles.bar}>
              <h2 className={styles.grow}>Details</h2>
              <IconButton label="Close" icon={<CloseIcon />} onClick={() => setDetails(false)} />
            </div>
            <div className={styles.stack} style={{ alignItems: 'center', padding: 24 }}>
              <Avatar id="Research group" name="Research group" size="giant" />
              <strong>Research group</strong>
            </div>
          </>
        )
      }
    />
  );
}
