import { act, render, screen } from '@testing-library/react';
import { expect, test } from 'vitest';
import { DeviceContext } from '#client/services/device-context.ts';
import { createFakeDevice, groupId, message, summary, userId } from '#tests/support/fake-device.ts';
import { Timeline } from './timeline.tsx';

const conversation = summary({ id: groupId(1), title: 'Research' });
const messageOf = (clock: number) => message({ by: userId(2), at: Date.now(), text: `message ${clock}` }, clock);

test('a message keeps its element when others arrive: it is what the virtualizer measures', () => {
  const messages = new Map([[conversation.id, [messageOf(1)]]]);
  const device = createFakeDevice({ conversations: [conversation], messages });
  const timeline = device.openTimeline(conversation.id);
  render(
    <DeviceContext value={device}>
      <Timeline conversation={conversation} timeline={timeline} onReply={() => undefined} onEdit={() => undefined} />
    </DeviceContext>,
  );
  const itemOf = (text: string) => screen.getByText(text).closest('li');
  const first = itemOf('message 1');
  const arrived = messageOf(2);
  act(() => device.receive(conversation.id, arrived));
  expect(itemOf('message 1')).toBe(first);
  expect(itemOf('message 2')?.dataset['messageId']).toBe(arrived.id);
});
