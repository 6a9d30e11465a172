/** What the frames of a greeted device mean. */
import { ERROR_CODES, Refusal, type ErrorCode } from '#schema/errors.ts';
import { LIMITS } from '#schema/limits.ts';
import { CLOSE } from '#schema/wire/close-reasons.ts';
import { decodeUp, encodeDown } from '#schema/wire/frame.ts';
import type { Hello } from '#schema/wire/hello.ts';
import type { Push } from '#schema/wire/push.ts';
import type { Receipt } from '#schema/wire/receipt.ts';
import type { MoreReplicas } from '#schema/wire/replicas.ts';
import type { Logger } from '../logger.ts';
import type { RelayCore } from '../relay/create-core.ts';
import type { Database } from '../store/database.ts';
import { grantReplicas } from '../store/grant-replicas.ts';
import type { DeviceSession } from './device-session.ts';

export interface FrameHandlerDeps {
  readonly core: RelayCore;
  readonly database: Database;
  readonly logger: Logger;
  now(): number;
  readonly greet: (session: DeviceSession, hello: Hello) => void;
  readonly pull: (session: DeviceSession) => void;
}

/** Questions of one device that may wait: each conversation it has, once. */
const mostPulls = 2 * LIMITS.changesConversations;

const heartbeat = encodeDown({ type: 'heartbeat' });

export function createFrameHandler(
  deps: FrameHandlerDeps,
): (session: DeviceSession, data: Buffer, isBinary: boolean) => void {
  const { core, database, logger, now } = deps;
  const { figures, intake } = core;

  function received(session: DeviceSession, data: Buffer, isBinary: boolean): void {
    const result = isBinary ? decodeUp(data) : ({ ok: false, unknown: false, reason: 'text' } as const);
    if (!result.ok) {
      figures.frames.inc({ type: result.unknown ? 'unknown' : 'malformed' });
      // S3: of a later version, to be ignored; or nobody's.
      if (!result.unknown) session.end(CLOSE.malformedFrame, result.reason.slice(0, 100));
      else if (session.state === 'waiting') session.happen('frame');
      else request(session);
      return;
    }
    const { frame } = result;
    figures.frames.inc({ type: frame.type });
    if (frame.type === 'hello') {
      session.happen('hello');
      if (session.state === 'greeting') deps.greet(session, frame);
      return;
    }
    session.happen('frame');
    if (session.state === 'ended') return;
    switch (frame.type) {
      case 'push':
        return push(session, frame);
      case 'pull':
        if (!request(session)) return;
        session.pulls ??= [];
        if (session.pulls.push(frame) > mostPulls) return session.end(CLOSE.tooMuch, 'Too many questions at once.');
        return deps.pull(session);
      case 'receipt':
        if (request(session)) receipt(session, frame);
        return;
      case 'more-replicas':
        if (request(session)) moreReplicas(session, frame);
        return;
      case 'heartbeat':
        // A relay answers it with one (S4).
        if (request(session)) session.sendBytes(heartbeat);
    }
  }

  /** Requests above the rate are served; far above it the socket ends. */
  function request(session: DeviceSession): boolean {
    if (session.buckets.requests.take(1, now()) !== 'far') return true;
    session.end(CLOSE.tooMuch, 'Too many requests.');
    return false;
  }

  function push(session: DeviceSession, { id, conversation, segment, update }: Push): void {
    const { buckets, user } = session;
    const at = now();
    const verdicts = [buckets.updates.take(1, at), buckets.bytes.take(update.length, at)];
    if (verdicts.includes('far')) return session.end(CLOSE.tooMuch, 'Too many updates.');
    if (verdicts.includes('over') || session.inFlight >= LIMITS.pushesInFlight) {
      figures.rateLimited.inc();
      return nack(session, id, new Refusal('rate-limited'));
    }
    session.inFlight++;
    intake.take({ user, conversation, segment, update }, session, (result) => {
      session.inFlight--;
      if (result instanceof Refusal) nack(session, id, result);
      else session.send({ type: 'ack', id, seq: result.seq, to: result.to });
    });
  }

  function receipt(session: DeviceSession, { conversation, delivered, read }: Receipt): void {
    const fits = read === null || Object.keys(read.above).length <= LIMITS.readAbove;
    // More than anybody reads out of order: what it says up to `seq` still holds.
    const kept = read === null || fits ? read : { seq: read.seq, above: {} };
    core.receipts.add({ conversation, user: session.user, delivered, read: kept });
  }

  function moreReplicas(session: DeviceSession, { count, retired }: MoreReplicas): void {
    const { user, device } = session;
    core.reads
      .run(() => grantReplicas(database, { user, device, count, retired }))
      .then((replicas) => session.send({ type: 'replicas', replicas }))
      .catch((error: unknown) => {
        logger.warn({ err: error }, 'replicas could not be granted');
        session.send({ type: 'replicas', replicas: [] });
      });
  }

  return received;
}

function nack(session: DeviceSession, id: number, { code, message, expected }: Refusal): void {
  session.send({ type: 'nack', id, code, message: textOf(code, message), expected: expected ?? null });
}

function textOf(code: ErrorCode, message: string): string {
  return message.length > 0 && message.length <= 300 ? message : ERROR_CODES[code].says;
}
