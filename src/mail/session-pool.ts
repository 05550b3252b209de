import { RollcallError } from '../lib/errors.js';
import type { SmtpSession } from './smtp-session.js';

/** Many servers end a session after a hundred messages or some minutes without a command; so do we, before them. */
const MAX_MESSAGES = 100;
const MAX_IDLE_MS = 30_000;
/** How long a server may take to answer RSET, and to say good-bye. */
const RESET_MS = 10_000;
const QUIT_MS = 2_000;

export interface PooledSession {
  readonly session: SmtpSession;
  /** Messages that were tried over it. */
  used: number;
  /** `reset`: the last message was refused before its body, so that its MAIL still stands (RFC 5321 §4.1.1.5). */
  state: 'ready' | 'reset' | 'gone';
}

export interface SessionPool {
  /** @throws what `open` throws, the signal's reason, or ROLLCALL_ERR_TIMEOUT when all stayed in use for too long */
  acquire(signal?: AbortSignal): Promise<PooledSession>;
  /** A fresh one in the place of one that turned out to be of no use. That one must not be given back then. */
  replace(worn: PooledSession, signal?: AbortSignal): Promise<PooledSession>;
  release(pooled: PooledSession): void;
  close(): Promise<void>;
}

export interface SessionPoolOptions {
  /** At most so many at a time. */
  readonly size: number;
  /** How long a caller may wait for one to be given back, in milliseconds. */
  readonly patience: number;
  readonly open: (signal?: AbortSignal) => Promise<SmtpSession>;
}

/** Keeps open connections for the next message. */
export function createSessionPool({ size, patience, open }: SessionPoolOptions): SessionPool {
  const idle: { pooled: PooledSession; timer: NodeJS.Timeout }[] = [];
  const slots = createSlots(size, patience);
  let closed = false;

  const fresh = async (signal?: AbortSignal): Promise<PooledSession> => ({
    session: await open(signal),
    used: 0,
    state: 'ready',
  });

  const ready = async (signal?: AbortSignal): Promise<PooledSession> => {
    for (let kept = idle.pop(); kept !== undefined; kept = idle.pop()) {
      clearTimeout(kept.timer);
      const { pooled } = kept;
      if (isUsable(pooled.session) && (pooled.state === 'ready' || (await reset(pooled.session)))) {
        pooled.state = 'ready';
        return pooled;
      }
      pooled.session.destroy();
    }
    return fresh(signal);
  };

  return {
    async acquire(signal) {
      if (closed) throw new RollcallError('ROLLCALL_ERR_INTERNAL', 'The relay is used after it was closed.');
      await slots.take(signal);
      try {
        return await ready(signal);
      } catch (error) {
        slots.free();
        throw error;
      }
    },
    replace(worn, signal) {
      worn.session.destroy();
      return fresh(signal);
    },
    release(pooled) {
      if (pooled.state === 'gone' || !isUsable(pooled.session)) pooled.session.destroy();
      else if (closed || pooled.used >= MAX_MESSAGES) void quit(pooled.session);
      else {
        const timer = setTimeout(() => {
          const index = idle.findIndex((kept) => kept.pooled === pooled);
          if (index >= 0) idle.splice(index, 1);
          void quit(pooled.session);
        }, MAX_IDLE_MS);
        timer.unref();
        idle.push({ pooled, timer });
      }
      slots.free();
    },
    async close() {
      closed = true;
      const kept = idle.splice(0);
      await Promise.all(
        kept.map(({ pooled, timer }) => {
          clearTimeout(timer);
          return quit(pooled.session);
        }),
      );
    },
  };
}

/** So many may hold a slot; the others wait in line. */
function createSlots(size: number, patience: number) {
  const line: (() => void)[] = [];
  let taken = 0;
  return {
    async take(signal?: AbortSignal): Promise<void> {
      signal?.throwIfAborted();
      if (taken < size) {
        taken++;
        return;
      }
      await new Promise<void>((resolve, reject) => {
        const leave = () => {
          clearTimeout(timer);
          signal?.removeEventListener('abort', onAbort);
          const place = line.indexOf(enter);
          if (place >= 0) line.splice(place, 1);
        };
        const enter = () => {
          leave();
          resolve();
        };
        const onAbort = () => {
          leave();
          reject(signal?.reason);
        };
        const timer = setTimeout(() => {
          leave();
          reject(
            new RollcallError(
              'ROLLCALL_ERR_TIMEOUT',
              `Waited ${patience / 1_000} s for one of ${size} SMTP connections to be free.`,
            ),
          );
        }, patience);
        signal?.addEventListener('abort', onAbort, { once: true });
        line.push(enter);
      });
    },
    /** The slot goes to the next in line, or is free. */
    free(): void {
      const next = line[0];
      if (next === undefined) taken--;
      else next();
    },
  };
}

/** Still there, and silent: a server that speaks to an idle session is about to end it. */
const isUsable = ({ replies }: SmtpSession) => !replies.isEnded && !replies.hasNews;

async function reset({ socket, replies, destroy }: SmtpSession): Promise<boolean> {
  const timer = setTimeout(destroy, RESET_MS);
  socket.write('RSET\r\n');
  const reply = await replies.next();
  clearTimeout(timer);
  return reply?.startsWith('2') === true;
}

/** Says good-bye and waits for the end, but not for long. */
async function quit({ socket, replies, destroy }: SmtpSession): Promise<void> {
  const timer = setTimeout(destroy, QUIT_MS);
  timer.unref();
  if (!replies.isEnded) socket.write('QUIT\r\n');
  await replies.next();
  clearTimeout(timer);
  destroy();
}
