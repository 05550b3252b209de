import { isIPv4 } from 'node:net';

/** True for a host name or address (IPv6 with or without brackets) that is this machine itself, where nobody can listen in. */
export function isLoopback(host: string): boolean {
  const name = host.toLowerCase().replace(/^\[|\]$|\.$/g, '');
  return name === 'localhost' || name === '::1' || (isIPv4(name) && name.startsWith('127.'));
}
