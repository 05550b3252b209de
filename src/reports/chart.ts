import { ticksBetween } from './ticks.js';
import type { Group, Moment } from './timeline.js';

const count = new Intl.NumberFormat('en-GB');

const TROUBLES = [
  { group: 'deferred', name: 'deferred, to be tried again' },
  { group: 'failed', name: 'failed, bounced, expired or uncertain' },
  { group: 'stopped', name: 'cancelled or suppressed' },
] as const satisfies readonly { group: Group; name: string }[];

/**
 * The run over time as inline SVG: what was sent, and below, on a scale of its own, what was not: a dozen failures among forty
 * thousand mails would not be seen on the same one. No sizes or colours here: the page's style has them.
 */
export function chart(moments: readonly Moment[]): string {
  const [first, last] = [moments[0], moments.at(-1)];
  if (first === undefined || last === undefined) return '<p class="empty">Nothing has been planned yet.</p>';
  const troubles = TROUBLES.filter(({ group }) => moments.some((moment) => moment[group] > 0));
  const panels = [
    panel({
      title: `Sent, of ${count.format(last.planned)} planned`,
      summary: `${count.format(last.sent)} of ${count.format(last.planned)} were sent by the end.`,
      moments,
      lines: [
        { name: 'planned', values: moments.map(({ planned }) => planned) },
        { name: 'sent', values: moments.map(({ sent }) => sent), filled: true },
      ],
      height: 200,
    }),
  ];
  if (troubles.length > 0)
    panels.push(
      panel({
        title: 'Not sent',
        summary: troubles
          .map(
            ({ group, name }) =>
              `${name}: ${count.format(last[group])} at the end, ${count.format(Math.max(...moments.map((each) => each[group])))} at most.`,
          )
          .join(' '),
        moments,
        lines: troubles.map(({ group }) => ({ name: group, values: moments.map((each) => each[group]) })),
        height: 110,
      }),
    );
  const legend = [{ group: 'sent', name: 'sent' }, { group: 'planned', name: 'planned' }, ...troubles]
    .map(({ group, name }) => `<li class="${group}"><i></i>${name}</li>`)
    .join('');
  return `<ul class="legend" aria-hidden="true">${legend}</ul>${panels.join('')}${numbers(moments, troubles)}`;
}

interface Panel {
  readonly title: string;
  readonly summary: string;
  readonly moments: readonly Moment[];
  readonly lines: readonly {
    readonly name: string;
    readonly values: readonly number[];
    readonly filled?: boolean;
  }[];
  /** In pixels, without the line of times below. */
  readonly height: number;
}

/**
 * The plot is stretched to the width of the page, and its texts are not: they stand beside it at percentages.
 */
function panel({ title, summary, moments, lines, height }: Panel): string {
  const [start, end] = [moments[0]?.at ?? 0, moments.at(-1)?.at ?? 0];
  const top = niceTop(Math.max(1, ...lines.flatMap(({ values }) => [...values])));
  const x = (at: number) => (end === start ? 0 : round(((at - start) / (end - start)) * 1000));
  const y = (value: number) => round(1000 - (value / top) * 1000);
  const drawn = lines.map(({ name, values, filled }) => {
    const path = stairs(values.map((value, index) => [x(moments[index]?.at ?? 0), y(value)] as const));
    const area = filled ? `<path class="area ${name}" d="${path}V1000H0Z"/>` : '';
    return `${area}<path class="line ${name}" d="${path}"/>`;
  });
  const scale = [top, top / 2].map((value) => ({ value, y: round(18 + (1 - value / top) * height) }));
  const grid = scale.map((each) => `<line class="grid" x1="0" x2="100%" y1="${each.y}" y2="${each.y}"/>`);
  const labels = scale.map((each) => `<text x="0" y="${each.y - 5}">${count.format(each.value)}</text>`);
  const base = 18 + height;
  const ticks = ticksBetween(start, end).map(({ at, label }) => {
    const place = x(at) / 10;
    const anchor = place < 8 ? 'start' : place > 92 ? 'end' : 'middle';
    return `<text x="${place}%" y="${base + 18}" text-anchor="${anchor}">${label}</text>`;
  });
  return [
    `<svg class="chart" role="img" width="100%" height="${base + 26}" aria-label="${title}. ${summary}">`,
    ...grid,
    `<svg y="18" width="100%" height="${height}" viewBox="0 0 1000 1000" preserveAspectRatio="none">${drawn.join('')}</svg>`,
    `<line class="base" x1="0" x2="100%" y1="${base}" y2="${base}"/>`,
    ...labels,
    ...ticks,
    '</svg>',
  ].join('');
}

/** A count stays what it is until it changes: steps, and no slopes. Points that change nothing are left out. */
function stairs(points: readonly (readonly [x: number, y: number])[]): string {
  let path = '';
  let before: number | undefined;
  for (const [x, y] of points) {
    if (y === before) continue;
    path += before === undefined ? `M${x} ${y}` : `H${x}V${y}`;
    before = y;
  }
  return `${path}H1000`;
}

/** For whoever does not see the chart: a dozen of its moments. */
function numbers(moments: readonly Moment[], troubles: readonly { readonly group: Group }[]): string {
  const every = Math.max(1, Math.ceil(moments.length / 12));
  const rows = moments.filter((_, index) => index % every === 0 || index === moments.length - 1);
  const groups: readonly ('planned' | Group)[] = [
    'planned',
    'sent',
    ...troubles.map(({ group }): Group => group),
  ];
  const head = groups.map((group) => `<th scope="col">${group}</th>`).join('');
  const body = rows.map(
    (row) =>
      `<tr><th scope="row">${new Date(row.at).toISOString().slice(0, 19).replace('T', ' ')}</th>${groups.map((group) => `<td>${count.format(row[group])}</td>`).join('')}</tr>`,
  );
  return `<details class="numbers"><summary>The chart as numbers</summary><div class="scroll"><table><thead><tr><th scope="col">time (UTC)</th>${head}</tr></thead><tbody>${body.join('')}</tbody></table></div></details>`;
}

/** The next round number: 1, 2, 4, 6, 8 or 10 times a power of ten, so that its half is round too. */
function niceTop(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  const step = [1, 2, 4, 6, 8, 10].find((each) => each * power >= value) ?? 10;
  // Half of one person is nobody.
  return Math.max(2, step * power);
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
