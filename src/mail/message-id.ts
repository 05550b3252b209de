import { createHash } from 'node:crypto';
import { base32 } from '../lib/base32.js';
import type { Keyring } from '../lib/keyring.js';
import { deliveryOfToken } from './verp.js';

/**
 * The Message-ID of a delivery: the same for every try of it, so that a store that has the message already can drop a
 * second copy (Exchange compares Message-ID and Date), and signed, so that a bounce that has kept nothing else of ours
 * can be matched by it.
 * @param token of `bounceToken`
 * @param domain of the sender
 */
export const deliveryMessageId = (token: string, domain: string): string => `<${token}@${domain}>`;

/** The delivery that {@link deliveryMessageId} named, whatever the domain: the sender's may have changed since. */
export function deliveryOfMessageId(keyring: Keyring, messageId: string): string | undefined {
  const token = /^<([^<>@\s]+)@[^<>@\s]+>$/.exec(messageId)?.[1];
  return token === undefined ? undefined : deliveryOfToken(keyring, token);
}

/**
 * The Message-ID of a mail that is no delivery: a digest, a test, a dry run's.
 * @param seed what makes the mail unlike any other
 * @param domain of the sender
 */
export function createMessageId(seed: string, domain: string): string {
  return `<${base32(createHash('sha256').update(seed).digest(), 26)}@${domain}>`;
}
