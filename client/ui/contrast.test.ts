import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { FRAME_COLOURS } from './theme/theme-choice.ts';

const css = readFileSync(new URL('./tokens.css', import.meta.url), 'utf8');

/** Every colour token written as two opaque values: name → [light, dark]. */
const colours = new Map(
  [...css.matchAll(/--([\w-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\)/g)].map(
    ([, name = '', light = '', dark = '']) => [name, { light, dark }],
  ),
);

function colour(name: string, theme: 'light' | 'dark'): string {
  const found = colours.get(name);
  if (!found) throw new Error(`tokens.css has no colour --${name}`);
  return found[theme];
}

/** WCAG 2.2, relative luminance and contrast ratio. */
function contrast(one: string, other: string): number {
  const [high, low] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return ((high ?? 0) + 0.05) / ((low ?? 0) + 0.05);
}

function luminance(hex: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
    const value = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

const surfaces = ['surface-1', 'surface-2', 'surface-3', 'surface-overlay', 'accent-subtle'];
const identities = Array.from({ length: 10 }, (_, number) => `identity-${number}`);

/** Text on ground: at least 4.5:1 (WCAG 1.4.3). */
const text: [string, string][] = [
  ...['text', 'text-secondary', 'accent-text', 'danger-text', 'warning-text', 'success-text'].flatMap((name) =>
    surfaces.map((surface): [string, string] => [name, surface]),
  ),
  ...['field-surface', 'search-surface', 'control-surface', 'tab-surface'].map((ground): [string, string] => [
    'text',
    ground,
  ]),
  ...['field-surface', 'search-surface'].map((ground): [string, string] => ['text-secondary', ground]),
  ...['accent', 'accent-hover', 'accent-active'].map((ground): [string, string] => ['on-accent', ground]),
  ['on-accent-secondary', 'accent'],
  ['on-danger', 'danger'],
  ['on-danger', 'danger-hover'],
  ['danger-text', 'danger-subtle'],
  ['warning-text', 'warning-subtle'],
  ['success-text', 'success-subtle'],
  ['text', 'selection'],
  ['on-badge-muted', 'badge-muted'],
  ['on-tooltip', 'tooltip-surface'],
  ...identities.map((name): [string, string] => [`${name}-text`, name]),
  ...identities.flatMap((name) => surfaces.slice(0, 3).map((surface): [string, string] => [`${name}-text`, surface])),
];

/** What bounds a control or shows a state: at least 3:1 (WCAG 1.4.11). */
const marks: [string, string][] = [
  ['line-strong', 'surface-1'],
  ['line-strong', 'surface-overlay'],
  ['on-accent-strong', 'accent'],
  ...surfaces.slice(0, 2).flatMap((surface): [string, string][] => [
    ['focus-ring', surface],
    ['presence-online', surface],
    ['presence-away', surface],
  ]),
];

describe.each(['light', 'dark'] as const)('in the %s theme', (theme) => {
  test.each(text)('%s on %s is read at 4.5:1', (name, ground) => {
    expect(contrast(colour(name, theme), colour(ground, theme))).toBeGreaterThanOrEqual(4.5);
  });

  test.each(marks)('%s on %s is seen at 3:1', (name, ground) => {
    expect(contrast(colour(name, theme), colour(ground, theme))).toBeGreaterThanOrEqual(3);
  });

  test('the frame of the browser has the colour of the second surface', () => {
    expect(FRAME_COLOURS[theme]).toBe(colour('surface-2', theme));
  });
});

test.each(['text', 'text-secondary', 'accent-text', 'danger-text'])(
  '%s is read on a toast, which is dark in both themes',
  (name) => {
    for (const ground of ['light', 'dark'] as const) {
      expect(contrast(colour(name, 'dark'), colour('toast-surface', ground))).toBeGreaterThanOrEqual(4.5);
    }
  },
);
