import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { htmlReport } from '../../src/reports/html.js';
import { startBrowser } from '../support/browser.js';
import { aNight, delivered, passedOver, reportOf } from './support.js';

/** `npm run test:look` keeps pictures here. */
const pictures = process.env['ROLLCALL_LOOK'];
let browser: Browser;
let dir: string;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'rollcall-report-'));
  browser = await startBrowser();
});

afterAll(async () => {
  await browser.close();
  await rm(dir, { recursive: true, force: true });
});

interface Opened {
  readonly page: Page;
  /** What went wrong in the page, and what it asked of the network. */
  readonly complaints: readonly string[];
}

async function open(rows: Parameters<typeof reportOf>[0], width = 1280): Promise<Opened> {
  const file = join(dir, `${rows.length}-${width}.html`);
  let text = '';
  for await (const chunk of htmlReport(reportOf(rows))) text += chunk;
  await writeFile(file, text);
  const page = await browser.newPage({ viewport: { width, height: 900 } });
  const complaints: string[] = [];
  page.on('pageerror', ({ message }) => complaints.push(message));
  page.on('console', (message) => complaints.push(message.text()));
  page.on('dialog', (dialog) => complaints.push(dialog.message()));
  page.on('request', (request) => {
    if (request.url() !== `file://${file}`) complaints.push(request.url());
  });
  await page.goto(`file://${file}`);
  await page.waitForSelector('#found:not(:empty)');
  return { page, complaints };
}

const found = (page: Page) => page.textContent('#found');
const names = (page: Page) => page.locator('.expand').allTextContents();

test('lists forty thousand people, found, filtered, sorted and paged by keyboard', async () => {
  const rows = aNight(40_000);
  const failed = rows
    .filter(({ delivery }) => delivery?.status === 'failed')
    .map(({ person }) => person.slice(3));
  const { page, complaints } = await open(rows);
  expect(await found(page)).toBe('1 to 50 of 40,000');
  expect(await page.locator('.tile.failed strong').textContent()).toBe(String(failed.length));

  // A search as typed, without the case.
  await page.keyboard.press('/');
  await page.keyboard.type('P031');
  await expect.poll(() => found(page)).toBe('1 to 50 of 1,000 found, among 40,000');
  await page.getByRole('radio', { name: /^failed/ }).press('Space');
  expect(await names(page)).toEqual(failed.filter((name) => name.startsWith('p031')));

  await page.getByLabel('Search').fill('');
  await expect.poll(() => found(page)).toBe(`1 to 50 of ${failed.length} found, among 40,000`);
  const byPerson = page.getByRole('columnheader', { name: 'Person' });
  await byPerson.getByRole('button').press('Enter');
  expect(await byPerson.getAttribute('aria-sort')).toBe('descending');
  expect((await names(page))[0]).toBe(failed.at(-1));
  await page.getByRole('button', { name: 'Last', exact: true }).press('Enter');
  expect(await found(page)).toBe(`101 to ${failed.length} of ${failed.length} found, among 40,000`);

  const first = page.locator('.expand').first();
  await first.press('Enter');
  expect(await first.getAttribute('aria-expanded')).toBe('true');
  expect(await page.locator('.more').textContent()).toContain('550 5.1.1 No such user here');
  expect(complaints).toEqual([]);
  if (pictures) {
    await mkdir(pictures, { recursive: true });
    await page.screenshot({ path: join(pictures, 'report.png'), fullPage: true });
  }
  await page.close();
});

test('shows what names and answers say, and runs none of it', async () => {
  const hostile = '</script><script>alert(1)</script><img src=x onerror=alert(2)>';
  const { page, complaints } = await open(
    [
      delivered('x', 'failed', {
        alias: hostile,
        reply: `550 ${hostile}`,
        detail: hostile,
        pattern: '{{ 7*7 }}',
      }),
      { ...passedOver('y', hostile), dn: `cn=a\\,b <b>,${hostile}` },
    ],
    375,
  );
  expect(await page.locator('.people').textContent()).toContain(hostile);
  expect(await names(page)).toContain('a\\,b <b>');
  expect(await page.locator('.people img, .tiles img').count()).toBe(0);
  // On a telephone the page does not scroll sideways.
  expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(375);
  expect(complaints).toEqual([]);
  await page.close();
});

test('says so when there is nobody yet', async () => {
  const { page, complaints } = await open([]);
  expect(await found(page)).toBe('Nobody yet.');
  expect(await page.textContent('main')).toContain('Nobody has been written to yet.');
  expect(complaints).toEqual([]);
  await page.close();
});
