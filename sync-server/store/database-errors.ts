/** What an error of the database says about trying again. */
export interface DatabaseFailure {
  /** Whether the same work may succeed later without any change. */
  readonly retry: boolean;
  /**
   * Whether what was asked was certainly not done. A connection that broke while COMMIT was under way leaves it
   * open: only work that is harmless when repeated may then be tried again.
   */
  readonly undone: boolean;
  /** The SQLSTATE or the system's code; 'unknown' where there is none. */
  readonly code: string;
}

/** Errors of the connection itself, from the operating system. */
const connectionCodes = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOENT',
]);
/** pg gives these without a code. */
const connectionMessages =
  /Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error|not queryable/;
/** https://www.postgresql.org/docs/15/errcodes-appendix.html: the transaction was rolled back, and the next may pass. */
const rolledBack = new Set(['40001', '40P01', '55P03', '57014', '57P03', '25P03', '25P04']);
/** The connection ended under the work: its end is not known when it was committing. */
const cutOff = new Set(['57P01', '57P02', '57P05', '40003', '08007']);

/** Sorts an error thrown by `pg`, or by anything else, into what to do about it. */
export function classifyDatabaseError(error: unknown): DatabaseFailure {
  const code = codeOf(error);
  if (rolledBack.has(code) || code.startsWith('53')) return { retry: true, undone: true, code };
  if (code === 'ECONNREFUSED' || code === 'ENOTFOUND' || code === 'EAI_AGAIN' || code === '08001' || code === '08004')
    return { retry: true, undone: true, code };
  if (cutOff.has(code) || code.startsWith('08') || connectionCodes.has(code))
    return { retry: true, undone: false, code };
  if (error instanceof Error && connectionMessages.test(error.message)) return { retry: true, undone: false, code };
  return { retry: false, undone: true, code };
}

/** Whether the same work may succeed later: the database is away, busy, or took somebody else's side in a conflict. */
export function isRetryable(error: unknown): boolean {
  return classifyDatabaseError(error).retry;
}

function codeOf(error: unknown): string {
  if (typeof error !== 'object' || error === null) return 'unknown';
  if ('code' in error && typeof error.code === 'string') return error.code;
  // Several addresses were tried (localhost as ::1 and 127.0.0.1): the first tells enough.
  if (error instanceof AggregateError) return codeOf(error.errors[0]);
  return 'unknown';
}
