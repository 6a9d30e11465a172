import { useEffect, useState } from 'react';
import type { ConversationId } from '#schema/ids.ts';
import type { SearchHit } from '#client/services/device.ts';
import { useDevice } from '#client/services/device-context.ts';

/** Hits shown at once: more than anybody reads; a further word narrows them down. */
const SHOWN = 50;
/** Keys that follow each other this closely, in ms, are one search. */
const PAUSE = 80;

/** What was found on this device; null while nothing was looked for. A newer search makes an older one's answer void. */
export function useMessageSearch(query: string, conversation: ConversationId | null): readonly SearchHit[] | null {
  const device = useDevice();
  const [found, setFound] = useState<{ query: string; hits: readonly SearchHit[] } | null>(null);
  const words = query.trim();
  useEffect(() => {
    if (words === '') {
      setFound(null);
      return;
    }
    let current = true;
    const timer = window.setTimeout(() => {
      void device.searchMessages(words, conversation, SHOWN).then((hits) => {
        if (current) setFound({ query: words, hits });
      });
    }, PAUSE);
    return () => {
      current = false;
      window.clearTimeout(timer);
    };
  }, [device, words, conversation]);
  return words === '' ? null : (found?.hits ?? null);
}
