import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build, loadConfigFromFile } from 'vite';
import { expect, test } from 'vitest';
import { FRAME_COLOURS } from './theme-choice.ts';

const repository = fileURLToPath(new URL('../../../', import.meta.url));

test('the build leaves light-dark() alone, so that a part of the page can be dark in a light theme', async () => {
  const env = { command: 'build', mode: 'production' } as const;
  const loaded = await loadConfigFromFile(env, `${repository}vite.config.ts`, repository, 'silent');
  if (!loaded) throw new Error('vite.config.ts could not be read');
  const cssTarget = loaded.config.build?.cssTarget;
  const result = await build({
    root: `${repository}client`,
    configFile: false,
    logLevel: 'silent',
    build: {
      ...(cssTarget !== undefined && { cssTarget }),
      write: false,
      rolldownOptions: { input: `${repository}client/ui/base.css` },
    },
  });
  const outputs = Array.isArray(result) ? result : [result];
  const css = outputs.flatMap((output) =>
    'output' in output
      ? output.output.map((file) =>
          file.type === 'asset' && file.fileName.endsWith('.css') ? String(file.source) : '',
        )
      : [],
  );
  expect(css.join('')).toContain('--surface-1:light-dark(');
});

test('index.html frames the first paint in the colours the theme will give it', () => {
  const page = readFileSync(`${repository}client/index.html`, 'utf8');
  for (const scheme of ['light', 'dark'] as const) {
    expect(page).toContain(
      `<meta name="theme-color" media="(prefers-color-scheme: ${scheme})" content="${FRAME_COLOURS[scheme]}" />`,
    );
  }
});
