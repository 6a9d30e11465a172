import { expect, test, vi } from 'vitest';
import type { DeviceId, UserId } from '#schema/ids.ts';
import type { FromWorker, ToWorker } from '#client/worker/messages.ts';
import { createDevice } from './create-device.ts';

const LIST: FromWorker = { kind: 'conversations', whole: true, changed: [], removed: [] };

test('the worker hears that the first list is shown after it was, and once', async () => {
  const worker = new EventTarget();
  const heard: ToWorker[] = [];
  const { device, close } = createDevice(
    {
      user: '00000000-0000-4000-8000-000000000001' as UserId,
      device: '00000000-0000-4000-8000-0000000000d1' as DeviceId,
      name: 'Ana',
      about: '',
      email: 'ana@example.org',
    },
    {
      worker: Object.assign(worker, {
        postMessage: (message: ToWorker) => void heard.push(message),
        terminate: () => undefined,
      }),
      WebSocket,
      fetch,
      socketUrl: 'ws://localhost/socket',
      online: () => true,
      networkEvents: window,
      persist: undefined,
      endSession: () => Promise.resolve(),
    },
  );
  const told = (): number => heard.filter(({ kind }) => kind === 'list-shown').length;
  const say = (message: FromWorker) => worker.dispatchEvent(new MessageEvent('message', { data: message }));
  say(LIST);
  expect(device.conversations.get()).toEqual([]);
  expect(told()).toBe(0);
  await vi.waitFor(() => expect(told()).toBe(1));
  say(LIST);
  await new Promise((painted) => requestAnimationFrame(() => setTimeout(painted)));
  expect(told()).toBe(1);
  close();
});
