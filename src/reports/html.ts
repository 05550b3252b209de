import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { escapeHtml } from '../lib/escape-html.js';
import { chart } from './chart.js';
import { scriptJson } from './escape.js';
import { createRowPacker } from './pack-row.js';
import type { Report } from './report.js';
import { stateMeanings } from './states.js';
import { summary } from './summary.js';
import { count, createTally } from './tally.js';
import { createTimeline } from './timeline.js';

/** Points of the chart: about one for two pixels of a wide page. */
const MOMENTS = 480;

/**
 * One page that needs nothing beside it and no network. The people come first in the file, as data, since they are read
 * once: the counts and the chart above them on the page are made of the very same rows.
 */
export async function* htmlReport(report: Report): AsyncGenerator<string, void> {
  const [style, script] = await Promise.all([asset('report.css'), asset('table.js')]);
  const title = `${report.campaign}: ${report.scope === 'run' ? 'delivery report of a run' : 'delivery report'}`;
  // Only what stands here by these very bytes may run, whatever a name in the directory says.
  const policy = [
    "default-src 'none'",
    `script-src '${hashOf(script)}'`,
    `style-src '${hashOf(style)}'`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  yield `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="referrer" content="no-referrer">
<meta name="color-scheme" content="light dark">
<title>${escapeHtml(title)}</title>
<style>${style}</style>
</head>
<body>
<script type="application/json" id="rows">[`;

  const tally = createTally();
  const timeline = createTimeline();
  const packer = createRowPacker(report.scope);
  let separator = '\n';
  for await (const page of report.rows) {
    let text = '';
    for (const row of page) {
      count(tally, row);
      if (row.delivery) timeline.add(row.delivery.history);
      text += `${separator}${scriptJson(packer.pack(row))}`;
      separator = ',\n';
    }
    yield text;
  }

  const states = Object.fromEntries(Object.entries(stateMeanings));
  yield `\n]</script>
<script type="application/json" id="words">${scriptJson({ lists: packer.lists(), states, scope: report.scope })}</script>
<a class="skip" href="#people">To the people</a>
<main>
${summary(report, tally)}
<section aria-labelledby="time-title">
<h2 id="time-title">Over time</h2>
<div class="card">${chart(timeline.moments(MOMENTS))}</div>
</section>
${table(tally.people)}
</main>
<footer>Made by Rollcall on ${utc(report.madeAt)}. It holds names and addresses, and no password and no link.</footer>
<script>${script}</script>
</body>
</html>
`;
}

function table(people: number): string {
  return `<section aria-labelledby="people-title" id="people">
<h2 id="people-title">People</h2>
<noscript><p class="empty">The list of ${people} people needs JavaScript. Make the report with --format csv to read it elsewhere.</p></noscript>
<div class="card" id="list" hidden>
<div class="tools">
<label class="search"><span>Search</span><input type="search" id="search" placeholder="Name, address, alias, answer …" autocomplete="off" spellcheck="false"></label>
<fieldset><legend>Show</legend><div id="filters" class="filters"></div></fieldset>
</div>
<p id="found" class="found" role="status" aria-live="polite"></p>
<div class="scroll" tabindex="0" role="region" aria-labelledby="people-title"><table id="table" class="people"><thead></thead><tbody></tbody></table></div>
<nav aria-label="Pages" id="pages" class="pages"></nav>
</div>
</section>`;
}

function utc(at: number): string {
  return `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

/** Lies beside this file. */
function asset(name: string): Promise<string> {
  return readFile(new URL(`page/${name}`, import.meta.url), 'utf8');
}

/** As a Content-Security-Policy names an inline script or style. */
function hashOf(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}
