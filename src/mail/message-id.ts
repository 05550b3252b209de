import { createHash } from 'node:crypto';
import { base32 } from '../lib/base32.js';

/**
 * A Message-ID that is the same for every try of one delivery, so that a store that has the message already can drop
 * a second copy (Exchange compares Message-ID and Date).
 * @param seed what makes the delivery unlike any other: campaign, person and sequence number
 * @param domain of the sender
 */
export function createMessageId(seed: string, domain: string): string {
  return `<${base32(createHash('sha256').update(seed).digest(), 26)}@${domain}>`;
}
