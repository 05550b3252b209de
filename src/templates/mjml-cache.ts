import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';

/** The HTML of MJML sources that were compiled before: loading MJML takes longer than a night on which nobody is new. */
export interface MjmlCache {
  /** The HTML of this source, from an earlier process, or else from `compile`. */
  html(source: string, compile: () => Promise<string>): Promise<string>;
}

/** @param dir made where it is missing and the folder around it is there; it may be deleted at any time. */
export function createMjmlCache(dir: string): MjmlCache {
  const { version } = createRequire(import.meta.url)('mjml/package.json') as { version: string };
  return {
    async html(source, compile) {
      const name = createHash('sha256').update(`${version}\0${source}`).digest('hex');
      const file = join(dir, `${name}.html`);
      const kept = await readFile(file, 'utf8').catch(() => undefined);
      if (kept !== undefined) return kept;
      const html = await compile();
      // Where it cannot be kept the next process takes a second longer, and that is all.
      await keep(dir, file, html).catch(() => {});
      return html;
    },
  };
}

/** Under its name only once it is all on disk, so that no crash leaves half of it there. */
async function keep(dir: string, file: string, html: string): Promise<void> {
  await mkdir(dir, { mode: 0o700 }).catch(() => {});
  const draft = `${file}.${randomUUID()}`;
  await writeFile(draft, html, { mode: 0o600, flag: 'wx', flush: true });
  await rename(draft, file);
}
