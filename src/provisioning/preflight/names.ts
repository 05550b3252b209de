import { promises as dns, type SrvRecord } from 'node:dns';
import { isIP } from 'node:net';
import { withDeadline } from '../../lib/deadline.js';
import type { ErrorCode } from '../../lib/error-codes.js';
import { messageOf } from '../../lib/errors.js';

export interface Address {
  readonly address: string;
  readonly family: 4 | 6;
}

/** What DNS said: records, "there are none", or nothing that can be relied on. */
type Lookup<T> =
  | { readonly kind: 'found'; readonly records: readonly T[] }
  | { readonly kind: 'none' }
  | { readonly kind: 'failed'; readonly why: string };

/** Names, as the people's devices would look them up. */
export interface Names {
  srv(name: string): Promise<Lookup<SrvRecord>>;
  addresses(host: string): Promise<Lookup<Address>>;
}

/** The code of a line that says that a name cannot be found. */
export const DNS_CODE: ErrorCode = 'ROLLCALL_ERR_PREFLIGHT_DNS';

/** @param servers - DNS servers to ask; without them this machine's, and for addresses also its hosts file. */
export function createNames(servers: readonly string[] | undefined, timeoutMs: number): Names {
  const ask = async <T>(question: (resolver: dns.Resolver) => Promise<readonly T[]>): Promise<Lookup<T>> => {
    const resolver = new dns.Resolver({ timeout: Math.ceil(timeoutMs / 4), tries: 2 });
    if (servers !== undefined) resolver.setServers(servers);
    try {
      return found(await withDeadline(question(resolver), timeoutMs, 'an answer from DNS'));
    } catch (error) {
      return failed(error);
    } finally {
      resolver.cancel();
    }
  };

  return {
    srv: (name) =>
      ask(async (resolver) =>
        // RFC 2782: the lowest priority first. The name makes the order stable.
        (await resolver.resolveSrv(name)).sort(
          (a, b) => a.priority - b.priority || b.weight - a.weight || (a.name < b.name ? -1 : 1),
        ),
      ),
    async addresses(host) {
      const literal = isIP(host);
      if (literal === 4 || literal === 6) return found([{ address: host, family: literal }]);
      if (servers === undefined)
        return withDeadline(dns.lookup(host, { all: true }), timeoutMs, 'an answer from DNS').then(
          (all) => found(all.map(({ address, family }) => ({ address, family: family === 6 ? 6 : 4 }))),
          failed,
        );
      const [four, six] = await Promise.all([
        ask(async (resolver) =>
          (await resolver.resolve4(host)).map((address): Address => ({ address, family: 4 })),
        ),
        ask(async (resolver) =>
          (await resolver.resolve6(host)).map((address): Address => ({ address, family: 6 })),
        ),
      ]);
      if (four.kind === 'found' && six.kind === 'found') return found([...four.records, ...six.records]);
      if (four.kind === 'found') return four;
      if (six.kind === 'found') return six;
      return four.kind === 'failed' ? four : six;
    },
  };
}

function found<T>(records: readonly T[]): Lookup<T> {
  return records.length === 0 ? { kind: 'none' } : { kind: 'found', records };
}

function failed(error: unknown): { kind: 'none' } | { kind: 'failed'; why: string } {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'ENOTFOUND' || code === 'ENODATA') return { kind: 'none' };
  return { kind: 'failed', why: messageOf(error) };
}
