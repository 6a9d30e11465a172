import { WebSocket } from 'ws';
import { CLOSE } from '#schema/wire/close-reasons.ts';

/** The code of RFC 6455 with which `ws` answers a frame that is too large. */
const messageTooBig = 1009;

/**
 * Ends with 4413 where `ws` would say 1009: a provider takes that for a passing fault, comes back, and sends the same frame for ever.
 */
export class StockSocket extends WebSocket {
  override close(code?: number, reason?: string | Buffer): void {
    if (code === messageTooBig) super.close(CLOSE.frameTooLarge, 'update-too-large');
    else super.close(code, reason);
  }
}
