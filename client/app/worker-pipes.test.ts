import { expect, test, vi } from 'vitest';
import { fetchAnswer } from './worker-pipes.ts';

test('[N3] no answer stays in the browser’s cache, where a text would outlive its deletion', async () => {
  const fetch = vi.fn<typeof globalThis.fetch>(() => Promise.resolve(new Response('segment')));
  const answer = await fetchAnswer(fetch, { method: 'GET', path: '/api/segments' });
  expect(new TextDecoder().decode(answer.body)).toBe('segment');
  expect(fetch.mock.calls[0]?.[1]).toMatchObject({ cache: 'no-store' });
});
