import { createHash } from 'node:crypto';
import { mkdir, open, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { messageOf, RollcallError } from '../lib/errors.js';
import type { Keyring } from '../lib/keyring.js';
import { Secret } from '../lib/secret.js';
import type { CancelReason, DeliveryStatus } from '../model/status.js';

/** A person who was matched, with what the plan will write, should the plan come to that. */
export interface AssignedRecord {
  readonly kind: 'assigned';
  readonly person: string;
  readonly dn: string;
  readonly pattern: string;
  readonly alias: string;
  readonly address: string;
  readonly revision: string;
  readonly fingerprint: string;
  readonly aliasHash: string;
  /** The sequence number seen in the ledger; 0 for a person never written to. */
  readonly sequence: number;
  /** Written to, unless in conflict; or the status of the last delivery, which makes the person `unchanged`. */
  readonly verdict: 'plan' | DeliveryStatus;
  /** What the mail is made of, as the ledger will seal it. Only where the verdict is to plan. */
  readonly payload: Secret | undefined;
}

/** A person who was not matched, or must not be written to. */
export interface SkippedRecord {
  readonly kind: 'skipped';
  readonly person: string;
  readonly dn: string;
  readonly reason: string;
  readonly code?: string;
  readonly cancel: Extract<CancelReason, 'disabled' | 'skipped'>;
}

export type SpoolRecord = AssignedRecord | SkippedRecord;

/**
 * Where a plan waits until the directory read is proven complete and the limits hold. On disk, so that memory stays
 * flat, and sealed, since it holds passwords and links.
 */
export interface Spool {
  append(records: readonly SpoolRecord[]): Promise<void>;
  /** All pages again, in the order they were written. */
  pages(): AsyncGenerator<readonly SpoolRecord[]>;
  remove(): Promise<void>;
}

const LENGTH_BYTES = 4;

/** @throws ROLLCALL_ERR_SPOOL where the disk is full or the folder is not ours to write. */
export async function openSpool(context: {
  dataDir: string;
  campaign: string;
  run: string;
  keyring: Keyring;
}): Promise<Spool> {
  const { keyring, run } = context;
  const dir = join(context.dataDir, 'spool');
  // The campaign's name is the admin's, so it goes into the file name only as a hash.
  const stem = createHash('sha256').update(context.campaign).digest('hex').slice(0, 16);
  const file = join(dir, `${stem}.spool`);

  const failed = (error: unknown) =>
    new RollcallError('ROLLCALL_ERR_SPOOL', `The plan could not be kept in ${dir}: ${messageOf(error)}.`, {
      cause: error,
    });
  const guarded = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      throw error instanceof RollcallError ? error : failed(error);
    }
  };

  const handle = await guarded(async () => {
    await mkdir(dir, { recursive: true, mode: 0o700 });
    // One planner a campaign holds the lock, so whatever lies here under its name was left by a crash.
    for (const name of await readdir(dir))
      if (name.startsWith(stem)) await rm(join(dir, name), { force: true });
    return open(file, 'wx+', 0o600);
  });
  let length = 0;
  let frames = 0;

  return {
    async append(records) {
      if (records.length === 0) return;
      const sealed = keyring.seal(textOf(records), `spool|${run}|${frames}`);
      const frame = Buffer.allocUnsafe(LENGTH_BYTES + sealed.length);
      frame.writeUInt32BE(sealed.length);
      sealed.copy(frame, LENGTH_BYTES);
      await guarded(() => handle.write(frame, 0, frame.length, length));
      length += frame.length;
      frames += 1;
    },

    async *pages() {
      const head = Buffer.alloc(LENGTH_BYTES);
      let position = 0;
      for (let frame = 0; frame < frames; frame += 1) {
        await guarded(() => handle.read(head, 0, LENGTH_BYTES, position));
        const sealed = Buffer.allocUnsafe(head.readUInt32BE());
        const { bytesRead } = await guarded(() =>
          handle.read(sealed, 0, sealed.length, position + LENGTH_BYTES),
        );
        if (bytesRead !== sealed.length) throw failed(new Error('it ends too early'));
        position += LENGTH_BYTES + sealed.length;
        yield recordsOf(keyring.unseal(sealed, `spool|${run}|${frame}`).toString('utf8'));
      }
    },

    async remove() {
      await handle.close();
      await rm(file, { force: true });
    },
  };
}

/** A record a line, in JSON, in which a payload is only said to be there; on the line below it the payload, which is JSON already. */
function textOf(records: readonly SpoolRecord[]): string {
  const lines: string[] = [];
  for (const record of records) {
    lines.push(JSON.stringify(record));
    if (record.kind === 'assigned' && record.payload) lines.push(record.payload.reveal());
  }
  return lines.join('\n');
}

function recordsOf(text: string): SpoolRecord[] {
  const lines = text.split('\n');
  const records: SpoolRecord[] = [];
  for (let at = 0; at < lines.length; at += 1) {
    // Sealed by this process under this run's name: what opens is what was written.
    const record = JSON.parse(lines[at] ?? '') as SpoolRecord;
    if (record.kind === 'assigned' && record.payload) {
      at += 1;
      records.push(Object.assign(record, { payload: new Secret(lines[at] ?? '') }));
    } else records.push(record);
  }
  return records;
}
