import { ErrorState } from '#client/ui/error-state.tsx';
import styles from './crash-screen.module.css';

/** The whole window, when the app cannot go on: what is safe, and the one thing to do. */
export function CrashScreen({ error }: { error: unknown }) {
  return (
    <main className={styles.screen}>
      <ErrorState
        headingLevel={1}
        title="Something went wrong"
        action={{ label: 'Load the app again', onSelect: () => location.reload() }}
      >
        Nothing is lost: what you wrote is kept on this device and is sent as soon as it can be.
      </ErrorState>
      <details className={styles.details}>
        <summary>For whoever helps you</summary>
        <pre>{error instanceof Error ? (error.stack ?? error.message) : String(error)}</pre>
      </details>
    </main>
  );
}
