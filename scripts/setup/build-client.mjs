import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { repository, say } from './repository.mjs';
import { runChild } from './run-child.mjs';

const built = join(repository, 'dist/client');
const stampFile = join(repository, 'dist/client.stamp');
/** Everything the built app is made from. */
const sources = ['client', 'schema', 'vite.config.ts', 'package-lock.json'];

/** Builds the client into `dist/client` unless that was built from these very sources. */
export async function buildClient() {
  const stamp = hashSources();
  if (existsSync(join(built, 'index.html')) && existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp)
    return;
  say('Building the app…');
  // Beside the old one and then moved: a server that runs meanwhile never serves half an app.
  const fresh = `${built}.${process.pid}`;
  const vite = join(repository, 'node_modules/vite/bin/vite.js');
  const code = await runChild(process.execPath, [vite, 'build', '--logLevel', 'error'], {
    // Called from within vitest too, whose variables would change what is built.
    env: { CHATSYNC_CLIENT_OUT: fresh, NODE_ENV: 'production', VITEST: undefined },
    stdout: 'stderr',
  });
  if (code !== 0) {
    rmSync(fresh, { recursive: true, force: true });
    throw new Error('the app could not be built.');
  }
  mkdirSync(join(repository, 'dist'), { recursive: true });
  const old = `${built}.old-${process.pid}`;
  if (existsSync(built)) renameSync(built, old);
  renameSync(fresh, built);
  writeFileSync(stampFile, stamp);
  rmSync(old, { recursive: true, force: true });
}

function hashSources() {
  const hash = createHash('sha256');
  for (const source of sources) {
    const path = join(repository, source);
    const files =
      existsSync(path) && !source.includes('.')
        ? readdirSync(path, { recursive: true, withFileTypes: true })
            .filter((entry) => entry.isFile())
            .map((entry) => join(entry.parentPath, entry.name))
        : [path];
    for (const file of files.sort()) {
      if (/\.test\.tsx?$/.test(file)) continue;
      hash
        .update(`${relative(repository, file)}\0`)
        .update(readFileSync(file))
        .update('\0');
    }
  }
  return hash.digest('hex');
}
