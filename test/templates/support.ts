import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createJinja } from '../../src/jinja/jinja.js';
import type { JinjaContext } from '../../src/jinja/types.js';
import type { ErrorCode } from '../../src/lib/error-codes.js';
import type { Problem } from '../../src/lib/errors.js';
import { textOf } from '../../src/model/lines.js';
import type { MessageTemplate } from '../../src/templates/message-template.js';
import { openTemplate } from '../../src/templates/open-template.js';

export const jinja = createJinja({});

/** A person's message with its HTML in one piece. */
export function render(template: MessageTemplate, locale: string | undefined, context: JinjaContext) {
  const { subject, html, text } = template.render(locale, context);
  return { subject, html: textOf(html), text };
}

/** A body that nothing is wrong with. */
export const goodBody = `<mj-text>Hello {{ uid }}</mj-text>
        <mj-button href="{{ link.uri }}">Set up</mj-button>`;

/** An MJML file around what a column holds. */
export const mjml = (body: string, head = '') => `<mjml lang="en">
  <mj-head>
    <mj-title>Set up</mj-title>${head}
  </mj-head>
  <mj-body>
    <mj-section>
      <mj-column>
        ${body}
      </mj-column>
    </mj-section>
  </mj-body>
</mjml>
`;

export const goodFiles: Readonly<Record<string, string>> = {
  'message.mjml': mjml(goodBody),
  'message.txt': 'Hello {{ uid }}\n\n{{ link.uri }}\n',
  'subject.txt': 'Set up\n',
};

export interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** Takes the mark § out of the files, and says where it stood. */
export function unmark(files: Readonly<Record<string, string | Buffer>>): {
  files: Record<string, string | Buffer>;
  place: Place | undefined;
} {
  let place: Place | undefined;
  const clean: Record<string, string | Buffer> = {};
  for (const [file, content] of Object.entries(files)) {
    const mark = typeof content === 'string' ? content.indexOf('§') : -1;
    if (typeof content === 'string' && mark !== -1) {
      const before = content.slice(0, mark);
      place = { file, line: before.split('\n').length, column: mark - before.lastIndexOf('\n') };
      clean[file] = content.replace('§', '');
    } else {
      clean[file] = content;
    }
  }
  return { files: clean, place };
}

/** Opens a template made of these files, in a folder of its own that is removed again. */
export async function open(files: Readonly<Record<string, string | Buffer>>) {
  const dir = await mkdtemp(join(tmpdir(), 'rollcall-templates-'));
  try {
    for (const [file, content] of Object.entries(files)) {
      const path = join(dir, 'case', file);
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, content);
    }
    const { template, problems } = await openTemplate({ dir, name: 'case', jinja });
    const local = problems.map((problem) => ({
      ...problem,
      file: problem.file?.slice(join(dir, 'case').length + 1),
    }));
    return { template, problems: local };
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

/** One line a problem, for messages of failed tests. */
export const told = (
  problems: readonly { readonly [field in keyof Problem]: Problem[field] | undefined }[],
) =>
  problems.map(
    ({ file, line, column, severity, code, message }) =>
      `${file}:${line}:${column} ${severity} ${code} ${message}`,
  );

/** A broken template: what is wrong with it, its files with § at the place, and the code that must be told there. */
export type Broken = readonly [
  what: string,
  files: Readonly<Record<string, string | Buffer>>,
  code: ErrorCode,
  severity?: Problem['severity'],
];
