/**
 * What the tabs of one device say to each other: the leader reports what its engine does, the others say what they need of it. A tab
 * that opens asks, and is told the last report of each kind.
 */
import type { ConversationId, SegmentName } from '#schema/ids.ts';
import type { EngineReport } from '#client/sync/sync-engine.ts';

/** What a tab may want of the leader. */
export type Wish =
  | { readonly what: 'sync-now' }
  | { readonly what: 'replicas' }
  | { readonly what: 'segment'; readonly conversation: ConversationId; readonly segment: SegmentName }
  | { readonly what: 'network'; readonly online: boolean }
  | { readonly what: 'session-gone' }
  | { readonly what: 'reports' };

type TabMessage = { readonly report: EngineReport } | { readonly wish: Wish };

/** What of a BroadcastChannel is used. */
export type TabChannel = Pick<BroadcastChannel, 'postMessage' | 'addEventListener' | 'close'>;

export interface TabLink {
  /** The leader's: tells every tab, this one included. */
  report(report: EngineReport): void;
  /** Asks the leader, which may be this tab. With no leader (one is about to be) it is lost; the next one asks itself what is needed. */
  wish(wish: Wish): void;
  /** This tab leads from now on (or no more: null). */
  lead(take: ((wish: Wish) => void) | null): void;
  close(): void;
}

/** @param heard takes every report. */
export function createTabLink(channel: TabChannel, heard: (report: EngineReport) => void): TabLink {
  let leader: ((wish: Wish) => void) | null = null;
  const last = new Map<EngineReport['what'], EngineReport>();

  channel.addEventListener('message', (event) => {
    const message = event.data as TabMessage;
    if ('report' in message) heard(message.report);
    else if (leader) take(message.wish);
  });

  function take(wish: Wish): void {
    if (wish.what !== 'reports') return leader?.(wish);
    for (const report of last.values()) channel.postMessage({ report } satisfies TabMessage);
  }

  return {
    report(report) {
      // Told once to whoever was there; all else is a state that a new tab wants to know.
      if (report.what !== 'clock-corrected' && report.what !== 'failed') last.set(report.what, report);
      heard(report);
      channel.postMessage({ report } satisfies TabMessage);
    },
    wish(wish) {
      if (leader) take(wish);
      else channel.postMessage({ wish } satisfies TabMessage);
    },
    lead(taking) {
      leader = taking;
      if (!taking) last.clear();
    },
    close() {
      leader = null;
      channel.close();
    },
  };
}
