import { useEffect, useState } from 'react';
import { useDevice, useObservable } from '#client/services/device-context.ts';
import { formatBytes } from '#client/ui/format/format-bytes.ts';
import { SettingsSection } from './settings-section.tsx';
import styles from './settings.module.css';

/** The version, and what this device keeps where. */
export function AboutSection() {
  const storage = useObservable(useDevice().storage);
  const used = useStorageUse();
  return (
    <SettingsSection title="About" lead="ChatSync+ is a messenger that is whole without a network.">
      <dl className={styles.facts}>
        <dt>Version</dt>
        <dd className="tabular">{import.meta.env.APP_VERSION ?? 'development'}</dd>
        <dt>Storage</dt>
        <dd>{storage === 'indexeddb' ? 'Kept on this device' : 'In memory only: gone when this tab closes'}</dd>
        {used && (
          <>
            <dt>Space used</dt>
            <dd>{formatBytes(used.bytes)}</dd>
            <dt>Protection</dt>
            <dd>
              {used.persisted
                ? 'The browser never clears it by itself'
                : 'The browser may clear it when space runs out'}
            </dd>
          </>
        )}
      </dl>
    </SettingsSection>
  );
}

/** What the browser says this site takes, and whether it promised to keep it; null until it did, or where it does not tell. */
function useStorageUse(): { bytes: number; persisted: boolean } | null {
  const [used, setUsed] = useState<{ bytes: number; persisted: boolean } | null>(null);
  useEffect(() => {
    let current = true;
    const ask = async () => {
      const [{ usage }, persisted] = await Promise.all([navigator.storage.estimate(), navigator.storage.persisted()]);
      if (current && usage !== undefined) setUsed({ bytes: usage, persisted });
    };
    // Some browsers have no such thing on pages without https; the rows are left out then.
    ask().catch(() => undefined);
    return () => {
      current = false;
    };
  }, []);
  return used;
}
