import { hash } from 'node:crypto';
import { base32 } from '../lib/base32.js';

const LENGTH = 26;

/**
 * The id of the delivery number `sequence` to a person of a campaign: 130 bits of a SHA-256 in lower-case base32. The same
 * wherever it is computed, so that planning twice cannot write two, and the Message-ID made of it stays the same.
 */
export function deliveryId(campaign: string, person: string, sequence: number): string {
  // Length first: no two different pairs may run together into one text.
  const text = `${campaign.length}|${campaign}|${person}|${sequence}`;
  return base32(hash('sha256', text, 'buffer'), LENGTH);
}
