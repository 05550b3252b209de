import { createConnection } from 'node:net';

/** Sends one word over a Unix socket, as an inline command, and gives the first line of the answer. */
export function askRedis(path: string, command: 'PING' | 'SHUTDOWN', ms = 2_000): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = createConnection({ path });
    const end = (settle: () => void) => {
      socket.destroy();
      settle();
    };
    socket.setTimeout(ms, () => end(() => reject(new Error('no answer'))));
    socket.once('error', (error) => end(() => reject(error)));
    socket.once('close', () => reject(new Error('closed')));
    socket.once('connect', () => socket.write(`${command}\r\n`));
    socket.once('data', (data) => end(() => resolve(data.toString('latin1').split('\r\n', 1)[0] ?? '')));
  });
}
