import { relative } from 'node:path';
import type { Problem } from '../lib/errors.js';

/** One rendered message, as `manifest.json` lists it. */
export interface ManifestMessage {
  readonly person: string;
  readonly dn: string;
  readonly pattern: string;
  readonly alias: string;
  readonly to: string;
  readonly locale: string | null;
  readonly subject: string;
  readonly system: string | null;
  readonly revision: string;
  /** Relative to the folder. */
  readonly files: { readonly eml: string; readonly html: string; readonly text: string };
  /** Of the `.eml`, in hex. */
  readonly sha256: string;
  /** Of the link, in hex; null where there is none. */
  readonly linkSha256: string | null;
  /** Of what the mail says to everybody: the template's files and `vars`. In hex. */
  readonly wordingSha256: string;
}

export interface ManifestSkipped {
  readonly person: string;
  readonly dn: string;
  readonly reason: string;
  readonly code: string | null;
  /** The alias pattern that matched; null where none did. */
  readonly pattern: string | null;
}

export interface ManifestConflict {
  readonly alias: string;
  readonly people: readonly { readonly person: string; readonly dn: string }[];
}

export interface ManifestProblem {
  readonly severity: Problem['severity'];
  readonly code: string;
  readonly message: string;
  /** Null where it is about everybody: a template, a setting. */
  readonly person: string | null;
  readonly file: string | null;
  readonly line: number | null;
  readonly column: number | null;
}

/** `manifest.json`: what everybody would get, who gets nothing and why, in an order that the input alone decides. */
export interface Manifest {
  readonly campaign: string;
  /** People read; or asked for, and found, where the dry run was told whom to render. */
  readonly people: number;
  readonly messages: readonly ManifestMessage[];
  readonly skipped: readonly ManifestSkipped[];
  readonly conflicts: readonly ManifestConflict[];
  readonly problems: readonly ManifestProblem[];
}

export const MANIFEST = 'manifest.json';

/** Tells a dry run's manifest from any other JSON; what is in its lists is taken on trust. */
export function isManifest(value: unknown): value is Manifest {
  return (
    typeof value === 'object' &&
    value !== null &&
    'campaign' in value &&
    ['messages', 'skipped', 'conflicts', 'problems'].every((key) => Array.isArray(Reflect.get(value, key)))
  );
}

/** Orders by code unit, so that no locale of the machine's has a say in what compares equal. */
export const byText = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0);

/** A problem of the settings, the campaign or a template. The file is named from where Rollcall runs, if it is below. */
export function manifestProblem({ severity, code, message, file, line, column }: Problem): ManifestProblem {
  return {
    severity,
    code,
    message,
    person: null,
    file: file === undefined ? null : fromHere(file),
    line: line ?? null,
    column: column ?? null,
  };
}

/** Two checkouts of the same repository give the same bytes. */
export function fromHere(file: string): string {
  const near = relative(process.cwd(), file);
  return near.startsWith('..') ? file : near;
}
