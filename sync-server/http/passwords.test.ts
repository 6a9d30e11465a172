import { expect, it } from 'vitest';
import { createPasswords } from './passwords.ts';

it('an unknown account takes as long as a wrong password', async () => {
  // A cost whose 20 ms stand out from everything else; the ratio is what an attacker would measure.
  const passwords = await createPasswords({ cost: 9, atOnce: 1, waiting: 10 });
  const hash = await passwords.hash('correct horse');
  const time = async (against: string | undefined): Promise<number> => {
    const times: number[] = [];
    for (let i = 0; i < 9; i++) {
      const begun = performance.now();
      expect(await passwords.matches('wrong horse', against)).toBe(false);
      times.push(performance.now() - begun);
    }
    return Math.min(...times);
  };
  const [known, unknown] = [await time(hash), await time(undefined)];
  expect(unknown / known).toBeGreaterThan(0.7);
  expect(unknown / known).toBeLessThan(1.4);
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
