import { isIPv4 } from 'node:net';

/** Whether what is sent to that host stays on this machine, by its name alone. */
export function isLoopback(host: string): boolean {
  const name = host.toLowerCase().replace(/\.$/, '');
  return name === 'localhost' || name === '::1' || (isIPv4(name) && name.startsWith('127.'));
}
