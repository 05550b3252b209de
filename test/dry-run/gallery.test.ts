import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startBrowser } from '../support/browser.js';
import { type Bench, type Human, openBench } from './support.js';

/** `npm run test:look` keeps pictures here. */
const pictures = process.env['ROLLCALL_LOOK'];

const SCRIPT = '</script><img src=x onerror="document.title=1"><svg onload=alert(1)>';

const people: readonly Human[] = [
  { uid: 'aaa', name: SCRIPT, mail: 'evil@corp.example' },
  ...Array.from({ length: 250 }, (_, index) => ({ uid: `p${String(index).padStart(3, '0')}` })),
  { uid: 'leaver', more: ['employeeType: leaver'] },
  { uid: 'twin', name: 'Twin One' },
  { uid: 'TWIN', name: 'Twin Two', mail: 'two@corp.example' },
  { uid: 'zoe', name: 'Zoë 王', mail: 'zoe@corp.example' },
];

describe('the gallery, opened from disk', () => {
  let bench: Bench;
  let browser: Browser;

  beforeAll(async () => {
    bench = await openBench();
    await bench.people([...people.slice(1, 10), { uid: 'old' }]);
    await bench.dryRun('before');
    await bench.write('templates/welcome/message.txt', 'Good day {{ givenName }}\n\n{{ link.uri }}\n');
    await bench.people(people);
    await bench.dryRun('out', ['--against', join(bench.dir, 'before')]);
    browser = await startBrowser();
    if (pictures) await mkdir(pictures, { recursive: true });
  });
  afterAll(async () => {
    await browser.close();
    await bench.close();
  });

  /** A page that fails the test at the first script error, refused script or request that leaves the disk. */
  async function openGallery(width = 1280, colorScheme: 'light' | 'dark' = 'light') {
    const context = await browser.newContext({ viewport: { width, height: 860 }, colorScheme });
    context.setDefaultTimeout(8000);
    const page = await context.newPage();
    const wrong: string[] = [];
    page.on('pageerror', (error) => wrong.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error') wrong.push(message.text());
    });
    page.on('dialog', (dialog) => {
      wrong.push(`dialog: ${dialog.message()}`);
      void dialog.dismiss();
    });
    page.on('request', (request) => {
      if (!/^(?:file|data|about):/.test(request.url())) wrong.push(request.url());
    });
    await page.goto(`file://${join(bench.dir, 'out/index.html')}`);
    await optionsOf(page).first().waitFor();
    return { page, wrong, close: () => context.close() };
  }

  /** People, and not what the filters offer. */
  const optionsOf = (page: Page) => page.locator('#list').getByRole('option');
  const count = (page: Page) => page.getByRole('status').textContent();

  it('shows mail, text, source and link of a person, and runs nothing that a name says', async () => {
    const { page, wrong, close } = await openGallery();
    await page.getByRole('searchbox').fill('evil@');
    await page.getByText('1 of 256 listed').waitFor();
    await optionsOf(page).click();
    expect(await optionsOf(page).textContent()).toContain('evil@corp.example');
    const frame = page.frameLocator('iframe');
    await frame.getByText('Hello aaa').waitFor();
    expect(await page.locator('iframe').getAttribute('sandbox')).toBe('');
    await page.getByRole('button', { name: '360 px' }).click();
    await page.getByRole('button', { name: 'Dark' }).click();
    expect(await page.locator('iframe').evaluate((element) => element.clientWidth)).toBe(360);
    await page.getByRole('tab', { name: 'Text' }).click();
    expect(await page.getByRole('tabpanel').textContent()).toContain(`Good day ${SCRIPT}`);
    await page.keyboard.press('ArrowRight');
    expect(await page.getByRole('tabpanel').textContent()).toContain('X-Dry-Run: not sent');
    await page.keyboard.press('ArrowRight');
    const password = page.getByRole('row', { name: /registrationPassword/ });
    expect(await password.textContent()).toContain('••••••••••••');
    expect(await page.locator('.facts').first().textContent()).toContain('Video Team <video@corp.example>');
    expect(await page.title()).toBe('welcome: dry run');
    expect(wrong).toEqual([]);
    await close();
  });

  it('says who gets nothing and why, who is in conflict with whom, and what changed', async () => {
    const { page, wrong, close } = await openGallery();
    const detail = page.getByRole('region', { name: 'What this person gets' });
    const choose = (label: string, value: string) => page.getByLabel(label).selectOption(value);
    await choose('Outcome', 'nothing');
    await optionsOf(page).click();
    expect(await detail.textContent()).toContain('The alias pattern that matches says "skip".');
    await choose('Outcome', 'conflict');
    expect(await count(page)).toBe('2 of 256 listed');
    await optionsOf(page).first().click();
    expect(await detail.textContent()).toContain('cn=Twin Two,ou=people,dc=corp,dc=example');
    await page.getByRole('button', { name: 'Show everyone' }).click();
    await choose('Compared with before', 'changed');
    expect(await count(page)).toBe('9 of 256 listed');
    await optionsOf(page).first().click();
    expect(await detail.textContent()).toContain('Changed since the earlier dry runwording');
    await choose('Compared with before', 'gone');
    await optionsOf(page).filter({ hasText: 'old' }).click();
    expect(await detail.textContent()).toContain('now the directory read has no such person');
    await page.getByRole('button', { name: 'Show everyone' }).click();
    await choose('Problem or reason', 'ROLLCALL_ERR_ALIAS_CONFLICT');
    expect(await count(page)).toBe('2 of 256 listed');
    expect(wrong).toEqual([]);
    await close();
  });

  it('is used by keyboard alone, and holds only the rows in the page that can be seen', async () => {
    const { page, wrong, close } = await openGallery();
    await page.keyboard.press('/');
    await page.keyboard.type('p1');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('End');
    const list = page.getByRole('listbox');
    const active = page.locator(`#${await list.getAttribute('aria-activedescendant')}`);
    expect(await active.textContent()).toContain('p199@corp.example');
    expect(await active.getAttribute('aria-posinset')).toBe(await active.getAttribute('aria-setsize'));
    expect(await optionsOf(page).count()).toBeLessThan(40);
    await page.getByRole('heading', { name: 'Your address: p199@vc.corp.example' }).waitFor();
    const last = page.getByText('p199@corp.example').first();
    await last.waitFor();
    expect(wrong).toEqual([]);
    await close();
  });

  it.each([
    { width: 1280, scheme: 'light' as const },
    { width: 1280, scheme: 'dark' as const },
    { width: 390, scheme: 'light' as const },
    { width: 390, scheme: 'dark' as const },
  ])('fits $width pixels in $scheme', async ({ width, scheme }) => {
    const { page, wrong, close } = await openGallery(width, scheme);
    if (pictures) await page.screenshot({ path: join(pictures, `gallery-${width}-${scheme}.png`) });
    if (width < 900) {
      await optionsOf(page).nth(1).click();
      await page.getByRole('button', { name: 'All people' }).waitFor();
      if (pictures) await page.screenshot({ path: join(pictures, `gallery-${width}-${scheme}-mail.png`) });
    }
    const overflow = await page.evaluate('document.documentElement.scrollWidth - innerWidth');
    expect(overflow).toBeLessThanOrEqual(0);
    const colour = await page.evaluate('getComputedStyle(document.body).backgroundColor');
    expect(colour).toBe(scheme === 'dark' ? 'rgb(18, 21, 27)' : 'rgb(244, 245, 247)');
    if (width < 900) {
      await page.keyboard.press('Escape');
      await page.getByRole('searchbox').waitFor();
    }
    expect(wrong).toEqual([]);
    await close();
  });
});
