import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { say } from './repository.mjs';

/** What the tests use of the system, by Debian's names, and what goes untested without it. */
const wanted = [
  { name: 'chromium', there: () => onPath('chromium'), without: 'the end-to-end tests (they need a Chromium browser)' },
  {
    name: 'fonts-noto-color-emoji',
    there: () => existsSync('/usr/share/fonts/truetype/noto/NotoColorEmoji.ttf'),
    without: undefined,
  },
  {
    name: 'postgresql',
    there: () => postgresqlThere(),
    without: "the database tests on the system's PostgreSQL (those on the built-in one run)",
  },
];

/**
 * Installs with apt-get what is missing, where that is possible without asking anybody anything: as root or with sudo
 * that wants no password. CHATSYNC_SYSTEM_PACKAGES=no leaves the system alone.
 */
export function ensureSystemPackages() {
  const missing = wanted.filter((entry) => !entry.there());
  if (missing.length === 0) return;
  const apt = aptGet();
  const names = missing.map((entry) => entry.name);
  if (apt !== undefined) {
    say(`Installing ${names.join(', ')} with apt-get…`);
    if (!apt('install', names) && apt('update', [])) apt('install', names);
  }
  for (const entry of missing) {
    if (!entry.there() && entry.without !== undefined)
      say(`${entry.name} is not installed: ${entry.without} will be skipped.`);
  }
}

/** @returns {((command: 'install' | 'update', names: string[]) => boolean) | undefined} */
function aptGet() {
  if (process.env['CHATSYNC_SYSTEM_PACKAGES'] === 'no' || process.platform !== 'linux' || !onPath('apt-get'))
    return undefined;
  const root = process.getuid?.() === 0;
  if (!root && !(onPath('sudo') && spawnSync('sudo', ['-n', 'true'], { stdio: 'ignore' }).status === 0))
    return undefined;
  return (command, names) => {
    const args = [
      'DEBIAN_FRONTEND=noninteractive',
      'apt-get',
      '-q',
      '-y',
      '-o',
      'DPkg::Lock::Timeout=120',
      command,
      ...(command === 'install' ? ['--no-install-recommends', ...names] : []),
    ];
    const [program, ...rest] = root ? ['env', ...args] : ['sudo', '-n', 'env', ...args];
    return spawnSync(program ?? 'env', rest, { stdio: ['ignore', 2, 2] }).status === 0;
  };
}

/** @param {string} program */
function onPath(program) {
  return (process.env['PATH'] ?? '')
    .split(delimiter)
    .some((folder) => folder !== '' && existsSync(join(folder, program)));
}

function postgresqlThere() {
  const folder = '/usr/lib/postgresql';
  return (
    existsSync(folder) &&
    readdirSync(folder).some((major) => Number(major) >= 15 && existsSync(join(folder, major, 'bin/initdb')))
  );
}
