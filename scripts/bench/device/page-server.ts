/** A server for one page made of one TypeScript file, for what is measured or tested in a browser without the app. */
import { createServer } from 'node:http';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

export interface PageServer {
  readonly url: string;
  close(): Promise<void>;
}

/** Bundles `entry` (a path from the repository's root) and serves it at a free port, its script at `/page.js`. */
export async function servePage(entry: string): Promise<PageServer> {
  const script = await bundlePage(entry);
  const server = createServer((request, response) => {
    if (request.url === '/page.js') response.setHeader('content-type', 'text/javascript').end(script);
    else if (request.url === '/')
      response
        .setHeader('content-type', 'text/html')
        .end('<!doctype html><script type="module" src="/page.js"></script>');
    else response.writeHead(204).end();
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the page’s server has no port');
  return {
    url: `http://127.0.0.1:${address.port}/`,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

/** One file with everything it imports, as one module script. */
export async function bundlePage(entry: string): Promise<string> {
  const root = fileURLToPath(new URL('../../..', import.meta.url));
  const result = await build({
    root,
    configFile: false,
    logLevel: 'error',
    build: {
      write: false,
      target: 'es2022',
      minify: false,
      lib: { entry: `${root}${entry}`, formats: ['es'], fileName: 'page' },
    },
    define: { 'process.env.NODE_ENV': '"production"' },
  });
  const outputs = Array.isArray(result) ? result : [result];
  for (const output of outputs) {
    if ('output' in output)
      for (const chunk of output.output) if (chunk.type === 'chunk' && chunk.isEntry) return chunk.code;
  }
  throw new Error(`${entry} gave no script`);
}
