import { createSocket } from 'node:dgram';
import { isIP } from 'node:net';

interface ServiceRecord {
  readonly priority?: number;
  readonly weight?: number;
  readonly port: number;
  readonly target: string;
}

/** Names and what they have. A name that is not here does not exist (NXDOMAIN). */
export interface Zone {
  readonly a?: Readonly<Record<string, readonly string[]>>;
  readonly srv?: Readonly<Record<string, readonly ServiceRecord[]>>;
  /** Names whose questions fail (SERVFAIL). */
  readonly broken?: readonly string[];
  /** Names whose questions are never answered. */
  readonly silent?: readonly string[];
}

const TYPE = { a: 1, aaaa: 28, srv: 33 } as const;

/** A DNS server (RFC 1035, RFC 2782) on a loopback port: UDP, one question a packet, no compression but for the name asked for. */
export async function startDnsServer(
  zone: Zone,
): Promise<{ readonly address: string; readonly asked: string[]; stop(): Promise<void> }> {
  const socket = createSocket('udp4');
  const asked: string[] = [];
  socket.on('message', (packet, peer) => {
    const { name, type, end } = readQuestion(packet);
    asked.push(`${name} ${type}`);
    if (zone.silent?.includes(name)) return;
    const known = [...Object.keys(zone.a ?? {}), ...Object.keys(zone.srv ?? {})].includes(name);
    const code = zone.broken?.includes(name) ? 2 : known ? 0 : 3;
    const records = code === 0 ? recordsOf(zone, name, type) : [];
    const head = Buffer.alloc(12);
    packet.copy(head, 0, 0, 2);
    head.writeUInt16BE(0x8580 | code, 2); // a response, authoritative, recursion wanted and offered
    head.writeUInt16BE(1, 4);
    head.writeUInt16BE(records.length, 6);
    const answers = records.map((data) => {
      const fixed = Buffer.alloc(12);
      fixed.writeUInt16BE(0xc00c, 0); // the name asked for, which begins at byte 12
      fixed.writeUInt16BE(type, 2);
      fixed.writeUInt16BE(1, 4);
      fixed.writeUInt32BE(60, 6);
      fixed.writeUInt16BE(data.length, 10);
      return Buffer.concat([fixed, data]);
    });
    socket.send(Buffer.concat([head, packet.subarray(12, end), ...answers]), peer.port, peer.address);
  });
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
  return {
    address: `127.0.0.1:${socket.address().port}`,
    asked,
    stop: () => new Promise((resolve) => socket.close(() => resolve())),
  };
}

function readQuestion(packet: Buffer): { name: string; type: number; end: number } {
  const labels: string[] = [];
  let at = 12;
  for (;;) {
    const length = packet.readUInt8(at);
    at += 1;
    if (length === 0) break;
    labels.push(packet.toString('ascii', at, at + length));
    at += length;
  }
  return { name: labels.join('.').toLowerCase(), type: packet.readUInt16BE(at), end: at + 4 };
}

function recordsOf(zone: Zone, name: string, type: number): Buffer[] {
  if (type === TYPE.a || type === TYPE.aaaa)
    return (zone.a?.[name] ?? [])
      .filter((address) => isIP(address) === (type === TYPE.a ? 4 : 6))
      .map(
        (address) =>
          type === TYPE.a
            ? Buffer.from(address.split('.').map(Number))
            : Buffer.from([...new Array<number>(15).fill(0), 1]), // ::1 is the only one that is wanted
      );
  if (type === TYPE.srv)
    return (zone.srv?.[name] ?? []).map(({ priority = 10, weight = 10, port, target }) => {
      const fixed = Buffer.alloc(6);
      fixed.writeUInt16BE(priority, 0);
      fixed.writeUInt16BE(weight, 2);
      fixed.writeUInt16BE(port, 4);
      const labels = target.split('.').filter(Boolean);
      return Buffer.concat([
        fixed,
        ...labels.map((label) => Buffer.from([label.length, ...Buffer.from(label, 'ascii')])),
        Buffer.from([0]),
      ]);
    });
  return [];
}
