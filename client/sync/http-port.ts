/** `fetch` as the sync engine sees it: the real one is on the main thread, tests put the server's model in its place. */
export interface HttpPort {
  /** Asks the server, with the session's cookie. Rejects (with any error) when there was no answer at all. */
  request(request: HttpRequest): Promise<HttpAnswer>;
}

export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** Path and query on the server the app came from, such as `/api/me`. */
  readonly path: string;
  /** Sent as JSON; undefined: no body. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface HttpAnswer {
  readonly status: number;
  /** The body as it is after the transport undid its compression. */
  readonly body: Uint8Array;
}

/** The body of an answer as JSON; undefined when it is none. */
export function jsonOf(answer: HttpAnswer): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(answer.body)) as unknown;
  } catch {
    return undefined;
  }
}
