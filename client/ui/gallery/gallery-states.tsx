import { Banner } from '../banner.tsx';
import { EmptyState } from '../empty-state.tsx';
import { ErrorState } from '../error-state.tsx';
import { ComposeIcon, MessagesIcon, OfflineIcon, RefreshIcon, WarningIcon } from '../icons.ts';
import { ProgressBar } from '../progress-bar.tsx';
import { Separator } from '../separator.tsx';
import { Skeleton } from '../skeleton.tsx';
import { Spinner } from '../spinner.tsx';
import { GallerySection } from './gallery-section.tsx';
import styles from './gallery.module.css';

const nothing = () => undefined;

export function GalleryStates() {
  return (
    <>
      <GallerySection title="Notices">
        <div className={styles.stack}>
          <Banner icon={<OfflineIcon />}>Offline. Changes will sync later.</Banner>
          <Banner icon={<RefreshIcon />} action={{ label: 'Update', onSelect: nothing }} onDismiss={nothing}>
            Update ready.
          </Banner>
          <Banner tone="warning" icon={<WarningIcon />} action={{ label: 'Details', onSelect: nothing }}>
            This browser keeps nothing: what you write here is lost when you close the page.
          </Banner>
          <Banner tone="danger" icon={<WarningIcon />} onDismiss={nothing}>
            You were signed out on this device.
          </Banner>
        </div>
      </GallerySection>
      <GallerySection title="Empty, wrong, waiting">
        <div className={styles.columns}>
          <div className={styles.card}>
            <EmptyState
              icon={<MessagesIcon />}
              title="No conversations yet"
              action={{ label: 'New conversation', icon: <ComposeIcon />, onSelect: nothing }}
            >
              Write to somebody: it works without a network too.
            </EmptyState>
          </div>
          <div className={styles.card}>
            <ErrorState
              title="This conversation could not be opened"
              action={{ label: 'Open again', onSelect: nothing }}
            >
              What is kept on this device could not be read. The others are not affected.
            </ErrorState>
          </div>
          <div className={styles.card}>
            <div className={styles.rows} aria-busy="true">
              {[62, 48, 71].map((width) => (
                <div key={width} className={styles.conversation}>
                  <Skeleton shape="circle" width={48} height={48} />
                  <div>
                    <Skeleton width={`${width}%`} />
                    <Skeleton width={`${width + 20}%`} />
                  </div>
                </div>
              ))}
            </div>
          </div>
        </div>
        <div className={styles.row}>
          <Spinner label="Loading" />
          <Spinner size={28} />
          <span style={{ flex: 1 }}>
            <ProgressBar label="Uploading photo.jpg" value={0.4} />
          </span>
          <span style={{ flex: 1 }}>
            <ProgressBar label="Uploading film.mp4" value={null} />
          </span>
        </div>
        <Separator label="Today" look="pill" />
        <Separator label="Earlier" />
        <Separator label="New messages" look="accent" />
        <Separator />
      </GallerySection>
    </>
  );
}
