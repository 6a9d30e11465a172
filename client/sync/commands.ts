/**
 * Sends relational changes (design §6) one after the other, each with its idempotency key: one that was sent and not answered is sent
 * again and gets the answer of the first time. A refusal undoes what was shown meanwhile, and says why.
 */
import { ERROR_CODES, Refusal } from '#schema/errors.ts';
import type { ConversationId } from '#schema/ids.ts';
import type { CommandEntry, DeviceStore } from '#client/store/device-store.ts';
import { backoff } from './backoff.ts';
import type { HttpPort } from './http-port.ts';
import { requireSuccess } from './server-answer.ts';
import { singleFlight } from './single-flight.ts';
import type { Timers } from './timers.ts';

export interface CommandQueue {
  begin(): void;
  halt(): void;
  poke(): void;
}

export interface CommandDeps {
  readonly store: DeviceStore;
  readonly http: HttpPort;
  readonly timers: Timers;
  readonly random: () => number;
  /** One was answered. `created`: the conversation that is not pending any more. */
  readonly done: (created: ConversationId | null) => Promise<void>;
  readonly sessionGone: () => void;
  readonly failed: (error: unknown) => void;
}

export function createCommandQueue(deps: CommandDeps): CommandQueue {
  let open = false;
  let attempts = 0;
  let resume: (() => void) | null = null;

  const poke = singleFlight(async () => {
    while (open && resume === null) {
      const [command] = await deps.store.commands();
      if (!command) return;
      await attempt(command);
    }
  }, deps.failed);

  async function attempt(command: CommandEntry): Promise<void> {
    const refusal = await ask(command);
    if (refusal?.code === 'not-signed-in') {
      open = false;
      return deps.sessionGone();
    }
    if (refusal && ERROR_CODES[refusal.code].again !== 'never') return pause();
    attempts = 0;
    await deps.store.commandDone(command.n, refusal && { code: refusal.code, message: refusal.message });
    await deps.done(refusal ? null : command.creates);
  }

  /** Null: done. No answer at all counts as `unavailable`. */
  async function ask(command: CommandEntry): Promise<Refusal | null> {
    const { method, path, body, key } = command;
    try {
      requireSuccess(await deps.http.request({ method, path, body, headers: { 'Idempotency-Key': key } }));
      return null;
    } catch (error) {
      return error instanceof Refusal ? error : new Refusal('unavailable');
    }
  }

  function pause(): void {
    attempts++;
    resume = deps.timers.after(backoff(attempts, deps.random), () => {
      resume = null;
      poke();
    });
  }

  return {
    poke,
    begin() {
      open = true;
      attempts = 0;
      poke();
    },
    halt() {
      open = false;
      resume?.();
      resume = null;
    },
  };
}
