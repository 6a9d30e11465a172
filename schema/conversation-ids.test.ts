import { expect, test } from 'vitest';
import { directConversationId, selfConversationId } from './conversation-ids.ts';
import type { UserId } from './ids.ts';

const ana = '00000000-0000-4000-8000-000000000001' as UserId;
const ben = '00000000-0000-4000-8000-000000000002' as UserId;

test('a direct conversation has one id, whoever computes it; pinned, since devices and servers of all versions must agree', () => {
  expect(directConversationId(ana, ben)).toBe(directConversationId(ben, ana));
  expect(directConversationId(ana, ben)).toBe('be75d233-89f8-5451-b30b-6425926f4d9a');
  expect(selfConversationId(ana)).toBe('dd0f0ba6-a47d-5c88-af1e-7f017b4e3c63');
  expect(selfConversationId(ana)).not.toBe(directConversationId(ana, ana));
});
