import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import express, { type RequestHandler, type Response, Router } from 'express';

/**
 * Serves the built app: files whose name carries their hash for ever, all else only after asking whether it changed, and index.html for
 * every address of the app (`/c/…`, `/settings/…`).
 * @param folder what `vite build` wrote
 */
export function createClientRoutes(folder: string): Router {
  const router = Router();
  router.use(
    express.static(folder, {
      index: false,
      redirect: false,
      dotfiles: 'ignore',
      setHeaders: cacheControl(join(folder, 'assets') + sep),
    }),
  );
  router.get('/{*splat}', sendIndex(folder));
  return router;
}

/** One year: https://www.rfc-editor.org/rfc/rfc8246. */
const forEver = 'public, max-age=31536000, immutable';

function cacheControl(assets: string): (response: Response, path: string) => void {
  return (response, path) => {
    response.set('Cache-Control', path.startsWith(assets) ? forEver : 'no-cache');
    if (path.endsWith('.webmanifest')) response.type('application/manifest+json');
  };
}

/** No address of the app has a dot in its last part. */
const isFile = /^\/assets\/|\.[^/]*$/;

function sendIndex(folder: string): RequestHandler {
  return (request, response, next) => {
    // A file that is gone is gone: a page in place of a script or a picture breaks an old tab in strange ways.
    if (isFile.test(request.path)) {
      response.status(404).type('text/plain').send('Not found\n');
      return;
    }
    response.set('Cache-Control', 'no-cache');
    // Relative to a root: with an absolute path a clone in a hidden folder would count as a hidden file.
    response.sendFile('index.html', { root: folder, cacheControl: false }, (error) => {
      if (!error) return;
      if (response.headersSent || existsSync(join(folder, 'index.html'))) next(error);
      else response.status(503).type('text/plain').send('The app has not been built yet: run "npm run build".\n');
    });
  };
}

/** The hashes of the scripts written into index.html, as a content security policy names them. Empty without an index.html. */
export function inlineScriptHashes(folder: string): string[] {
  const index = join(folder, 'index.html');
  if (!existsSync(index)) return [];
  const scripts = readFileSync(index, 'utf8').matchAll(/<script(?![^>]*\ssrc=)[^>]*>([\s\S]*?)<\/script>/gi);
  return [...scripts].map(([, text = '']) => `sha256-${createHash('sha256').update(text).digest('base64')}`);
}
