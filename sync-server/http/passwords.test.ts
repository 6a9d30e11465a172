import { expect, it } from 'vitest';
import { createPasswords } from './passwords.ts';

it('an unknown account takes as much work as a wrong password', async () => {
  // Time of the processor, not of the clock, so that a busy machine does not matter; at a cost that stands out from everything else.
  const passwords = await createPasswords({ cost: 10, atOnce: 1, waiting: 10 });
  const hash = await passwords.hash('correct horse');
  const work = async (against: string | undefined): Promise<number> => {
    const before = process.cpuUsage();
    expect(await passwords.matches('wrong horse', against)).toBe(false);
    const used = process.cpuUsage(before);
    return used.user + used.system;
  };
  const known: number[] = [];
  const unknown: number[] = [];
  for (let i = 0; i < 7; i++) {
    known.push(await work(hash));
    unknown.push(await work(undefined));
  }
  const ratio = Math.min(...unknown) / Math.min(...known);
  expect(ratio).toBeGreaterThan(0.6);
  expect(ratio).toBeLessThan(1.6);
});

it('more passwords than may wait are put off rather than piled up, and the others all get their turn', async () => {
  const passwords = await createPasswords({ cost: 4, atOnce: 1, waiting: 3 });
  const results = await Promise.allSettled(Array.from({ length: 6 }, () => passwords.hash('correct horse')));
  expect(results.map((result) => result.status)).toEqual([
    'fulfilled',
    'fulfilled',
    'fulfilled',
    'fulfilled',
    'rejected',
    'rejected',
  ]);
  expect(results[5]).toMatchObject({ reason: { code: 'rate-limited', details: { retryAfter: 5 } } });
  expect(await passwords.matches('correct horse', await passwords.hash('correct horse'))).toBe(true);
});

it('72 bytes fit, 73 do not', async () => {
  const passwords = await createPasswords({ cost: 4, atOnce: 1, waiting: 3 });
  await expect(passwords.hash('x'.repeat(72))).resolves.toMatch(/^\$2b\$04\$/);
  await expect(passwords.hash('x'.repeat(73))).rejects.toMatchObject({ code: 'password-too-long' });
  await expect(passwords.matches('é'.repeat(37), undefined)).rejects.toMatchObject({ code: 'password-too-long' });
});
