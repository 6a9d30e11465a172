/**
 * Why a socket ends. Codes 4400 to 4499 are final for the device: it does not try again before a person or an update of the app
 * changed something (stock y-websocket providers know the same rule). All other codes mean "come back".
 */
export const CLOSE = {
  malformedFrame: 4400,
  notSignedIn: 4401,
  notAMember: 4403,
  unknownSegment: 4404,
  helloExpected: 4405,
  protocolTooOld: 4410,
  protocolTooNew: 4411,
  frameTooLarge: 4413,
  refusedUpdate: 4422,
  tooMuch: 4429,
  revoked: 4440,
  /** Not final: the server goes down or starts anew. */
  goingAway: 1001,
  /** Not final: no sign of life. */
  silent: 4001,
  /** Not final: another socket of the same device took over. */
  replaced: 4002,
} as const;

export type CloseCode = (typeof CLOSE)[keyof typeof CLOSE];

/** Whether a device must not try again by itself. */
export function isFinal(code: number): boolean {
  return code >= 4400 && code <= 4499;
}
