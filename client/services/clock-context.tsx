import { createContext, use, useEffect, useState, type ReactNode } from 'react';

const ClockContext = createContext<() => number>(Date.now);

/** Gives the screens below another clock: for tests. `now` in ms. */
export function ClockProvider({ now, children }: { now: () => number; children: ReactNode }) {
  return <ClockContext value={now}>{children}</ClockContext>;
}

/** Ends of the wait until the next full minute, with some slack so that it has begun for sure. */
const SLACK_MS = 50;

/** The time in ms, renewed at every full minute: for words such as "14:02" that become "Yesterday". */
export function useNow(): number {
  const clock = use(ClockContext);
  const [now, setNow] = useState(clock);
  useEffect(() => {
    let timer: number;
    const wait = () => {
      timer = window.setTimeout(
        () => {
          setNow(clock());
          wait();
        },
        60_000 - (clock() % 60_000) + SLACK_MS,
      );
    };
    wait();
    // Timers sleep with the machine: what comes back to the screen must be right at once.
    const shown = () => {
      if (document.visibilityState === 'visible') setNow(clock());
    };
    document.addEventListener('visibilitychange', shown);
    return () => {
      window.clearTimeout(timer);
      document.removeEventListener('visibilitychange', shown);
    };
  }, [clock]);
  return now;
}
