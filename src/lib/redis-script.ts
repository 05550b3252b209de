import { createHash } from 'node:crypto';
import type { Redis } from 'ioredis';
import { messageOf } from './errors.js';

export type ScriptArgument = string | number | Buffer;

/** A Lua script that Redis knows by its hash. */
export interface RedisScript {
  /** Throws what Redis or the script answers as an error. */
  run(redis: Redis, keys: readonly string[], args: readonly ScriptArgument[], as?: Reply): Promise<unknown>;
}

/** Whether strings are given decoded or as they are. */
export type Reply = 'text' | 'bytes';

export function createRedisScript(text: string): RedisScript {
  const sha = createHash('sha1').update(text).digest('hex');
  return {
    async run(redis, keys, args, as = 'text') {
      const command = as === 'text' ? 'call' : 'callBuffer';
      const rest = [keys.length, ...keys, ...args];
      try {
        return await redis[command]('EVALSHA', [sha, ...rest]);
      } catch (error) {
        if (!messageOf(error).startsWith('NOSCRIPT')) throw error;
      }
      // Redis was restarted, or this is the first call: EVAL sends the text once and Redis keeps it.
      return redis[command]('EVAL', [text, ...rest]);
    },
  };
}
