/** The worker's ends of the pipes that the main thread holds (client/app/worker-pipes.ts). */
import type { HttpAnswer, HttpPort } from '#client/sync/http-port.ts';
import type { SocketHandlers, SocketPort } from '#client/sync/socket-port.ts';
import type { FromWorker, ToWorker } from './messages.ts';

export interface PipePorts {
  readonly socket: SocketPort;
  readonly http: HttpPort;
  /** False: the message is not about a pipe. */
  take(message: ToWorker): boolean;
}

export function createPipePorts(post: (message: FromWorker) => void): PipePorts {
  const sockets = new Map<number, SocketHandlers>();
  const requests = new Map<number, { resolve(answer: HttpAnswer): void; reject(error: Error): void }>();
  let last = 0;

  return {
    socket: {
      open(handlers) {
        const socket = ++last;
        sockets.set(socket, handlers);
        post({ kind: 'socket-open', socket });
        return {
          send: (bytes) => post({ kind: 'socket-send', socket, bytes }),
          close() {
            if (sockets.delete(socket)) post({ kind: 'socket-close', socket });
          },
        };
      },
    },
    http: {
      request(request) {
        const id = ++last;
        return new Promise((resolve, reject) => {
          requests.set(id, { resolve, reject });
          post({ kind: 'http-request', id, request });
        });
      },
    },
    take(message) {
      switch (message.kind) {
        case 'socket-opened':
          sockets.get(message.socket)?.opened();
          return true;
        case 'socket-message':
          sockets.get(message.socket)?.message(message.bytes);
          return true;
        case 'socket-closed': {
          const handlers = sockets.get(message.socket);
          sockets.delete(message.socket);
          handlers?.closed(message.code);
          return true;
        }
        case 'http-answer': {
          const request = requests.get(message.id);
          requests.delete(message.id);
          if (message.answer) request?.resolve(message.answer);
          else request?.reject(new Error('no answer'));
          return true;
        }
        default:
          return false;
      }
    },
  };
}
