import { createHash } from 'node:crypto';

const READABLE = 60;

/**
 * A file name's stem for a person: as much of a readable name as is safe everywhere, and a hash of the stable id, which
 * keeps people apart whose names differ in case or in a letter that was dropped. Nothing an attribute may hold (`../`,
 * NUL, `CON`, three hundred characters) survives but `[a-z0-9_-]`.
 */
export function fileStem(person: string, readable: string): string {
  const slug = readable
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9_-]+/g, '-')
    .replace(/^-+/, '')
    .slice(0, READABLE)
    .replace(/-+$/, '');
  const hash = createHash('sha256').update(person).digest('hex').slice(0, 12);
  return slug === '' ? hash : `${slug}-${hash}`;
}
