import type { Socket } from 'node:net';

/** No honest reply is this long; it stops a server that never ends one. */
const MAX_REPLY = 64 * 1024;

/** The replies of one SMTP session, in their order. */
export interface ReplyReader {
  /** The next whole reply, all its lines, or undefined once the connection has ended. One caller at a time. */
  next(): Promise<string | undefined>;
  /** A reply is there that nobody has asked for: the server speaks out of turn (such as 421 to an idle session). */
  readonly hasNews: boolean;
  readonly isEnded: boolean;
  /** Resolves when the connection has ended. */
  readonly ended: Promise<void>;
}

/** Reads from now on all that the server says. */
export function readReplies(socket: Socket): ReplyReader {
  const replies: string[] = [];
  let rest = '';
  let reply = '';
  let isEnded = false;
  let waiting: ((reply: string | undefined) => void) | undefined;
  let onEnded: () => void = () => {};
  const ended = new Promise<void>((resolve) => {
    onEnded = resolve;
  });

  const give = (whole: string) => {
    if (waiting) {
      const resolve = waiting;
      waiting = undefined;
      resolve(whole);
    } else replies.push(whole);
  };
  const end = () => {
    if (isEnded) return;
    isEnded = true;
    onEnded();
    waiting?.(undefined);
    waiting = undefined;
  };
  socket.on('data', (chunk: Buffer) => {
    rest += chunk.toString('latin1');
    let at = rest.indexOf('\n');
    for (; at >= 0; at = rest.indexOf('\n')) {
      const line = textOf(rest.slice(0, rest[at - 1] === '\r' ? at - 1 : at));
      rest = rest.slice(at + 1);
      reply = reply === '' ? line : `${reply}\n${line}`;
      // RFC 5321 §4.2.1: a hyphen after the code says that more lines follow
      if (/^\d{3}-/.test(line)) continue;
      give(reply);
      reply = '';
    }
    if (rest.length + reply.length > MAX_REPLY) socket.destroy();
  });
  socket.on('error', () => {}); // "close" follows
  socket.once('end', end);
  socket.once('close', end);
  socket.resume();

  return {
    next() {
      const first = replies.shift();
      if (first !== undefined) return Promise.resolve(first);
      if (isEnded) return Promise.resolve(undefined);
      return new Promise((resolve) => {
        waiting = resolve;
      });
    },
    get hasNews() {
      return replies.length > 0;
    },
    get isEnded() {
      return isEnded;
    },
    ended,
  };
}

/** Of a line as bytes, which it is until here: a character may have been split between two chunks. Mostly it is ASCII. */
const textOf = (bytes: string) =>
  /[\x80-\xff]/.test(bytes) ? Buffer.from(bytes, 'latin1').toString('utf8') : bytes;
