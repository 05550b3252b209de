import fc from 'fast-check';
import { expect, test } from 'vitest';
import { csvReport } from '../../src/reports/csv.js';
import { delivered, passedOver, reportOf } from './support.js';

async function csvOf(...rows: Parameters<typeof reportOf>[0]): Promise<string[][]> {
  let text = '';
  for await (const chunk of csvReport(reportOf(rows))) text += chunk;
  return parse(text);
}

/** RFC 4180 §2, and nothing more generous: a line ends with CR LF, and a quote stands in a quoted field alone, doubled. */
function parse(text: string): string[][] {
  const field = /"((?:[^"]|"")*)"|([^",\r\n]*)/y;
  const rows: string[][] = [];
  let at = 0;
  while (at < text.length) {
    const row: string[] = [];
    for (;;) {
      field.lastIndex = at;
      const [whole = '', quoted, plain = ''] = field.exec(text) ?? [];
      row.push(quoted === undefined ? plain : quoted.replaceAll('""', '"'));
      at += whole.length;
      if (text[at] !== ',') break;
      at += 1;
    }
    if (!text.startsWith('\r\n', at))
      throw new Error(`no end of line at ${at}: ${JSON.stringify(text.slice(at, at + 20))}`);
    at += 2;
    rows.push(row);
  }
  return rows;
}

test('has a line for everybody below one of names', async () => {
  const [names = [], ada = [], bob = []] = await csvOf(
    delivered('ada', 'sent'),
    passedOver('bob', 'unusable', 'ROLLCALL_ERR_FIELD_LIMIT'),
  );
  const cell = (row: readonly string[], name: string) => row[names.indexOf(name)];
  expect([cell(ada, 'status'), cell(ada, 'changedAt')]).toEqual(['sent', '2026-05-04T02:31:00.000Z']);
  expect([cell(bob, 'status'), cell(bob, 'outcome'), cell(bob, 'reason'), cell(bob, 'code')]).toEqual([
    '',
    'skipped',
    'unusable',
    'ROLLCALL_ERR_FIELD_LIMIT',
  ]);
});

test('gives back any text, with an apostrophe before what a spreadsheet would run', async () => {
  const awkward = fc.string({
    unit: fc.constantFrom(...'=+-@\t\r\n\0＝＋－＠",;\'ab é'.split('')),
    maxLength: 6,
  });
  await fc.assert(
    fc.asyncProperty(awkward, async (value) => {
      const rows = await csvOf(delivered('ada', 'failed', { alias: value }));
      const alias = rows[1]?.[rows[0]?.indexOf('alias') ?? 0];
      const runs = /^[=+\-@\t\r\n\0＝＋－＠]/.test(value);
      expect(alias).toBe(runs ? `'${value}` : value);
    }),
    { numRuns: 300 },
  );
});
