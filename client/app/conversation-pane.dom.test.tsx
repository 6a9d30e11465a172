import { render, screen, waitFor } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { expect, test, vi } from 'vitest';
import { DeviceContext } from '#client/services/device-context.ts';
import { createFakeDevice, groupId, message, summary, userId } from '#tests/support/fake-device.ts';
import { ConversationPane } from './conversation-pane.tsx';

const research = summary({ id: groupId(1), title: 'Research' });

test('somebody who writes while reading far back is shown what they wrote', async () => {
  const old = message({ by: userId(2), at: Date.UTC(2020, 11, 8), text: 'the first of all' }, 1);
  const device = createFakeDevice({ conversations: [research], messages: new Map([[research.id, [old]]]) });
  const { openTimeline } = device;
  const jumpToLatest = vi.fn(async () => undefined);
  device.openTimeline = (conversation) => ({ ...openTimeline(conversation), jumpToLatest });
  render(
    <DeviceContext value={device}>
      <ConversationPane conversation={research} headActions={null} />
    </DeviceContext>,
  );
  await userEvent.type(await screen.findByRole('textbox', { name: 'Message' }), 'still here{Enter}');
  await waitFor(() => expect(jumpToLatest).toHaveBeenCalledOnce());
});
