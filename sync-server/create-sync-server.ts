import { createServer, type Server } from 'node:http';
import type { Config } from './config.ts';
import type { Logger } from './logger.ts';
import type { Database } from './store/database.ts';

/** What a server is made from. */
export interface SyncServerParts {
  readonly config: Config;
  readonly database: Database;
  readonly logger: Logger;
  readonly sessionSecret: string;
}

/** One server, not listening yet. Two of them live in one process without knowing of each other. */
export interface SyncServer {
  readonly http: Server;
  /** Ends every connection in order. */
  close(): Promise<void>;
}

/** Composes the server. */
export async function createSyncServer({ database }: SyncServerParts): Promise<SyncServer> {
  const http = createServer((request, response) => {
    if (request.url === '/health/live') return void response.writeHead(200, { 'content-type': 'application/json' }).end('{"status":"ok"}');
    if (request.url === '/health/ready') {
      return void database.query('SELECT 1').then(
        () => response.writeHead(200, { 'content-type': 'application/json' }).end('{"status":"ok"}'),
        () => response.writeHead(503, { 'content-type': 'application/json' }).end('{"status":"unavailable"}'),
      );
    }
    return void response.writeHead(404).end();
  });
  return {
    http,
    close: () => new Promise((resolve) => (http.close(() => resolve()), http.closeAllConnections())),
  };
}
