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
