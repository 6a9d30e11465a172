import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/**
 * A text that tells this run of a process from any other, undefined when no such process lives. The number alone does
 * not do: after a restart of the machine, or in a container, the same numbers come again.
 */
export function identifyProcess(pid: number): string | undefined {
  try {
    if (process.platform === 'linux') {
      // man 5 proc_pid_stat: field 22 is the start in ticks since boot; the name in brackets may hold spaces.
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      if (fields[0] === 'Z' || fields[0] === 'X') return undefined;
      return `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()}:${fields[19]}`;
    }
    return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim() || undefined;
  } catch {
    return undefined;
  }
}
