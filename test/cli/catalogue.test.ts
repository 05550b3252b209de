import { describe, expect, test } from 'vitest';
import { catalogue, type Entry } from '../../src/cli/catalogue.js';
import { textOf } from '../support/source-files.js';

const commands: { readonly name: string; readonly entry: Entry }[] = catalogue.flatMap((item) => {
  const nameOf = ({ usage }: { usage: string }) => usage.split(' ')[0] ?? '';
  return 'load' in item
    ? [{ name: nameOf(item), entry: item }]
    : item.entries.map((entry) => ({ name: `${item.usage} ${nameOf(entry)}`, entry }));
});

describe('the catalogue of commands', () => {
  test.each(commands)('$name takes the positionals that its usage shows', async ({ entry }) => {
    const { command } = await entry.load();
    const shown = [...entry.usage.matchAll(/[<[](\w+)[>\]]/g)].map(([, name]) => name);
    expect(Object.keys(command.positionals ?? {})).toEqual(shown);
  });

  test.each(commands)(
    '$name is in docs/reference/commands.md with each of its options',
    async ({ name, entry }) => {
      const { command } = await entry.load();
      const section = textOf('docs/reference/commands.md')
        .split(/^## /m)
        .find((text) => text.includes(`\`rollcall ${name}`));
      expect(section, `a section that shows rollcall ${name}`).toBeDefined();
      const missing = Object.keys(command.options ?? {}).filter(
        (option) => !section?.includes(`--${option}`),
      );
      expect(missing).toEqual([]);
    },
  );

  test('describes each command and option in words', async () => {
    for (const { entry } of commands) {
      const { command } = await entry.load();
      const options = [...Object.values(command.options ?? {}), ...Object.values(command.positionals ?? {})];
      expect(options.filter(({ describe: words }) => !words).length).toBe(0);
    }
  });
});
