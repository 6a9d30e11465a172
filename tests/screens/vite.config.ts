import react from '@vitejs/plugin-react';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

const repository = fileURLToPath(new URL('../../', import.meta.url));

/** The app on a device by hand, for looking: `npx vite --config tests/screens/vite.config.ts`, then /?state=empty&theme=dark and so on. */
export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  publicDir: `${repository}client/public`,
  cacheDir: `${repository}node_modules/.vite-screens`,
  plugins: [react()],
  server: { host: '127.0.0.1', port: 5199, strictPort: false, fs: { allow: [repository] }, hmr: false },
});
