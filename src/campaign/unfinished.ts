import type { HostValue } from '../jinja/types.js';
import type { Lines } from '../model/lines.js';

/** What tells that an expression came out wrong. Words are not looked for within others, nor within Base64 or a URL. */
const MARKS: readonly { readonly mark: string; readonly shape: RegExp }[] = [
  { mark: 'undefined', shape: /(?<![\w/+=%&.-])undefined(?![\w/+=%-])/ },
  { mark: 'NaN', shape: /(?<![\w/+=%&.-])NaN(?![\w/+=%-])/ },
  { mark: '[object Object]', shape: /\[object Object\]/ },
  { mark: '{{', shape: /\{\{/ },
  { mark: '{%', shape: /\{%/ },
];

export interface Unfinished {
  readonly part: 'subject' | 'html' | 'text';
  readonly mark: string;
}

/**
 * Looks through a finished mail for what no person should read. A mark that comes from a person's data (somebody may be called
 * Undefined, or have braces in a title) or from the template's own wording is meant.
 */
export async function findUnfinished(
  message: { readonly subject: string; readonly html: Lines; readonly text: string },
  variables: Readonly<Record<string, HostValue>>,
  wording: () => Promise<string>,
): Promise<Unfinished | undefined> {
  // No mark spans a line, and lines without an expression are wording.
  const html = message.html.filter((piece) => typeof piece === 'string').join('');
  const parts = [
    ['subject', message.subject],
    ['html', html],
    ['text', message.text],
  ] as const;
  for (const { mark, shape } of MARKS) {
    for (const [part, text] of parts) {
      if (!text.includes(mark) || !shape.test(text)) continue;
      if (holds(variables, mark) || (await wording()).includes(mark)) break;
      return { part, mark };
    }
  }
  return undefined;
}

function holds(value: unknown, mark: string): boolean {
  if (typeof value === 'string') return value.includes(mark);
  return (
    typeof value === 'object' && value !== null && Object.values(value).some((inner) => holds(inner, mark))
  );
}

/**
 * What a template writes by itself: its text outside `{{ }}`, `{% %}` and `{# #}`, what stands in `{% raw %}`, and the words within
 * quotes of its expressions.
 */
export function wordingOfSource(source: string): string {
  const raw = [...source.matchAll(/\{%-?\s*raw\s*-?%\}(.*?)\{%-?\s*endraw\s*-?%\}/gs)].map(
    (found) => found[1] ?? '',
  );
  const quoted = [...source.matchAll(/\{[{%](.*?)[%}]\}/gs)].flatMap((found) =>
    [...(found[1] ?? '').matchAll(/'([^']*)'|"([^"]*)"/g)].map((text) => text[1] ?? text[2] ?? ''),
  );
  const outside = source.replace(/\{\{.*?\}\}|\{%.*?%\}|\{#.*?#\}/gs, '\n');
  return [outside, ...raw, ...quoted].join('\n');
}
