import { readFileSync, readdirSync } from 'node:fs';

/** Clock ticks a second of Linux's accounting (`getconf CLK_TCK`, 100 on every supported machine). */
const TICKS = 100;

/** Processor time a process has used, in ms; with `children`, that of its living children too (the backends of a postmaster). */
export function processorMs(pid: number, children = false): number {
  const own = ticksOf(pid);
  if (!children) return (own * 1000) / TICKS;
  let sum = own;
  for (const name of readdirSync('/proc')) {
    if (/^\d+$/.test(name) && parentOf(Number(name)) === pid) sum += ticksOf(Number(name));
  }
  return (sum * 1000) / TICKS;
}

/** Resolves once a process has done next to nothing for two seconds: what it merges after a load is merged. After a minute in any case. */
export async function atRest(pid: number): Promise<void> {
  for (let last = processorMs(pid), seconds = 0; seconds < 60; seconds += 2) {
    await new Promise((resolve) => setTimeout(resolve, 2_000));
    const now = processorMs(pid);
    if (now - last < 50) return;
    last = now;
  }
}

/** Fields of /proc/pid/stat after the program's name, which may hold spaces. */
function statOf(pid: number): string[] {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return text.slice(text.lastIndexOf(')') + 2).split(' ');
  } catch {
    return [];
  }
}

const ticksOf = (pid: number): number => Number(statOf(pid)[11] ?? 0) + Number(statOf(pid)[12] ?? 0);
const parentOf = (pid: number): number => Number(statOf(pid)[1] ?? 0);
