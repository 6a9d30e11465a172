import type { ConversationId } from '#schema/ids.ts';
import type { TimelineMessage } from '#client/services/device.ts';
import { useDevice } from '#client/services/device-context.ts';
import { ConfirmDialog } from '#client/ui/confirm-dialog.tsx';

/** Asks before a message goes for everyone. One that never left this device simply goes. */
export function DeleteDialog({
  message,
  conversation,
  onClose,
}: {
  message: TimelineMessage;
  conversation: ConversationId;
  onClose: () => void;
}) {
  const device = useDevice();
  const waiting = message.state === 'local' || message.state === 'failed';
  return (
    <ConfirmDialog
      open
      title="Delete this message?"
      actions={[
        {
          label: 'Delete for everyone',
          tone: 'danger',
          onSelect: () => {
            void device.deleteMessage(conversation, message.id);
            onClose();
          },
        },
      ]}
      onCancel={onClose}
    >
      {waiting
        ? 'It has not been sent yet, so nobody else will ever see it.'
        : 'Its text goes from the server and from every device. “Message deleted” stays in its place.'}
    </ConfirmDialog>
  );
}
