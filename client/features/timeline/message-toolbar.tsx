import { IconButton } from '#client/ui/icon-button.tsx';
import { CopyIcon, DeleteIcon, EditIcon, EmojiIcon, ReplyIcon } from '#client/ui/icons.ts';
import { MenuButton } from '#client/ui/menu-button.tsx';
import type { MenuEntry } from '#client/ui/menu-item.ts';
import type { TimelineMessage } from '#client/services/device.ts';
import styles from './message-toolbar.module.css';

export interface MessageActions {
  readonly onReact: (message: TimelineMessage) => void;
  readonly onReply: (message: TimelineMessage) => void;
  readonly onEdit: (message: TimelineMessage) => void;
  readonly onDelete: (message: TimelineMessage) => void;
  readonly onCopy: (message: TimelineMessage) => void;
}

export interface MessageToolbarProps extends MessageActions {
  readonly message: TimelineMessage;
  /** The person may write here. */
  readonly writable: boolean;
}

/** What can be done with one message. It shows under the pointer, when the message or something in it has the focus, and after a tap. */
export function MessageToolbar({ message, writable, onReact, onReply, onEdit, onDelete, onCopy }: MessageToolbarProps) {
  const editable = writable && message.own && message.state !== 'failed';
  const items: MenuEntry[] = [{ label: 'Copy text', icon: <CopyIcon />, onSelect: () => onCopy(message) }];
  if (message.own && (writable || message.state === 'failed')) {
    items.push('separator', { label: 'Delete', icon: <DeleteIcon />, danger: true, onSelect: () => onDelete(message) });
  }
  return (
    <div role="toolbar" aria-label="Message actions" className={styles.toolbar}>
      {writable && message.state !== 'failed' && (
        <>
          <IconButton label="React" size="small" icon={<EmojiIcon />} onClick={() => onReact(message)} />
          <IconButton label="Reply" size="small" icon={<ReplyIcon />} onClick={() => onReply(message)} />
        </>
      )}
      {editable && <IconButton label="Edit" size="small" icon={<EditIcon />} onClick={() => onEdit(message)} />}
      <MenuButton label="More actions" size="small" align="end" items={items} />
    </div>
  );
}
