import type { DeliveryRow } from './types.js';

/** Why a delivery is what it is, in a server's words: its reply; of a bounce the report, for the reply was a 250. */
export function lastWords({ status, reply, history }: DeliveryRow): string | undefined {
  if (status === 'bounced') return history.findLast(({ from, to }) => to === status && from !== to)?.note;
  if (reply === undefined) return undefined;
  return [reply.code > 0 ? String(reply.code) : '', reply.enhanced ?? '', reply.text]
    .filter(Boolean)
    .join(' ');
}
