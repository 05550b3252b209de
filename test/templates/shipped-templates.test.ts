import { describe, expect, it } from 'vitest';
import { openTemplate } from '../../src/templates/open-template.js';
import { fullContext, shipped, shippedDir, sparseContext } from './shipped.js';
import { jinja, render, told } from './support.js';

describe.each(shipped)('the shipped template %s', (name) => {
  const opening = openTemplate({ dir: shippedDir, name, jinja });

  it('has no problem, not even a warning', async () => {
    expect(told((await opening).problems)).toEqual([]);
  });

  it('renders for whoever has everything and whoever has next to nothing, in every language', async () => {
    const { template } = await opening;
    if (!template) throw new Error('see the test before');
    for (const locale of [undefined, ...template.locales]) {
      for (const context of [fullContext(name), sparseContext(name)]) {
        const { subject, html, text } = render(template, locale, context);
        expect(subject).toMatch(/^\S.*\S$/);
        expect(`${subject}${html}${text}`).not.toMatch(/undefined|\[object|\{%|\{\{/);
        const uri = String(Object(context['link']).uri);
        expect(text.split('\n')).toContain(uri);
        expect(html).toContain(uri.replaceAll('&', '&amp;'));
      }
    }
  });

  it('is far from where Gmail cuts it off, and fetches nothing from anywhere', async () => {
    const { template } = await opening;
    if (!template) throw new Error('see the test before');
    for (const locale of [undefined, ...template.locales]) {
      const context = fullContext(name);
      const html = render(template, locale, context).html.replaceAll(
        String(Object(context['link']).uri).replaceAll('&', '&amp;'),
        '',
      );
      expect(Buffer.byteLength(html)).toBeLessThan(30 * 1024);
      expect(html.match(/(?:src|background)="[^"]*"/g) ?? []).toEqual(
        template.usesQr(locale) ? ['src="cid:qr@rollcall"'] : [],
      );
      expect(html).not.toMatch(/url\(|@import|<link|@font-face/);
    }
  });
});
