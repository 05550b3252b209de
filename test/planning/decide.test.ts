import { expect, test } from 'vitest';
import type { KnownPerson } from '../../src/ledger/types.js';
import { deliveryStatuses } from '../../src/model/status.js';
import { decide, isSettled } from '../../src/planning/decide.js';

const known = (status: KnownPerson['status'], detail?: KnownPerson['detail']): KnownPerson => ({
  delivery: 'd',
  run: 'r',
  sequence: 1,
  status,
  detail,
  revision: 'r1',
  fingerprint: 'f',
  aliasHash: '0',
  address: 'a@corp.example',
});
const nightly = { repeat: 'onChange', resend: 'no' } as const;

test('a person never written to is planned', () => {
  expect(decide({ ...nightly, known: undefined, sameRevision: false })).toBe('plan');
});

test.each(deliveryStatuses)(
  'a known revision whose delivery is %s is planned again exactly when it is not settled',
  (status) => {
    const planned = decide({ ...nightly, known: known(status), sameRevision: true }) === 'plan';
    expect(planned).toBe(['suppressed', 'cancelled', 'expired'].includes(status));
  },
);

test('a delivery that an admin cancelled, or that a server refused, settles its revision', () => {
  expect(isSettled(known('cancelled', 'admin'))).toBe(true);
  expect(isSettled(known('failed'))).toBe(true);
});

test.each(['superseded', 'gone', 'disabled', 'skipped', 'conflict'] as const)(
  'one cancelled as %s does not',
  (detail) => {
    expect(isSettled(known('cancelled', detail))).toBe(false);
  },
);

test('one that could not be rendered does not', () => {
  expect(isSettled(known('failed', 'render'))).toBe(false);
});

test('a new revision is a reason to write again, but not where the campaign writes once a person', () => {
  expect(decide({ ...nightly, known: known('sent'), sameRevision: false })).toBe('plan');
  expect(decide({ ...nightly, repeat: 'never', known: known('sent'), sameRevision: false })).toBe('sent');
});

test('a re-send plans whom it asks for, whatever they have', () => {
  expect(decide({ known: known('sent'), sameRevision: true, repeat: 'never', resend: 'asked' })).toBe('plan');
});
