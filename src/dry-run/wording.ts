import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Campaign } from '../campaign/campaign.js';
import { sha256 } from './message-files.js';

/**
 * A hash of the wording of each alias pattern's mails: its template's files, and the constants. So a comparison can tell a
 * template that was edited from a person whose data changed.
 */
export async function hashWordings(
  { patterns, vars }: Campaign,
  templates: string,
): Promise<(pattern: string) => string> {
  const byTemplate = new Map<string, string>();
  const byPattern = new Map<string, string>();
  for (const { name, message } of patterns) {
    if (message === undefined) continue;
    const { template } = message.value;
    const known =
      byTemplate.get(template) ?? sha256(JSON.stringify([await filesOf(join(templates, template)), vars]));
    byTemplate.set(template, known);
    byPattern.set(name, known);
  }
  return (pattern) => byPattern.get(pattern) ?? '';
}

async function filesOf(dir: string): Promise<(readonly [string, string])[]> {
  const names = (await readdir(dir)).filter((name) => /\.(?:mjml|html|txt)$/i.test(name)).sort();
  return Promise.all(names.map(async (name) => [name, await readFile(join(dir, name), 'utf8')] as const));
}
