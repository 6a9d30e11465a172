import type { RequestHandler } from 'express';
import helmet from 'helmet';
import { hostOf, type OriginOptions } from './own-origin.ts';

/** 2 years, as browsers' preload lists ask for; only said where PUBLIC_URL is https. */
const httpsOnlySeconds = 63_072_000;

/**
 * The emoji picker writes its style sheet into its own shadow root: this one text (emoji-mart 5.6.0) and no other inline style is allowed.
 * The end-to-end tests, which fail on a complaint in the console, say when it has changed.
 */
const emojiPickerStyle = "'sha256-+A14ONesVdzkn6nr37Osn+rUqNz4oFGZFDbLXrlae04='";

/**
 * What a browser may do with our pages: load from this server alone, run no script written into the page but the ones whose hashes are given,
 * talk to this server alone, be framed by nobody.
 * @param inlineScripts hashes of the scripts in index.html, `sha256-…`
 */
export function createSecurityHeaders(origin: OriginOptions, inlineScripts: readonly string[]): RequestHandler[] {
  const https = origin.publicUrl?.startsWith('https:') === true;
  const headers = helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'none'"],
        scriptSrc: ["'self'", ...inlineScripts.map((hash) => `'${hash}'`)],
        styleSrc: ["'self'", emojiPickerStyle],
        imgSrc: ["'self'", 'data:', 'blob:'],
        mediaSrc: ["'self'", 'blob:'],
        fontSrc: ["'self'"],
        // Older browsers do not take 'self' to mean our sockets as well.
        connectSrc: ["'self'", (request) => sockets(hostOf(request, origin), https)],
        workerSrc: ["'self'", 'blob:'],
        manifestSrc: ["'self'"],
        formAction: ["'self'"],
        baseUri: ["'none'"],
        frameAncestors: ["'none'"],
        ...(https && { upgradeInsecureRequests: [] }),
      },
    },
    strictTransportSecurity: https && { maxAge: httpsOnlySeconds, includeSubDomains: false },
    xFrameOptions: { action: 'deny' },
    // An invitation's link must not reach the sites people open from a conversation.
    referrerPolicy: { policy: 'no-referrer' },
  });
  const permissions: RequestHandler = (_request, response, next) => {
    response.set(
      'Permissions-Policy',
      'camera=(self), microphone=(self), display-capture=(self), geolocation=(), payment=(), usb=()',
    );
    next();
  };
  return [headers, permissions];
}

/** The sources of our own sockets; a request without a usable Host gets none beyond 'self'. */
function sockets(host: string | undefined, https: boolean): string {
  if (host === undefined) return "'self'";
  return https ? `wss://${host}` : `ws://${host} wss://${host}`;
}
