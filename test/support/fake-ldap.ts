import { createServer, type Socket } from 'node:net';
import { enumerated, integer, octets, readAll, readTlv, sequence, set, tlv } from './ber.js';

/** One search as the client sent it. */
export interface FakeSearch {
  readonly base: string;
  /** The cookie of the paged results control; undefined where there was no such control. */
  readonly cookie: string | undefined;
  readonly attributes: readonly string[];
  /** Which search of the connection this is, from 1. */
  readonly number: number;
}

export interface FakeEntry {
  readonly dn: string;
  readonly attributes: Readonly<Record<string, readonly (string | Buffer)[]>>;
}

/** What the server does with one search. Entries and references go first, then the rest. */
export interface FakeAnswer {
  readonly entries?: readonly FakeEntry[];
  readonly references?: readonly string[];
  /** LDAP result code, 0 where not given. `none` leaves the client waiting; `close` closes the connection. */
  readonly result?: number | 'none' | 'close';
  /** Empty behind the last page; undefined sends no control at all. */
  readonly cookie?: string;
}

export interface FakeLdap {
  readonly url: string;
  /** How many connections there have been. */
  readonly connections: number;
  /** How many of them are open. */
  readonly open: number;
  /** Closes all connections, as a server does with idle ones. */
  hangUp(): void;
  stop(): Promise<void>;
}

const PAGED_RESULTS = '1.2.840.113556.1.4.319';

/** An LDAP server that lets anyone in and answers searches as it is told: for what no real server can be made to do. */
export async function startFakeLdap(answer: (search: FakeSearch) => FakeAnswer): Promise<FakeLdap> {
  const sockets = new Set<Socket>();
  let connections = 0;
  const server = createServer((socket) => {
    connections++;
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => {});
    let pending: Buffer = Buffer.alloc(0);
    let number = 0;
    socket.on('data', (chunk) => {
      pending = Buffer.concat([pending, chunk]);
      for (let message = readTlv(pending); message !== undefined; message = readTlv(pending)) {
        pending = pending.subarray(message.size);
        const [id, operation, controls] = readAll(message.body);
        if (id === undefined || operation === undefined) throw new Error('no LDAP message');
        const reply = (tag: number, ...parts: Buffer[]) =>
          socket.write(sequence(tlv(id.tag, id.body), tlv(tag, ...parts)));
        if (operation.tag === 0x60)
          reply(0x61, enumerated(0), octets(''), octets('')); // bind
        else if (operation.tag === 0x42)
          socket.end(); // unbind
        else if (operation.tag === 0x63) {
          number++;
          const [base, , , , , , , attributes] = readAll(operation.body);
          const told = answer({
            base: base?.body.toString() ?? '',
            cookie: cookieIn(controls?.body),
            attributes: readAll(attributes?.body ?? Buffer.alloc(0)).map(({ body }) => body.toString()),
            number,
          });
          for (const entry of told.entries ?? []) reply(0x64, octets(entry.dn), attributeList(entry));
          for (const uri of told.references ?? []) reply(0x73, octets(uri));
          const { result = 0, cookie } = told;
          if (result === 'close') socket.destroySoon();
          else if (result !== 'none')
            socket.write(
              sequence(
                tlv(id.tag, id.body),
                tlv(0x65, enumerated(result), octets(''), octets('')),
                ...(cookie === undefined ? [] : [pagedResults(cookie)]),
              ),
            );
        }
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const hangUp = () => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    url: `ldap://127.0.0.1:${address.port}`,
    get connections() {
      return connections;
    },
    get open() {
      return sockets.size;
    },
    hangUp,
    stop: () => {
      hangUp();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

function attributeList({ attributes }: FakeEntry): Buffer {
  return sequence(
    ...Object.entries(attributes).map(([name, values]) =>
      sequence(octets(name), set(...values.map((value) => octets(value)))),
    ),
  );
}

function pagedResults(cookie: string): Buffer {
  const value = sequence(integer(0), octets(cookie));
  return tlv(0xa0, sequence(octets(PAGED_RESULTS), octets(value)));
}

function cookieIn(controls: Buffer | undefined): string | undefined {
  for (const control of controls ? readAll(controls) : []) {
    const parts = readAll(control.body);
    if (parts[0]?.body.toString() !== PAGED_RESULTS) continue;
    const [value] = readAll(parts.at(-1)?.body ?? Buffer.alloc(0));
    return readAll(value?.body ?? Buffer.alloc(0))[1]?.body.toString() ?? '';
  }
  return undefined;
}
