import type { ImportReport, ImportSummary } from './import-file.ts';

/** Where the import is shown: a terminal, or a file. */
export interface Screen extends ImportReport {
  /** Leaves the line of progress as it is. */
  end(): void;
}

/** A terminal's line is written anew this often, ms; in a file each line stays, so there are fewer. */
const terminalEvery = 100;
const fileEvery = 5_000;
/** Bad lines told one by one; a file of another format has only such. */
const badLinesShown = 1_000;

/** @param size bytes of the file; 0 when it cannot be known */
export function createScreen(out: NodeJS.WriteStream, size: number, now: () => number): Screen {
  const started = now();
  let shown = started;
  let line = '';
  let bad = 0;
  const clear = (): void => {
    if (line !== '' && out.isTTY) out.write(`\r${' '.repeat(line.length)}\r`);
    line = '';
  };
  const say = (text: string): void => {
    clear();
    out.write(`${text}\n`);
  };
  const follow = (text: string, always = false): void => {
    if (!always && now() - shown < (out.isTTY ? terminalEvery : fileEvery)) return;
    shown = now();
    clear();
    line = text;
    out.write(out.isTTY ? line : `${line}\n`);
  };

  return {
    progress(summary, bytesRead) {
      const part = size > 0 ? `${String(Math.min(100, Math.round((bytesRead / size) * 100))).padStart(3)} %  ` : '';
      const seconds = Math.max(0.001, (now() - started) / 1000);
      follow(`${part}${tell(summary)}  ${count((summary.imported + summary.alreadyThere) / seconds)} a second`);
    },
    badLine(number, reason) {
      bad += 1;
      if (bad <= badLinesShown) say(`line ${number}: ${reason}`);
      if (bad === badLinesShown) say('… further bad lines are counted only');
    },
    merging(done, of) {
      follow(`putting months together: ${done + 1} of ${of}`);
    },
    end: clear,
  };
}

const count = (n: number): string => Math.round(n).toLocaleString('en-GB');

/** What was done, in one line. */
export function tell({ imported, alreadyThere, bad, split, people }: ImportSummary): string {
  const parts = [`${count(imported)} imported`, `${count(alreadyThere)} already there`, `${count(bad)} bad`];
  if (split.lines > 0) parts.push(`${count(split.lines)} too long for one message: sent as ${count(split.messages)}`);
  parts.push(`${count(people)} people`);
  return parts.join(', ');
}
