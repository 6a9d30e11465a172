import { useEffect, useImperativeHandle, useRef, useState, type KeyboardEvent, type Ref } from 'react';
import type { EventId } from '#schema/ids.ts';
import { LIMITS } from '#schema/limits.ts';
import type { ConversationSummary } from '#client/services/device.ts';
import { useDevice } from '#client/services/device-context.ts';
import { IconButton } from '#client/ui/icon-button.tsx';
import { CloseIcon, SendIcon } from '#client/ui/icons.ts';
import { GrowingTextArea } from '#client/ui/text-area.tsx';
import styles from './composer.module.css';
import { useDraft } from './use-draft.ts';

export interface ComposerHandle {
  focus(): void;
}

export interface ComposerProps {
  readonly conversation: ConversationSummary;
  /** The message being answered, as far as it is known; its id and its sender's name. */
  readonly replyTo: { readonly id: EventId; readonly name: string; readonly text: string } | null;
  readonly onReplyTo: (id: EventId | null) => void;
  /** A message was written, and is durable on this device. */
  readonly onSent: () => void;
  /** Up in an empty composer. */
  readonly onEditLast: () => void;
  readonly ref?: Ref<ComposerHandle>;
}

/** Where messages are written. Never disabled because of the network. Enter sends, Shift+Enter breaks the line. */
export function Composer({ conversation, replyTo, onReplyTo, onSent, onEditLast, ref }: ComposerProps) {
  const device = useDevice();
  const [text, setText] = useState('');
  const [problem, setProblem] = useState<string | null>(null);
  const field = useRef<HTMLTextAreaElement>(null);
  const noteDraft = useDraft(conversation.id, (draft, answered) => {
    setText(draft);
    if (answered !== null) onReplyTo(answered);
  });
  useImperativeHandle(ref, () => ({ focus: () => field.current?.focus() }), []);
  useEffect(() => {
    if (matchMedia('(pointer: fine)').matches) field.current?.focus();
  }, []);

  const change = (next: string): void => {
    setText(next);
    setProblem(null);
    noteDraft(next, replyTo?.id ?? null);
  };
  const send = (): void => {
    const message = text.trim();
    if (message === '') return;
    if (message.length > LIMITS.textLength) {
      setProblem(
        `A message may have ${LIMITS.textLength.toLocaleString()} characters; this one has ${message.length.toLocaleString()}. Please send it in parts.`,
      );
      return;
    }
    setText('');
    onReplyTo(null);
    noteDraft('', null);
    device.sendMessage(conversation.id, message, replyTo?.id ?? null).then(onSent, (error: unknown) => {
      // Nothing was written: the text goes back where it came from, in front of what was typed since.
      setText((since) => (since === '' ? message : `${message}\n${since}`));
      setProblem(error instanceof Error ? error.message : String(error));
    });
    field.current?.focus();
  };
  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>): void => {
    if (event.nativeEvent.isComposing || event.keyCode === 229) return; // an input method is choosing characters
    if (event.key === 'Enter' && !event.shiftKey) {
      event.preventDefault();
      send();
    } else if (event.key === 'ArrowUp' && text === '') {
      event.preventDefault();
      onEditLast();
    } else if (event.key === 'Escape' && replyTo) {
      event.stopPropagation();
      onReplyTo(null);
    }
  };

  return (
    <div role="group" aria-label="Message composer" className={styles.composer}>
      {replyTo && (
        <section aria-label={`Replying to ${replyTo.name}`} className={styles.reply}>
          <div className={styles.quote}>
            <strong>{replyTo.name}</strong>
            <span>{replyTo.text}</span>
          </div>
          <IconButton label="Cancel reply" size="small" icon={<CloseIcon />} onClick={() => onReplyTo(null)} />
        </section>
      )}
      {problem !== null && (
        <p role="alert" className={styles.problem}>
          {problem}
        </p>
      )}
      <div className={styles.line}>
        <GrowingTextArea
          ref={field}
          aria-label="Message"
          placeholder="Message"
          dir="auto"
          value={text}
          onChange={(event) => change(event.target.value)}
          onKeyDown={onKeyDown}
          className={styles.field}
        />
        <IconButton
          label="Send message"
          tone="primary"
          icon={<SendIcon />}
          disabled={text.trim() === ''}
          onClick={send}
          className={styles.send}
        />
      </div>
    </div>
  );
}
