import type { DeliveryStatus } from '../../src/model/status.js';

/** One delivery as the reference model sees it: the rules of the ledger in plain code, without Redis, leases or counters. */
export interface ModelDelivery {
  readonly person: string;
  status: DeliveryStatus;
  phase: 'none' | 'claimed' | 'body';
  /** Whose claim is the last. */
  token: string | undefined;
  /** What its owner said last, for a repetition of it. */
  said: string | undefined;
  cancelWhenBack: boolean;
  parked: boolean;
  latest: boolean;
  /** The older delivery that must be final first. */
  after: ModelDelivery | undefined;
  reported: 'bounced' | 'delivered' | undefined;
  /** Copies that the server may have: bodies begun that no answer has denied. */
  copies: number;
}

export interface Model {
  readonly deliveries: ModelDelivery[];
  readonly suppressed: Set<string>;
  paused: boolean;
}

export const createModel = (): Model => ({ deliveries: [], suppressed: new Set(), paused: false });

const waits = ({ status }: ModelDelivery) => status === 'queued' || status === 'deferred';

function end(delivery: ModelDelivery, status: DeliveryStatus): void {
  Object.assign(delivery, { status, phase: 'none', parked: false, cancelWhenBack: false });
}

function putBack(delivery: ModelDelivery, status: 'queued' | 'deferred'): void {
  if (delivery.cancelWhenBack) end(delivery, 'cancelled');
  else Object.assign(delivery, { status, phase: 'none' });
}

/** Read anew: TypeScript does not see that the functions above change it. */
const statusNow = (delivery: ModelDelivery): DeliveryStatus => delivery.status;

function cancel(delivery: ModelDelivery): void {
  if (waits(delivery)) end(delivery, 'cancelled');
  else if (delivery.status === 'sending') delivery.cancelWhenBack = true;
}

export function plan(model: Model, person: string): void {
  const old = model.deliveries.find((one) => one.person === person && one.latest);
  const after = old?.status === 'sending' ? old : old && waits(old) ? old.after : undefined;
  if (old) {
    cancel(old);
    old.latest = false;
  }
  model.deliveries.push({
    person,
    status: 'queued',
    phase: 'none',
    token: undefined,
    said: undefined,
    cancelWhenBack: false,
    parked: false,
    latest: true,
    after,
    reported: undefined,
    copies: 0,
  });
}

export function claim(model: Model, delivery: ModelDelivery, token: string): string {
  if (delivery.status === 'sending') return 'later';
  if (!waits(delivery)) return 'done';
  if (delivery.after?.status === 'sending') return 'later';
  delivery.after = undefined;
  if (model.suppressed.has(delivery.person)) {
    end(delivery, 'suppressed');
    return 'done';
  }
  if (model.paused) {
    delivery.parked = true;
    return 'parked';
  }
  Object.assign(delivery, { status: 'sending', phase: 'claimed', token, said: undefined, parked: false });
  return 'claimed';
}

export function begin(model: Model, delivery: ModelDelivery, token: string): boolean {
  if (delivery.status !== 'sending' || delivery.token !== token) return false;
  if (delivery.phase === 'body') return true;
  if (delivery.cancelWhenBack || model.paused) {
    putBack(delivery, 'queued');
    delivery.parked = statusNow(delivery) === 'queued';
    return false;
  }
  delivery.phase = 'body';
  delivery.copies += 1;
  return true;
}

/** An owner may say no before any body byte, too: then there is no copy to take back. */
function deny(delivery: ModelDelivery): void {
  delivery.copies = Math.max(0, delivery.copies - 1);
}

export type Said = 'sent' | 'failed' | 'deferred' | 'queued' | 'uncertain';

export function record(delivery: ModelDelivery, token: string, said: Said): string {
  if (delivery.token !== token) return 'refused';
  const denies = said === 'failed' || said === 'deferred' || said === 'queued';
  if (delivery.status !== 'sending') {
    if (delivery.status === 'uncertain' && (said === 'sent' || said === 'failed')) {
      if (denies) deny(delivery);
      delivery.said = said;
      end(delivery, said);
      return 'late';
    }
    return delivery.said === said ? 'recorded' : 'refused';
  }
  if (denies) deny(delivery);
  delivery.said = said;
  if (said === 'deferred' || said === 'queued') putBack(delivery, said);
  else end(delivery, said);
  if (delivery.reported && ['sent', 'uncertain'].includes(statusNow(delivery)))
    delivery.status = delivery.reported;
  if (['bounced', 'delivered'].includes(statusNow(delivery))) delivery.reported = undefined;
  return 'recorded';
}

/** The owner is gone and its lease is over. */
export function crash(delivery: ModelDelivery): void {
  if (delivery.status !== 'sending') return;
  if (delivery.phase !== 'body') {
    putBack(delivery, 'queued');
    return;
  }
  end(delivery, 'uncertain');
  if (delivery.reported) delivery.status = delivery.reported;
  delivery.reported = undefined;
}

export function report(delivery: ModelDelivery, verdict: 'bounced' | 'delivered'): void {
  if (delivery.status === 'sent' || delivery.status === 'uncertain') delivery.status = verdict;
  else if (delivery.status === 'sending' && delivery.phase === 'body') delivery.reported = verdict;
}

export function cancelAll(model: Model): void {
  for (const delivery of model.deliveries) cancel(delivery);
}
