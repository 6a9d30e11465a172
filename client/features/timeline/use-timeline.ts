import { useEffect, useState } from 'react';
import type { ConversationId } from '#schema/ids.ts';
import type { Timeline } from '#client/services/device.ts';
import { useDevice } from '#client/services/device-context.ts';

/** Opens a conversation for as long as the component shows it. Null for the moment before it is open. */
export function useTimeline(conversation: ConversationId): Timeline | null {
  const device = useDevice();
  const [open, setOpen] = useState<{ of: ConversationId; timeline: Timeline } | null>(null);
  useEffect(() => {
    const timeline = device.openTimeline(conversation);
    setOpen({ of: conversation, timeline });
    return () => timeline.close();
  }, [device, conversation]);
  return open?.of === conversation ? open.timeline : null;
}
