/** A socket as the relay knows it; `sync-server/socket` makes them. */
import type { ConversationId, DeviceId, SegmentName, UserId } from '#schema/ids.ts';
import type { Changes } from '#schema/wire/changes.ts';
import type { CloseCode } from '#schema/wire/close-reasons.ts';

/** Any socket of somebody signed in. */
export interface OpenSocket {
  readonly user: UserId;
  readonly device: DeviceId | null;
  readonly session: string;
  /** Ends it. Harmless when it has ended. */
  end(code: CloseCode, reason: string): void;
}

/** The socket of a device that was greeted: it gets what is committed, and what changes, as it happens. */
export interface DeviceSocket extends OpenSocket {
  readonly device: DeviceId;
  /** The cursor of the last changes it was sent (C4). */
  readonly cursor: string;
  /** Whether live changes may be sent; if not, it asks for them itself once it has drained (C7). */
  readonly keepsUp: boolean;
  /** Sends a live delta that goes through a seq, or notes that it missed it (C7). `frame` is shared: the same bytes for all. */
  sendDelta(conversation: ConversationId, through: number, frame: Uint8Array): void;
  /** Something concerns it that it cannot be told now: it asks once it can. */
  noteMissed(): void;
  /** Sends changes; their cursor is the socket's from now on. */
  sendChanges(changes: Changes): void;
}

/** A socket of a stock provider on one segment. */
export interface SegmentSocket extends OpenSocket {
  readonly conversation: ConversationId;
  readonly segment: SegmentName;
  /** Sends a committed update. */
  sendUpdate(update: Uint8Array): void;
  /** More was committed than it can be sent: it ends, and the provider comes back for the rest. */
  missedUpdates(): void;
  /** Sends what another socket on the segment said about its state of awareness. */
  sendAwareness(frame: Uint8Array): void;
}
