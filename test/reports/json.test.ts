import { expect, test } from 'vitest';
import { jsonReport } from '../../src/reports/json.js';
import { delivered, passedOver, reportOf } from './support.js';

async function jsonOf(rows: Parameters<typeof reportOf>[0]): Promise<string> {
  let text = '';
  for await (const chunk of jsonReport(reportOf(rows))) text += chunk;
  return text;
}

test('is one document with everybody in it, and counts that are theirs', async () => {
  const rows = [
    delivered('ada', 'sent'),
    // Written to earlier, and passed over since: counted once, by what was sent.
    { ...delivered('bob', 'bounced'), passedOver: passedOver('bob', 'disabled').passedOver },
    passedOver('cem', 'no-address'),
  ];
  const text = await jsonOf(rows);
  const report = JSON.parse(text);
  expect(report).toMatchObject({
    campaign: 'onboarding',
    scope: 'latest',
    run: { run: 'run-1' },
    counts: { sent: 1, bounced: 1, failed: 0 },
    skipped: { 'no-address': 1 },
    conflict: 0,
  });
  expect(report.people[1]).toMatchObject({
    person: 'id-bob',
    delivery: { status: 'bounced', history: [{ status: 'queued' }, { status: 'bounced' }] },
    passedOver: { outcome: 'skipped', reason: 'disabled', code: null },
  });
  expect(report.people[2]).toMatchObject({ delivery: null });
  // The same people, the same bytes.
  expect(await jsonOf(rows)).toBe(text);
});

test('is a document too when there is nobody', async () => {
  expect(JSON.parse(await jsonOf([]))).toMatchObject({ people: [], skipped: {} });
});
