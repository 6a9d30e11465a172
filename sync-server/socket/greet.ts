/** The hello and its answer (S2): welcome, then changes. */
import { CLOSE } from '#schema/wire/close-reasons.ts';
import type { Hello } from '#schema/wire/hello.ts';
import { OLDEST_PROTOCOL_VERSION, PROTOCOL_VERSION } from '#schema/wire/protocol-version.ts';
import type { Logger } from '../logger.ts';
import type { RelayCore } from '../relay/create-core.ts';
import type { Database } from '../store/database.ts';
import { grantReplicas } from '../store/grant-replicas.ts';
import { readChanges } from '../store/read-changes.ts';
import type { DeviceSession } from './device-session.ts';

export interface GreetDeps {
  readonly core: RelayCore;
  readonly database: Database;
  readonly logger: Logger;
  /** The server's clock, ms since 1970. */
  wallClock(): number;
}

export function createGreeting(deps: GreetDeps): (session: DeviceSession, hello: Hello) => void {
  const { core, database, logger } = deps;

  async function greet(session: DeviceSession, hello: Hello): Promise<void> {
    const { user, device } = session;
    const { replicasWanted, retired } = hello;
    // A cursor of another epoch says nothing about this database (C5).
    const since = hello.epoch === core.epoch ? hello.since : null;
    const replicas =
      replicasWanted > 0 || retired.length > 0
        ? await core.reads.run(() => grantReplicas(database, { user, device, count: replicasWanted, retired }))
        : [];
    if (session.state === 'ended') return;
    // Online before the changes are read: what is committed from here on is in them, or in a delta after them.
    core.greet(session);
    const changes = await core.reads.run(() => readChanges(database, user, since));
    session.send({
      type: 'welcome',
      protocol: PROTOCOL_VERSION,
      epoch: core.epoch,
      serverTime: deps.wallClock(),
      replicas,
    });
    session.sendChanges({ type: 'changes', ...changes });
    const { missed } = session;
    session.missed = false;
    session.happen('greeted');
    session.resume();
    if (missed) core.refresher.device(session);
  }

  return (session, hello) => {
    if (hello.protocol < OLDEST_PROTOCOL_VERSION)
      return session.end(CLOSE.protocolTooOld, 'This app is too old for this server.');
    if (hello.protocol > PROTOCOL_VERSION)
      return session.end(CLOSE.protocolTooNew, 'This server is older than the app.');
    if (hello.device !== session.device) return session.end(CLOSE.notSignedIn, 'This session is another device’s.');
    // One thing after the other: what it says behind its hello is read when it was greeted.
    session.pause();
    greet(session, hello).catch((error: unknown) => {
      logger.warn({ err: error }, 'a device could not be greeted');
      session.end(CLOSE.goingAway, 'The server cannot read what changed at the moment.');
    });
  };
}
