import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const execute = promisify(execFile);

/** The user PostgreSQL runs as. It refuses to run as root, so root starts it as somebody else. */
export interface RunAs {
  readonly uid: number;
  readonly gid: number;
}

/** Tried in this order: the user Debian's packages make, then the one every system has for work without rights. */
const candidates = ['postgres', 'nobody'];

/**
 * Whom to run PostgreSQL as; undefined: as ourselves, which is right for everybody but root.
 * @throws Error when root finds none of the candidates
 */
export async function findRunAs(): Promise<RunAs | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  for (const name of candidates) {
    try {
      const [uid, gid] = await Promise.all(
        ['-u', '-g'].map(async (what) => Number((await execute('id', [what, name])).stdout)),
      );
      if (uid !== undefined && gid !== undefined && uid > 0) return { uid, gid };
    } catch {
      // No such user here: the next.
    }
  }
  throw new Error(
    `PostgreSQL does not run as root, and there is no user ${candidates.join(' or ')} to run it as. Start the server as another user, or set DATABASE_URL.`,
  );
}

/** Whether that user can enter a folder: asked of the system itself, since modes, groups and access lists all count. */
export async function canEnter(folder: string, runAs: RunAs | undefined): Promise<boolean> {
  if (runAs === undefined) return true;
  try {
    await execute('/bin/sh', ['-c', 'cd "$1"', 'sh', folder], { ...runAs, cwd: '/' });
    return true;
  } catch {
    return false;
  }
}
