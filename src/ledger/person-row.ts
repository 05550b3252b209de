import { z } from 'zod';
import { RollcallError } from '../lib/errors.js';
import type { ScriptArgument } from '../lib/redis-script.js';
import { type DeliveryStatus, deliveryStatuses } from '../model/status.js';
import { foldAddress } from './fold-address.js';
import type { KnownPerson, PlanEntry } from './types.js';

/*
 * A person's row is one string with tabs between its parts, the delivery and its number in front:
 * a hundred thousand of them are read each night, and splitting a text costs less than reading JSON.
 */
const SEPARATOR = '\t';

const statuses: ReadonlyMap<string, DeliveryStatus> = new Map(deliveryStatuses.map((one) => [one, one]));

/** The answer of known.lua for so many people. */
export function knownPeople(answer: unknown): (KnownPerson | undefined)[] {
  return z
    .string()
    .parse(answer)
    .split('\n')
    .map((line) => (line === '' ? undefined : parseRow(line)));
}

function parseRow(line: string): KnownPerson {
  const [
    current = '',
    detail = '',
    run = '',
    delivery = '',
    sequence,
    revision = '',
    fingerprint = '',
    aliasHash = '',
    address = '',
  ] = line.split(SEPARATOR);
  const status = statuses.get(current);
  if (status === undefined)
    throw new RollcallError('ROLLCALL_ERR_INTERNAL', `The delivery ${delivery} has no status.`);
  return {
    delivery,
    run,
    sequence: Number(sequence),
    status,
    detail: detail === '' ? undefined : knownDetails.parse(detail),
    revision,
    fingerprint,
    aliasHash,
    address,
  };
}

const knownDetails = z.enum([
  'admin',
  'superseded',
  'gone',
  'disabled',
  'skipped',
  'conflict',
  'render',
  'bad-address',
]);

/** The three arguments of plan.lua for one entry. */
export function packEntry(entry: PlanEntry, delivery: string, payload: Buffer): ScriptArgument[] {
  const { person, dn, pattern, alias, address, revision, expectedSequence } = entry;
  const folded = foldAddress(address);
  const facts = JSON.stringify({ dn, pattern, alias, revision });
  const parts = [delivery, expectedSequence + 1, plain(address), folded === address ? '' : folded];
  return [person, [...parts, packHashes(entry), facts].join(SEPARATOR), payload];
}

export function packHashes(of: { revision: string; fingerprint: string; aliasHash: string }): string {
  return [of.revision, of.fingerprint, of.aliasHash].map(plain).join(SEPARATOR);
}

function plain(text: string): string {
  if (/[\t\r\n]/.test(text))
    throw new RollcallError(
      'ROLLCALL_ERR_INTERNAL',
      'A hash or an address for the ledger has a control character in it.',
    );
  return text;
}
