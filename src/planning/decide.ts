import type { KnownPerson } from '../ledger/types.js';
import type { DeliveryStatus } from '../model/status.js';

/**
 * Whether the last delivery settles the revision that it belongs to. Not where it expired or could not be rendered:
 * those are planned again. One that an admin cancelled, or that a server refused for good, is: writing the same once
 * more would not end otherwise.
 */
export function isSettled({ status, detail }: Pick<KnownPerson, 'status' | 'detail'>): boolean {
  switch (status) {
    case 'queued':
    case 'sending':
    case 'deferred':
    case 'sent':
    case 'delivered':
    case 'uncertain':
    case 'bounced':
      return true;
    case 'cancelled':
      return detail === 'admin';
    case 'failed':
      return detail !== 'render';
    case 'expired':
    case 'suppressed':
      return false;
  }
}

export interface Question {
  readonly known: KnownPerson | undefined;
  /** The revision is the one that the last delivery belongs to. */
  readonly sameRevision: boolean;
  readonly repeat: 'onChange' | 'never';
  /** A re-send asks for this person, at this sequence number; undefined where it asks for somebody else, or is no re-send. */
  readonly resend: 'asked' | 'not-asked' | 'no';
}

/** Plan a delivery, or leave the person as they are: then the status of the last delivery says what they have. */
export function decide({ known, sameRevision, repeat, resend }: Question): 'plan' | DeliveryStatus {
  if (resend === 'asked') return 'plan';
  if (known === undefined) return 'plan';
  if (!isSettled(known)) return 'plan';
  return sameRevision || repeat === 'never' ? known.status : 'plan';
}
