import { StrictMode } from 'react';
import { createRoot, type Root } from 'react-dom/client';
import { App, type AppProps } from './app.tsx';

/** Draws the app into an element. What it stands on is made before and handed in. */
export function startApp(element: Element, parts: AppProps): Root {
  const root = createRoot(element, {
    // Caught ones have a screen of their own, and are told here for whoever looks; React's own report says it twice.
    onCaughtError: (error) => console.error(error),
  });
  root.render(
    <StrictMode>
      <App {...parts} />
    </StrictMode>,
  );
  return root;
}
