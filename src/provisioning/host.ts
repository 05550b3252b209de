import { isIP } from 'node:net';
import { z } from 'zod';

/** A server as a campaign names it. */
export interface HostPort {
  /** As written: a host name, an IPv4 address, or an IPv6 address without its brackets. */
  readonly host: string;
  readonly port: number | undefined;
  /** As written, ready to stand in a URI. */
  readonly text: string;
}

/**
 * Takes `host`, `host:port`, `192.0.2.1:port` or `[2001:db8::1]:port` apart; undefined where it is none of them.
 */
export function parseHostPort(text: string): HostPort | undefined {
  const found = /^(?:\[([0-9a-f:.]+)\]|([^\s:/?#[\]@\\<>"'{}|^`%]+))(?::(\d{1,5}))?$/i.exec(text);
  const host = found?.[1] ?? found?.[2];
  if (host === undefined) return undefined;
  const port = found?.[3] === undefined ? undefined : Number(found[3]);
  if (port !== undefined && (port < 1 || port > 65_535)) return undefined;
  if (found?.[1] !== undefined && isIP(host) !== 6) return undefined;
  // Beyond ASCII the name in the certificate and in DNS is another one (RFC 5891): people have to write that.
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the range is ASCII
  if (!URL.canParse(`https://${text}/`) || /[^\x00-\x7f]/.test(text)) return undefined;
  return { host, port, text };
}

/** Where nothing but a host name or an address will do. */
export const hostName = () =>
  z.string().transform((text, context): HostPort => {
    const parsed = parseHostPort(text.includes(':') && isIP(text) === 6 ? `[${text}]` : text);
    if (parsed !== undefined && parsed.port === undefined) return parsed;
    context.addIssue({
      code: 'custom',
      message: `"${text}" is no host name: write it without https://, port and path, in ASCII (xn--…)`,
    });
    return z.NEVER;
  });

/** A host name or an address, with a port where it is not the usual one. */
export const hostPort = () =>
  z.string().transform((text, context): HostPort => {
    const parsed = parseHostPort(text);
    if (parsed !== undefined) return parsed;
    context.addIssue({
      code: 'custom',
      message: `"${text}" is no server: write host or host:port, without https:// and path, in ASCII (xn--…)`,
    });
    return z.NEVER;
  });

/** True where clients have an address, and no name, to compare with the certificate. */
export function isAddress({ host }: HostPort): boolean {
  return isIP(host) !== 0;
}
