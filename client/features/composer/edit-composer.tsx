import { useEffect, useRef, useState } from 'react';
import { LIMITS } from '#schema/limits.ts';
import type { ConversationSummary, TimelineMessage } from '#client/services/device.ts';
import { useDevice } from '#client/services/device-context.ts';
import { Button } from '#client/ui/button.tsx';
import { GrowingTextArea } from '#client/ui/text-area.tsx';
import styles from './composer.module.css';

/** The composer while an own message is edited: the same place, another text. */
export function EditComposer({
  conversation,
  message,
  onDone,
}: {
  conversation: ConversationSummary;
  message: TimelineMessage;
  onDone: () => void;
}) {
  const device = useDevice();
  const [text, setText] = useState(message.text);
  const [problem, setProblem] = useState<string | null>(null);
  const field = useRef<HTMLTextAreaElement>(null);
  useEffect(() => {
    field.current?.focus();
    field.current?.setSelectionRange(message.text.length, message.text.length);
  }, [message]);
  const save = (): void => {
    const next = text.trim();
    if (next === '' || next === message.text) return onDone();
    if (next.length > LIMITS.textLength)
      return setProblem(`A message may have ${LIMITS.textLength.toLocaleString()} characters.`);
    device
      .editMessage(conversation.id, message.id, next)
      .then(onDone, (error: unknown) => setProblem(error instanceof Error ? error.message : String(error)));
  };
  return (
    <div role="group" aria-label="Message composer" className={styles.composer}>
      {problem !== null && (
        <p role="alert" className={styles.problem}>
          {problem}
        </p>
      )}
      <div className={styles.line}>
        <GrowingTextArea
          ref={field}
          aria-label="Edit message"
          dir="auto"
          value={text}
          onChange={(event) => setText(event.target.value)}
          onKeyDown={(event) => {
            if (event.nativeEvent.isComposing || event.keyCode === 229) return;
            if (event.key === 'Enter' && !event.shiftKey) {
              event.preventDefault();
              save();
            } else if (event.key === 'Escape') {
              event.stopPropagation();
              onDone();
            }
          }}
          className={styles.field}
        />
        <Button onClick={onDone}>Cancel</Button>
        <Button tone="primary" onClick={save}>
          Save
        </Button>
      </div>
    </div>
  );
}
