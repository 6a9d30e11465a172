import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';

/** A server in a process of its own that prints `listening PORT` or a line with its address. */
export interface ChildServer {
  readonly pid: number;
  readonly port: number;
  /** Bytes in use, of heap and of buffers, after its garbage was collected. */
  memory(): Promise<number>;
  kill(signal: NodeJS.Signals): void;
  /** Resolves once the process is gone. */
  readonly gone: Promise<void>;
}

/**
 * Starts a TypeScript server on processor 0 where the machine has `taskset`, so that the load has processor 1 for itself.
 * Throws with the end of its error output when it ends before it listens.
 */
export async function startChild(
  script: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
): Promise<ChildServer> {
  const tellMemory = new URL('./tell-memory.mjs', import.meta.url).href;
  const node = [process.execPath, '--expose-gc', '--import', tellMemory, '--import', 'tsx', script, ...args];
  const pinned = existsSync('/usr/bin/taskset') ? ['/usr/bin/taskset', '-c', '0', ...node] : node;
  const [command = process.execPath, ...rest] = pinned;
  const child: ChildProcess = spawn(command, rest, {
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    env: { ...process.env, ...env },
  });
  let errors = '';
  child.stderr?.on('data', (chunk: Buffer) => (errors = (errors + chunk.toString()).slice(-2_000)));
  const gone = once(child, 'exit').then(() => undefined);
  if (!child.stdout) throw new Error('the child has no output');
  const lines = createInterface({ input: child.stdout });
  const port = await new Promise<number>((resolve, reject) => {
    lines.on('line', (line) => {
      const found = /listening (\d+)|:(\d+)\/?\s*$/.exec(line);
      if (found) resolve(Number(found[1] ?? found[2]));
    });
    void gone.then(() => reject(new Error(`${script} ended before it listened: ${errors}`)));
  });
  return {
    pid: child.pid ?? 0,
    port,
    async memory() {
      const answer = once(child, 'message');
      child.send('memory');
      const [{ memory }] = (await answer) as [{ memory: number }];
      return memory;
    },
    kill: (signal) => child.kill(signal),
    gone,
  };
}
