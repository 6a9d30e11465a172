import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createHybridClock } from './hybrid-clock.ts';

const tolerated = 120_000;

function setUp(start = 1_000_000_000): {
  clock: ReturnType<typeof createHybridClock>;
  pass(ms: number): void;
  time(): number;
} {
  let time = start;
  return { clock: createHybridClock(() => time, tolerated), pass: (ms) => void (time += ms), time: () => time };
}

describe('the hybrid clock', () => {
  test('gives the device’s time, and never the same twice', () => {
    const { clock, pass } = setUp();
    expect([clock.next(), clock.next()]).toEqual([1_000_000_000, 1_000_000_001]);
    pass(10);
    expect(clock.next()).toBe(1_000_000_010);
  });

  test('an answer stands after what it answers, also when the other clock is a little ahead', () => {
    const { clock } = setUp();
    clock.observe(1_000_050_000);
    expect(clock.next()).toBe(1_000_050_001);
  });

  test('a time far in the future does not drag it along', () => {
    const { clock } = setUp();
    clock.observe(1_000_000_000 + tolerated + 1);
    expect(clock.next()).toBe(1_000_000_000);
  });

  test('[D9] it follows the server where the device is wrong by more than is tolerated', () => {
    const { clock, time } = setUp();
    clock.next();
    clock.correct(time() - 3_600_000);
    expect(clock.skew()).toBe(3_600_000);
    expect(clock.next()).toBe(time() - 3_600_000);
    clock.correct(time() - 1_000);
    expect(clock.skew()).toBe(0);
    expect(clock.next()).toBe(time());
    clock.correct(time() + 3_600_000);
    expect(clock.next()).toBe(time() + 3_600_000);
  });

  test('times only rise as long as the server does not correct it', () => {
    const act = fc.oneof(
      fc.record({ pass: fc.integer({ min: -10_000, max: 10_000 }) }),
      fc.record({ observe: fc.integer({ min: -200_000, max: 200_000 }) }),
    );
    fc.assert(
      fc.property(fc.array(act), (acts) => {
        const { clock, pass, time } = setUp();
        let last = clock.next();
        for (const one of acts) {
          if ('pass' in one) pass(one.pass);
          else clock.observe(time() + one.observe);
          const next = clock.next();
          expect(next).toBeGreaterThan(last);
          last = next;
        }
      }),
    );
  });
});
