import type { IncomingMessage } from 'node:http';
import type { RequestHandler } from 'express';
import { HttpRefusal } from './http-refusal.ts';

/** How this server knows its own address. */
export interface OriginOptions {
  /** An origin, such as https://chat.example.org; undefined: whatever address a request was sent to. */
  readonly publicUrl: string | undefined;
  /** Proxies in front that may say to which address a request was sent. */
  readonly trustProxy: number;
}

/** Host and port as in a Host header: a name, or an address, never anything a header could be broken with. */
const hostPattern = /^(?:[a-z0-9._-]{1,253}|\[[0-9a-f:.]{2,45}\])(?::\d{1,5})?$/i;

/** The host a request was sent to, with its port; undefined when it is none. */
export function hostOf(request: IncomingMessage, options: OriginOptions): string | undefined {
  if (options.publicUrl !== undefined) return new URL(options.publicUrl).host;
  const forwarded =
    options.trustProxy > 0
      ? String(request.headers['x-forwarded-host'] ?? '')
          .split(',')
          .at(-1)
          ?.trim()
      : '';
  const host = forwarded || request.headers.host;
  return host !== undefined && hostPattern.test(host) ? host.toLowerCase() : undefined;
}

/**
 * Whether a request, or the upgrade to a socket, may have come from one of our own pages. Browsers say where a page comes from (Origin)
 * and how it relates to us (Sec-Fetch-Site); what says neither is no browser, and holds nobody's cookies but its own.
 */
export function createOriginCheck(options: OriginOptions): (request: IncomingMessage) => boolean {
  return (request) => {
    const site = request.headers['sec-fetch-site'];
    if (site !== undefined && site !== 'same-origin' && site !== 'none') return false;
    const { origin } = request.headers;
    if (origin === undefined) return true;
    if (options.publicUrl !== undefined) return origin === options.publicUrl;
    const host = hostOf(request, options);
    return host !== undefined && (origin === `http://${host}` || origin === `https://${host}`);
  };
}

const reading = new Set(['GET', 'HEAD', 'OPTIONS']);

/** Refuses every request that would change something unless it comes from our own pages, or from no browser at all. */
export function requireOwnOrigin(
  allowedOrigin: (request: IncomingMessage) => boolean,
  options: OriginOptions,
): RequestHandler {
  return (request, _response, next) => {
    if (reading.has(request.method) || allowedOrigin(request)) {
      next();
      return;
    }
    const hint = options.publicUrl === undefined ? '' : ` This server is to be used at ${options.publicUrl}.`;
    next(new HttpRefusal('wrong-origin', `The request came from another site.${hint}`, {}));
  };
}
