import { parseAddress } from './address.js';
import { domainMatches } from './domain.js';
import type { RecipientSettings } from './schema.js';

export type RecipientCheck =
  | {
      readonly ok: true;
      /** The person's address in its one spelling. */
      readonly address: string;
      /** Who gets the message in the end: `redirectAllTo` where it is set, else the same address. */
      readonly envelopeTo: string;
      readonly domain: string;
      /** Only a server that offers SMTPUTF8 can take it. */
      readonly needsSmtpUtf8: boolean;
    }
  | { readonly ok: false; readonly reason: 'bad-address' | 'domain-not-allowed'; readonly detail: string };

/** `user%elsewhere@here` and `elsewhere!user@here`: Postfix and others take them apart, and allowedDomains would hold nobody back. */
const ROUTE = /[%!]/;

/** Whether Rollcall may write to this address, which comes from a directory and may be anything. */
export function checkRecipient(address: string, recipients: RecipientSettings): RecipientCheck {
  const parsed = parseAddress(address.trim());
  if (typeof parsed === 'string') return { ok: false, reason: 'bad-address', detail: parsed };
  if (ROUTE.test(parsed.local))
    return {
      ok: false,
      reason: 'bad-address',
      detail: 'its local part has "%" or "!" in it, by which servers send mail on to another domain',
    };
  const { domain } = parsed;
  if (!recipients.allowedDomains.some((pattern) => domainMatches(domain, pattern))) {
    return { ok: false, reason: 'domain-not-allowed', detail: `${domain} is not among allowedDomains` };
  }
  return {
    ok: true,
    address: parsed.address,
    envelopeTo: recipients.redirectAllTo ?? parsed.address,
    domain,
    needsSmtpUtf8: recipients.redirectAllTo === null && parsed.needsSmtpUtf8,
  };
}
