import { describe, expect, test } from 'vitest';
import { filesBelow, ownImports, ownImportsAtRunTime } from '../support/source-files.js';

/** The floors of the house, the top one first. A room imports from floors below its own, and from itself. */
const floors = [
  ['cli'],
  ['planning', 'delivery', 'steering', 'dry-run'],
  ['campaign'],
  ['directory', 'matching', 'provisioning', 'templates', 'mail', 'ledger', 'queue', 'reports'],
  ['jinja', 'settings'],
  ['model'],
  ['lib'],
];

/** Servers to run against: beside the house. The demo starts them, and nothing else does. */
const SANDBOX = 'sandbox';

const files = filesBelow('src', '.ts');
const roomOf = (file: string) => file.split('/')[1] ?? '';
const floorOf = (room: string) => floors.findIndex((rooms) => rooms.includes(room));

function isAllowed(from: string, to: string): boolean {
  const [room, other] = [roomOf(from), roomOf(to)];
  if (room === other) return true;
  if (other === SANDBOX) return from === 'src/cli/commands/demo.ts';
  if (room === SANDBOX) return other === 'lib';
  return floorOf(room) < floorOf(other);
}

describe('the way imports run', () => {
  test('every room stands on a floor', () => {
    const homeless = files.map(roomOf).filter((room) => room !== SANDBOX && floorOf(room) === -1);
    expect([...new Set(homeless)]).toEqual([]);
  });

  test('a room imports from the floors below its own alone', () => {
    const upward = files.flatMap((from) =>
      ownImports(from)
        .filter((to) => !isAllowed(from, to))
        .map((to) => `${from} → ${to}`),
    );
    expect(upward).toEqual([]);
  });

  test('what is imported is there', () => {
    const known = new Set(filesBelow('src', ''));
    const missing = files.flatMap((from) =>
      ownImports(from)
        .filter((to) => !known.has(to))
        .map((to) => `${from} → ${to}`),
    );
    expect(missing).toEqual([]);
  });

  // Types may name each other: a value of the template language is a list of such values.
  test('no file imports itself by way of others', () => {
    const state = new Map<string, 'open' | 'done'>();
    const circles: string[] = [];
    const visit = (file: string, path: readonly string[]) => {
      if (state.get(file) === 'open') circles.push([...path.slice(path.indexOf(file)), file].join(' → '));
      if (state.has(file)) return;
      state.set(file, 'open');
      for (const next of ownImportsAtRunTime(file)) visit(next, [...path, file]);
      state.set(file, 'done');
    };
    for (const file of files) visit(file, []);
    expect(circles).toEqual([]);
  });
});
