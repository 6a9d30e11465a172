import react from '@vitejs/plugin-react';
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { VitePWA } from 'vite-plugin-pwa';
import { defineConfig, type TestProjectConfiguration } from 'vitest/config';
import { THEME_BOOT_SCRIPT } from './client/ui/theme/theme-boot-script.ts';

const repository = fileURLToPath(new URL('.', import.meta.url));
const { version } = JSON.parse(readFileSync(`${repository}package.json`, 'utf8')) as { version: string };
const relay = `http://127.0.0.1:${process.env['PORT'] ?? '3000'}`;

const parts = '{schema,client,sync-server,scripts,tests}';
/** The suffixes that ask for more than Node alone; plain `.test.ts` is everything else. */
const needy = ['dom', 'pg', 'e2e'].map((need) => `**/*.${need}.test.{ts,tsx}`);

/** A test waits for events; this only ends one that would hang. Milliseconds, for a machine that does other things too. */
const generous = 60_000;

/** One project for each thing a test may need: nothing, a DOM, a PostgreSQL, a browser. */
const projects: TestProjectConfiguration[] = [
  {
    root: repository,
    test: {
      name: 'node',
      environment: 'node',
      include: [`${parts}/**/*.test.{ts,tsx}`],
      exclude: needy,
      testTimeout: generous,
    },
  },
  {
    root: repository,
    plugins: [react()],
    test: {
      name: 'dom',
      environment: 'jsdom',
      include: [`${parts}/**/*.dom.test.{ts,tsx}`],
      testTimeout: generous,
      setupFiles: [`${repository}tests/support/dom-setup.ts`],
    },
  },
  {
    root: repository,
    test: {
      name: 'pg',
      environment: 'node',
      include: [`${parts}/**/*.pg.test.ts`],
      globalSetup: [`${repository}tests/support/postgres-global-setup.ts`],
      // One file at a time: transaction ids are a server's, and an open transaction of one file holds back another's cursors.
      fileParallelism: false,
      sequence: { groupOrder: 1 },
      testTimeout: 60_000,
      hookTimeout: 60_000,
    },
  },
  {
    root: repository,
    test: {
      name: 'e2e',
      environment: 'node',
      include: ['tests/e2e/**/*.e2e.test.ts'],
      globalSetup: [`${repository}tests/support/browser-global-setup.ts`],
      // One browser and one server at a time, after all else: figures and deadlines stay honest on two cores.
      fileParallelism: false,
      sequence: { groupOrder: 2 },
      testTimeout: 120_000,
      hookTimeout: 120_000,
    },
  },
];

export default defineConfig({
  root: process.env['VITEST'] === undefined ? `${repository}client` : repository,
  envDir: repository,
  plugins: [
    react(),
    {
      // The theme stands before the first paint; the server allows the script by its hash.
      name: 'theme-before-first-paint',
      transformIndexHtml: () => [{ tag: 'script', children: THEME_BOOT_SCRIPT, injectTo: 'head-prepend' }],
    },
    VitePWA({
      // The worker is our own file; the build gives it the list of what to precache.
      strategies: 'injectManifest',
      srcDir: '.',
      filename: 'service-worker.ts',
      // A new version asks first: a reload in the middle of a sentence is rude.
      registerType: 'prompt',
      injectRegister: false,
      injectManifest: {
        // Workbox's own default leaves out fonts, .json and .wasm, and the app would not start offline.
        globPatterns: ['**/*.{js,css,html,svg,png,ico,woff2,json,wasm,webmanifest}'],
        maximumFileSizeToCacheInBytes: 8 * 1024 * 1024,
        rollupFormat: 'iife',
      },
      manifest: {
        id: '/',
        name: 'ChatSync+',
        short_name: 'ChatSync+',
        description: 'A messenger that is whole without a network.',
        start_url: '/',
        scope: '/',
        display: 'standalone',
        background_color: '#ffffff',
        theme_color: '#ffffff',
        icons: [
          { src: '/icons/icon-192.png', sizes: '192x192', type: 'image/png' },
          { src: '/icons/icon-512.png', sizes: '512x512', type: 'image/png' },
          { src: '/icons/icon-maskable-512.png', sizes: '512x512', type: 'image/png', purpose: 'maskable' },
        ],
      },
    }),
  ],
  define: { 'import.meta.env.APP_VERSION': JSON.stringify(version) },
  worker: { format: 'es' },
  build: {
    outDir: process.env['CHATSYNC_CLIENT_OUT'] ?? `${repository}dist/client`,
    emptyOutDir: true,
    target: 'es2022',
    // The first browsers that know light-dark(). Written out for older ones, a part of the page could no longer be dark by itself.
    cssTarget: ['chrome123', 'firefox120', 'safari17.5'],
    sourcemap: true,
  },
  server: {
    host: '127.0.0.1',
    port: 5173,
    strictPort: false,
    // As objects, so that the Host stays as typed: the server compares it with the Origin of what is written.
    proxy: {
      '/api': { target: relay },
      '/health': { target: relay },
      '/socket': { target: relay, ws: true },
      '/y': { target: relay, ws: true },
    },
  },
  // Every core for what needs nothing but Node: vitest would leave one of two idle.
  test: { maxWorkers: availableParallelism(), projects, passWithNoTests: true },
});
