/** The classic stack: Express, socket.io, and one INSERT for each message, committed before it is passed on and acknowledged. */
import { createServer } from 'node:http';
import express from 'express';
import pg from 'pg';
import { Server } from 'socket.io';
import * as z from 'zod';

const Message = z.object({ conversation: z.number().int(), sender: z.number().int(), text: z.string().max(8_000) });

/** What a client asks with: the last id it has, and which conversations are its own. */
const Since = z.object({ since: z.coerce.number(), from: z.coerce.number(), to: z.coerce.number() });

const pool = new pg.Pool({ connectionString: process.env['DATABASE_URL'], max: 20 });
await pool.query(`CREATE TABLE IF NOT EXISTS classic_messages (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, conversation integer NOT NULL, sender integer NOT NULL, text text NOT NULL,
  at timestamptz NOT NULL DEFAULT now());
  CREATE INDEX IF NOT EXISTS classic_messages_place ON classic_messages (conversation, id)`);
const app = express();
/** "What changed since": the last id a client has, over all its conversations. */
app.get('/changes', (request, response, next) => {
  const { since, from, to } = Since.parse(request.query);
  pool
    .query(
      'SELECT id, conversation, sender, text, at FROM classic_messages WHERE id > $1 AND conversation BETWEEN $2 AND $3 ORDER BY id',
      [since, from, to],
    )
    .then((found) => response.json(found.rows), next);
});
const http = createServer(app);
const io = new Server(http, { transports: ['websocket'], perMessageDeflate: false, httpCompression: false });
io.on('connection', (socket) => {
  const room = String(socket.handshake.query['room']);
  void socket.join(room);
  socket.on('message', (body: unknown, answer: (id: string) => void) => {
    const message = Message.parse(body);
    void pool
      .query<{ id: string }>(
        'INSERT INTO classic_messages (conversation, sender, text) VALUES ($1, $2, $3) RETURNING id',
        [message.conversation, message.sender, message.text],
      )
      .then(({ rows }) => {
        answer(rows[0]?.id ?? '');
        socket.to(room).emit('message', { ...message, id: rows[0]?.id });
      });
  });
});
http.listen(0, '127.0.0.1', () => {
  const address = http.address();
  console.log(`listening ${typeof address === 'object' ? address?.port : 0}`);
});
