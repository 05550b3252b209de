import stringWidth from 'fast-string-width';

export interface Column {
  readonly title: string;
  readonly align?: 'left' | 'right';
}

/** Rows under titles, columns two spaces apart, as wide as a terminal shows them (a Chinese name takes two cells a sign). */
export function table(columns: readonly Column[], rows: readonly (readonly string[])[]): string {
  const all = [columns.map(({ title }) => title), ...rows];
  const widths = columns.map((_, at) => Math.max(...all.map((row) => stringWidth(row[at] ?? ''))));
  const lines = all.map((row) =>
    columns
      .map(({ align }, at) => {
        const cell = row[at] ?? '';
        const gap = ' '.repeat((widths[at] ?? 0) - stringWidth(cell));
        return align === 'right' ? gap + cell : cell + gap;
      })
      .join('  ')
      .trimEnd(),
  );
  const [head = '', ...body] = lines;
  return [head, widths.map((width) => '─'.repeat(width)).join('  '), ...body].join('\n');
}

/** `label  value` lines, the values below one another. Those without a value are left out. */
export function facts(pairs: readonly (readonly [label: string, value: string | undefined])[]): string {
  const shown = pairs.filter((pair): pair is readonly [string, string] => pair[1] !== undefined);
  const width = Math.max(0, ...shown.map(([label]) => stringWidth(label)));
  return shown
    .map(([label, value]) => `${label}${' '.repeat(width - stringWidth(label))}  ${value}`)
    .join('\n');
}
