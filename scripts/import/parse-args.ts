import { LIMITS } from '#schema/limits.ts';

export interface ImportArguments {
  readonly file: string;
  readonly title: string;
  /** At least one email. */
  readonly into: readonly string[];
}

export const usage = 'npm run import -- FILE.jsonl --title "Title of the group" --into EMAIL [EMAIL …]';

/** Reads the command line; gives what is wrong with it otherwise. */
export function parseArguments(args: readonly string[]): ImportArguments | { readonly wrong: string } {
  const files: string[] = [];
  const titles: string[] = [];
  const into: string[] = [];
  let target = files;
  for (const arg of args) {
    if (arg === '--title') target = titles;
    else if (arg === '--into') target = into;
    else if (arg.startsWith('--title=')) titles.push(arg.slice('--title='.length));
    else if (arg.startsWith('--into=')) into.push(arg.slice('--into='.length));
    else if (arg.startsWith('--')) return { wrong: `there is no option ${arg}` };
    else {
      target.push(arg);
      // A title is one argument; what follows it is a file again. Emails are as many as follow.
      if (target === titles) target = files;
    }
  }
  const emails = [...new Set(into.flatMap((list) => list.split(',')).map((email) => email.trim()))].filter(
    (email) => email !== '',
  );
  const title = titles[0]?.trim() ?? '';
  const [file] = files;
  if (file === undefined || files.length > 1)
    return { wrong: files.length > 1 ? `one file at a time, not ${files.join(' and ')}` : 'which file?' };
  if (titles.length > 1 || title === '')
    return { wrong: titles.length > 1 ? 'one title only' : 'the group needs a --title' };
  if (title.length > LIMITS.titleLength) return { wrong: `a title may have at most ${LIMITS.titleLength} characters` };
  if (emails.length === 0) return { wrong: 'say with --into whose group it shall be' };
  return { file, title, into: emails };
}
