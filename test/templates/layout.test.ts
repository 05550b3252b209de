import { readFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import QRCode from 'qrcode';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTemplate } from '../../src/templates/open-template.js';
import { startBrowser } from '../support/browser.js';
import { fullContext, shipped, shippedDir } from './shipped.js';
import { jinja, render } from './support.js';

/** `npm run test:look` keeps pictures here. */
const pictures = process.env['ROLLCALL_LOOK'];

/** Runs in the page; see there for what it finds. */
const inspectPage = readFileSync(join(import.meta.dirname, 'inspect-page.js'), 'utf8');

interface Findings {
  readonly buttonHeight?: number;
  readonly pictures: readonly { readonly width: number; readonly alt: string; readonly loaded: boolean }[];
}

describe('the shipped templates in a browser', () => {
  let browser: Browser;
  const views: { name: string; locale: string | undefined; html: string }[] = [];

  beforeAll(async () => {
    browser = await startBrowser();
    for (const name of shipped) {
      const { template } = await openTemplate({ dir: shippedDir, name, jinja });
      const { link } = fullContext(name);
      const qr = await QRCode.toDataURL(String(Object(link).uri), { margin: 2, scale: 6 });
      for (const locale of [undefined, ...(template?.locales ?? [])]) {
        const html = template ? render(template, locale, fullContext(name, qr)).html : '';
        views.push({ name: locale ? `${name}.${locale}` : name, locale, html });
      }
    }
    if (pictures) await mkdir(pictures, { recursive: true });
  });

  afterAll(() => browser.close());

  const looks = [600, 360].flatMap((width) =>
    (['light', 'dark'] as const).map((scheme) => ({ width, scheme })),
  );

  it.each(looks)('are legible, whole and usable at $width pixels in $scheme', async ({ width, scheme }) => {
    const context = await browser.newContext({ viewport: { width, height: 900 }, colorScheme: scheme });
    const requests: string[] = [];
    const page: Page = await context.newPage();
    page.on('request', (request) => {
      if (!request.url().startsWith('data:')) requests.push(request.url());
    });
    for (const { name, locale, html } of views) {
      await page.setContent(html);
      const found = await page.evaluate<Findings>(inspectPage);
      expect(found, `${name} ${width} ${scheme}`).toMatchObject({
        faint: [],
        cut: [],
        overflow: 0,
        dataTables: 0,
        headings: 1,
        language: locale ?? 'en',
        page: scheme === 'dark' ? [15, 18, 23] : [239, 241, 245],
      });
      for (const picture of found.pictures) {
        expect(picture.loaded && picture.alt.length > 5 && picture.width >= 160, name).toBe(true);
      }
      // WCAG 2.5.5: a finger needs 44 pixels.
      if (found.buttonHeight !== undefined) expect(found.buttonHeight, name).toBeGreaterThanOrEqual(44);
      if (pictures)
        await page.screenshot({ path: join(pictures, `${name}-${width}-${scheme}.png`), fullPage: true });
    }
    expect(requests).toEqual([]);
    await context.close();
  });
});
