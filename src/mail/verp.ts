import { RollcallError } from '../lib/errors.js';
import type { Keyring } from '../lib/keyring.js';
import type { SmtpSettings } from './schema.js';

type SenderSettings = Pick<SmtpSettings, 'from' | 'bounceAddress' | 'verp'>;

/** Lower case, for a server on the way may fold an address. */
const TOKEN = /^([a-z0-9-]{1,64})\.([a-z2-7]{16})$/;
const MAX_LOCAL = 64;

/** Names a delivery to the outside so that nobody else can make up such a name: in VERP addresses, Message-IDs and as ENVID. */
export function bounceToken(keyring: Keyring, delivery: string): string {
  return `${delivery}.${keyring.verpTag(delivery)}`;
}

/** Whether a text looks like one of {@link bounceToken}'s making; whether it is one, only its tag tells. */
export const looksLikeToken = (text: string): boolean => TOKEN.test(text.trim().toLowerCase());

/** The delivery that {@link bounceToken} named, under this key or a previous one. */
export function deliveryOfToken(keyring: Keyring, token: string): string | undefined {
  const [, delivery, tag] = TOKEN.exec(token.trim().toLowerCase()) ?? [];
  return delivery !== undefined && tag !== undefined && keyring.verpMatches(delivery, tag)
    ? delivery
    : undefined;
}

/**
 * The envelope sender of one delivery: `bounces+<delivery>.<tag>@corp.example`, the tag an HMAC that nobody else can
 * make, so that no forged bounce can suppress anybody. Without VERP the bounce address, else the sender's own.
 * @param token of {@link bounceToken}
 */
export function envelopeSender(smtp: SenderSettings, token: string): string {
  const base = smtp.bounceAddress ?? smtp.from.address;
  if (smtp.bounceAddress === undefined || !smtp.verp) return base;
  const at = base.lastIndexOf('@');
  const local = `${base.slice(0, at)}+${token}`;
  if (local.length > MAX_LOCAL || !TOKEN.test(token)) {
    throw new RollcallError('ROLLCALL_ERR_INTERNAL', `${token} is no name that fits into an address.`);
  }
  return `${local}${base.slice(at)}`;
}

/** The token in an address that {@link envelopeSender} may have made: whether it did, only the token's tag tells. */
export function tokenOfSender(address: string, { bounceAddress }: SenderSettings): string | undefined {
  const base = bounceAddress?.toLowerCase();
  if (base === undefined) return undefined;
  const at = base.lastIndexOf('@');
  const [before, after] = [`${base.slice(0, at)}+`, base.slice(at)];
  const folded = address.trim().toLowerCase();
  return folded.startsWith(before) && folded.endsWith(after)
    ? folded.slice(before.length, folded.length - after.length)
    : undefined;
}
