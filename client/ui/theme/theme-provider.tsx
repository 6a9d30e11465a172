import { createContext, use, useLayoutEffect, type ReactNode } from 'react';
import { applyTheme } from './apply-theme.ts';
import type { ThemeChoice } from './theme-choice.ts';

const ThemeContext = createContext<ThemeState | null>(null);

interface ThemeState {
  choice: ThemeChoice;
  setChoice: (choice: ThemeChoice) => void;
}

export interface ThemeProviderProps extends ThemeState {
  children: ReactNode;
}

/** Keeps the page in the chosen theme. The choice is a setting like others, so it comes from above and goes there. */
export function ThemeProvider({ choice, setChoice, children }: ThemeProviderProps) {
  useLayoutEffect(() => applyTheme(choice), [choice]);
  return <ThemeContext value={{ choice, setChoice }}>{children}</ThemeContext>;
}

/** The chosen theme and the way to change it. Throws outside a `ThemeProvider`. */
export function useTheme(): ThemeState {
  const state = use(ThemeContext);
  if (!state) throw new Error('useTheme needs a ThemeProvider above it');
  return state;
}
