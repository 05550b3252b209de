// The page's data and what can be asked of it. Text goes into the page as text alone (textContent), never as markup.
export const data = JSON.parse(document.getElementById('data').textContent);
export const rows = data.rows;
export const hasComparison = rows.some((row) => row.compared !== undefined);

const KINDS = {
  mail: 'Gets a mail',
  nothing: 'Gets nothing, by a rule',
  failed: 'Gets nothing, by a fault',
  conflict: 'In conflict',
  gone: 'No longer there',
};
export const REASONS = {
  disabled: 'The account is disabled.',
  expired: 'The account has expired.',
  'no-pattern': 'No alias pattern of the campaign matches.',
  pattern: 'The alias pattern that matches says "skip".',
  'no-address': 'There is no address to write to.',
  'bad-address': 'The address cannot be written to.',
  'domain-not-allowed': 'The address is outside allowedDomains.',
  suppressed: 'The address is suppressed.',
  unusable: 'The mail cannot be made for this person.',
  conflict: 'Somebody else would get the same alias, so neither is written to.',
  gone: 'In the earlier dry run there was a mail; now the directory read has no such person.',
};
export const COMPARED = { new: 'New', changed: 'Changed', gone: 'Gone', same: 'The same' };
export const CHANGES = {
  to: 'address',
  alias: 'alias',
  pattern: 'alias pattern',
  locale: 'locale',
  subject: 'subject',
  system: 'system',
  link: 'link',
  wording: 'wording',
  content: 'what the mail says of the person',
};

/** The first value of a DN without its escapes: all the name there is for who gets no mail. */
function nameOf(dn) {
  const first = /^[^=]+=((?:[^,+\\]|\\.)*)/.exec(dn);
  return first
    ? first[1].replace(
        /\\(?:([0-9a-f]{2})|(.))/gi,
        (_, hex, one) => one ?? String.fromCharCode(parseInt(hex, 16)),
      )
    : dn;
}

const LONGEST = 80;
const shortened = (name) => (name.length > LONGEST ? `${name.slice(0, LONGEST)}…` : name);

for (const row of rows) {
  row.name = shortened(row.to ?? nameOf(row.dn));
  row.wrong = [...new Set((row.problems ?? []).map((problem) => problem.code))];
  row.words = [row.name, row.dn, row.id, row.alias, row.subject, row.pattern, row.reason, ...row.wrong]
    .filter(Boolean)
    .join('\n')
    .toLowerCase();
}

/** One filter a select: which value a row has, or several. */
export const FILTERS = [
  { key: 'kind', label: 'Outcome', of: (row) => row.kind, name: (value) => KINDS[value] },
  { key: 'pattern', label: 'Alias pattern', of: (row) => row.pattern },
  { key: 'system', label: 'System', of: (row) => row.system ?? undefined },
  {
    key: 'locale',
    label: 'Locale',
    of: (row) => (row.kind === 'mail' ? (row.locale ?? 'plain') : undefined),
  },
  {
    key: 'problem',
    label: 'Problem or reason',
    of: (row) => (row.wrong.length > 0 ? row.wrong : row.reason),
    name: (value) => (value.startsWith('ROLLCALL_') ? value.replace('ROLLCALL_ERR_', '') : value),
  },
  {
    key: 'compared',
    label: 'Compared with before',
    of: (row) => row.compared,
    name: (value) => COMPARED[value],
  },
];

const valuesOf = (filter, row) => [filter.of(row)].flat().filter((value) => value !== undefined);

/** What a filter can be set to, with how many rows have it. */
export function choicesOf(filter) {
  const counts = new Map();
  for (const row of rows)
    for (const value of valuesOf(filter, row)) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].sort(([one], [other]) => (one < other ? -1 : 1));
}

/** The rows that hold every word of the search and fit every filter that is set. */
export function find(search, chosen) {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  const set = FILTERS.filter(({ key }) => chosen[key]);
  return rows.filter(
    (row) =>
      words.every((word) => row.words.includes(word)) &&
      set.every((filter) => valuesOf(filter, row).includes(chosen[filter.key])),
  );
}

/** Chunks of mails are scripts that call this: from disk a page can run what lies beside it, but cannot read it. */
const chunks = new Map();
const waiting = new Map();
const KEPT = 30;
window.rollcall = (number, chunk) => {
  chunks.set(number, chunk);
  if (chunks.size > KEPT) chunks.delete(chunks.keys().next().value);
};

function loadChunk(number) {
  if (chunks.has(number)) return Promise.resolve(chunks.get(number));
  const known = waiting.get(number);
  if (known) return known;
  const loading = new Promise((resolve, reject) => {
    const script = document.createElement('script');
    const end = () => {
      script.remove();
      waiting.delete(number);
    };
    script.src = `gallery/${number}.js`;
    script.onload = () => {
      end();
      resolve(chunks.get(number));
    };
    script.onerror = () => {
      end();
      reject(new Error(`gallery/${number}.js cannot be read: is the folder whole?`));
    };
    document.head.append(script);
  });
  waiting.set(number, loading);
  return loading;
}

/** Source, text and link of a mail. */
export async function mailOf(row) {
  const chunk = await loadChunk(Math.floor(row.at / data.chunk));
  const mail = chunk.mails[row.at % data.chunk];
  const join = (ranges) => {
    const lines = [];
    for (let at = 0; at < ranges.length; at += 2)
      for (let line = 0; line < ranges[at + 1]; line++) lines.push(chunk.lines[ranges[at] + line]);
    return lines.join('\n');
  };
  return { source: join(mail.source), text: join(mail.text), uri: mail.uri, link: mail.link };
}

/** The headers of a mail as people read them: unfolded (RFC 5322), encoded words decoded (RFC 2047). */
export function headersOf(source) {
  const head = source.slice(0, source.indexOf('\n\n')).replace(/\n[ \t]+/g, ' ');
  return head.split('\n').map((line) => {
    const colon = line.indexOf(':');
    return [line.slice(0, colon), decodeWords(line.slice(colon + 1).trim())];
  });
}

function decodeWords(text) {
  return text.replace(/(\?=)\s+(?==\?)/g, '$1').replace(/(?:=\?utf-8\?[bq]\?[^?]*\?=)+/gi, (run) => {
    const bytes = [];
    for (const [, kind, value] of run.matchAll(/=\?utf-8\?([bq])\?([^?]*)\?=/gi)) {
      const plain =
        kind.toLowerCase() === 'b'
          ? atob(value)
          : value
              .replace(/_/g, ' ')
              .replace(/=([0-9a-f]{2})/gi, (_, hex) => String.fromCharCode(parseInt(hex, 16)));
      for (const character of plain) bytes.push(character.charCodeAt(0));
    }
    return new TextDecoder().decode(new Uint8Array(bytes));
  });
}

/** An element with attributes and children; text is text, whatever it looks like. */
export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === false) continue;
    if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? '' : value);
  }
  element.append(
    ...children.flat().filter((child) => child !== undefined && child !== null && child !== false),
  );
  return element;
}
