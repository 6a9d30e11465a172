import { describe, expect, test } from 'vitest';
import { generateConversation, type ConversationPlan } from './conversation.ts';

const plan: ConversationPlan = {
  seed: 7,
  messages: 5_000,
  writers: 40,
  from: Date.UTC(2023, 0, 1),
  to: Date.UTC(2025, 0, 1),
};
const messages = [...generateConversation(plan)];
const lengths = messages.map(({ text }) => text.length).sort((one, other) => one - other);

describe('generateConversation', () => {
  test('the same seed gives the same conversation, another seed another', () => {
    const again = [...generateConversation(plan)];
    expect(again).toEqual(messages);
    expect([...generateConversation({ ...plan, seed: 8, messages: 20 })]).not.toEqual(messages.slice(0, 20));
  });

  test('lengths are those of real talk: half below 91 characters, 161 on the average', () => {
    expect(lengths[2_500]).toBeGreaterThan(80);
    expect(lengths[2_500]).toBeLessThan(105);
    const mean = lengths.reduce((sum, length) => sum + length, 0) / lengths.length;
    expect(mean).toBeGreaterThan(145);
    expect(mean).toBeLessThan(180);
  });

  test('every message can be sent as it is', () => {
    expect(messages).toHaveLength(plan.messages);
    expect(lengths[0]).toBeGreaterThan(0);
    expect(lengths.at(-1)).toBeLessThanOrEqual(8_000);
    expect(new Set(messages.map(({ from }) => from)).size).toBe(plan.writers);
  });

  test('it runs forward through the months there are', () => {
    for (const [i, { at }] of messages.entries()) expect(at).toBeGreaterThanOrEqual(messages[i - 1]?.at ?? plan.from);
    const months = new Set(messages.map(({ at }) => new Date(at).toISOString().slice(0, 7)));
    expect(months.size).toBeGreaterThan(20);
    expect(months.size).toBeLessThan(30);
  });
});
