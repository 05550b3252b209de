import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The top of the working tree. */
export const projectRoot = resolve(dirname(fileURLToPath(import.meta.url)), '../..');

/** Files below `directory` whose names end in `ending`, as paths from the project's top, sorted. */
export function filesBelow(directory: string, ending: string): string[] {
  return readdirSync(join(projectRoot, directory), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(ending))
    .map((entry) => relative(projectRoot, join(entry.parentPath, entry.name)))
    .sort();
}

export function textOf(file: string): string {
  return readFileSync(join(projectRoot, file), 'utf8');
}

/** What a TypeScript file imports from the project itself, statically or lazily, as paths from the top. */
export function ownImports(file: string): string[] {
  return importsIn(file, textOf(file));
}

/** {@link ownImports} without those that are gone once the types are. */
export function ownImportsAtRunTime(file: string): string[] {
  return importsIn(file, textOf(file).replace(/^(?:import|export) type [^;]*;/gm, ''));
}

function importsIn(file: string, text: string): string[] {
  const specifiers = text.matchAll(/(?:\bfrom|\bimport)\s*\(?\s*['"](\.{1,2}\/[^'"]+)['"]/g);
  return [...specifiers].map(([, specifier = '']) =>
    relative(projectRoot, resolve(projectRoot, dirname(file), specifier)).replace(/\.js$/, '.ts'),
  );
}
