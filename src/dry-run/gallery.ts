import { createHash } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Comparison } from './compare.js';
import type { Folder } from './folder.js';
import { createChunk, type MailView } from './gallery-chunk.js';
import { galleryRows } from './gallery-rows.js';
import type { Manifest } from './manifest.js';

/** Mails a script: some hundred kilobytes, read when one of them is looked at. */
const CHUNK = 100;

/** `index.html` and the scripts beside it: everybody's mail, to be looked at from disk, with no server and no network. */
export interface Gallery {
  /** The next mail, in the order of the manifest's messages. */
  add(mail: MailView): Promise<void>;
  finish(manifest: Manifest, comparison: Comparison | undefined): Promise<void>;
}

export async function openGallery(folder: Folder): Promise<Gallery> {
  await mkdir(join(folder.dir, 'gallery'), { mode: 0o700 });
  let chunk = createChunk();
  let number = 0;
  const flush = async () => {
    if (chunk.size === 0) return;
    await folder.write(`gallery/${number}.js`, chunk.toScript(number));
    number += 1;
    chunk = createChunk();
  };
  return {
    async add(mail) {
      chunk.add(mail);
      if (chunk.size === CHUNK) await flush();
    },
    async finish(manifest, comparison) {
      await flush();
      await folder.write('index.html', await page({ ...galleryRows(manifest, comparison), chunk: CHUNK }));
    },
  };
}

/** Lie beside this file; the page is made of them and of the data. */
const asset = (name: string) => readFile(new URL(`gallery/${name}`, import.meta.url), 'utf8');

async function page(data: object): Promise<string> {
  const [html, style, model, list, detail, main] = await Promise.all([
    asset('index.html'),
    asset('style.css'),
    asset('model.js'),
    asset('list.js'),
    asset('detail.js'),
    asset('main.js'),
  ]);
  const script = `'use strict';\n${[model, list, detail, main].map(unbound).join('\n')}`;
  // Only what stands here by these very bytes may run, and the chunks; whatever a name in the directory says may not.
  const policy = [
    "default-src 'none'",
    `script-src 'self' file: '${hashOf(script)}'`,
    `style-src '${hashOf(style)}'`,
    'img-src data:',
    "frame-src 'self' file:",
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  const slots: Readonly<Record<string, string>> = {
    'content=""': `content="${policy}"`,
    '<style></style>': `<style>${style}</style>`,
    'id="data"></script>': `id="data">${JSON.stringify(data).replace(/</g, '\\u003c')}</script>`,
    '<script></script>': `<script>${script}</script>`,
  };
  return Object.entries(slots).reduce((text, [slot, filled]) => text.replace(slot, () => filled), html);
}

/** From disk, browsers load no modules: these become one script, their imports left out. */
function unbound(module: string): string {
  return module.replace(/^import [^;]*;\n/gm, '').replace(/^export /gm, '');
}

/** As a Content-Security-Policy names an inline script or style. */
function hashOf(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}
