import type { DeliveryStatus } from '../model/status.js';
import type { ReportRow } from './report.js';

/** What a person has in a report: the status of a delivery, or that there is none. */
export type State = DeliveryStatus | 'skipped' | 'conflict';

/** A sentence for each, in the order in which they are shown. */
export const stateMeanings: Readonly<Record<State, string>> = {
  queued: 'Waits for a worker.',
  sending: 'Is being sent.',
  sent: 'The mail server took it. Whether it arrived, only a delivery report can tell.',
  deferred: 'The mail server said "not now"; it is tried again.',
  failed: 'The mail server refused it for good, or the mail could not be made.',
  uncertain: 'The connection ended before the answer: nobody knows whether the server took it.',
  delivered: "The recipient's server confirmed that it arrived.",
  bounced: 'It came back after the mail server had taken it.',
  suppressed: 'The address is one that is never written to.',
  cancelled: 'It was dropped before it was sent.',
  expired: 'It was tried for as long as the campaign allows.',
  skipped: 'The campaign leaves this person out.',
  conflict: 'Two people have the same alias; neither is written to.',
};

export function stateOf({ delivery, passedOver }: ReportRow): State {
  return delivery?.status ?? passedOver?.outcome ?? 'skipped';
}
