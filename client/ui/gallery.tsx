// For looking, in development alone: every component in all its states. `?theme=dark` and `?show=layout` are for photographs.
import { StrictMode, useState } from 'react';
import { createRoot } from 'react-dom/client';
import './base.css';
import { GalleryControls } from './gallery/gallery-controls.tsx';
import { GalleryFields } from './gallery/gallery-fields.tsx';
import { GalleryLayout } from './gallery/gallery-layout.tsx';
import { GalleryLayers } from './gallery/gallery-layers.tsx';
import { GalleryStates } from './gallery/gallery-states.tsx';
import styles from './gallery/gallery.module.css';
import { RadioGroup } from './radio-group.tsx';
import { parseThemeChoice } from './theme/theme-choice.ts';
import { ThemeProvider, useTheme } from './theme/theme-provider.tsx';
import { ToastProvider } from './toast-context.tsx';
import { ToastRegion } from './toast-region.tsx';
import { createToastStore } from './toast-store.ts';
import { DarkIcon, LightIcon, SystemIcon } from './icons.ts';

const asked = new URLSearchParams(location.search);

function Gallery() {
  const [choice, setChoice] = useState(parseThemeChoice(asked.get('theme')));
  const [toasts] = useState(createToastStore);
  return (
    <ThemeProvider choice={choice} setChoice={setChoice}>
      <ToastProvider store={toasts}>
        {asked.get('show') === 'layout' ? <GalleryLayout /> : <Pages />}
        <ToastRegion />
      </ToastProvider>
    </ThemeProvider>
  );
}

function Pages() {
  const { choice, setChoice } = useTheme();
  return (
    <div className={styles.page}>
      <h1 className={styles.title}>Interface kit</h1>
      <RadioGroup
        label="Theme"
        layout="cards"
        value={choice}
        onValueChange={setChoice}
        options={[
          { value: 'light', label: 'Light', icon: <LightIcon size={20} /> },
          { value: 'dark', label: 'Dark', icon: <DarkIcon size={20} /> },
          { value: 'system', label: 'System', icon: <SystemIcon size={20} /> },
        ]}
      />
      <GalleryControls />
      <GalleryFields />
      <GalleryStates />
      <GalleryLayers />
    </div>
  );
}

const root = document.getElementById('gallery');
if (root) {
  createRoot(root).render(
    <StrictMode>
      <Gallery />
    </StrictMode>,
  );
}
