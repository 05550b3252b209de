import { errorCodes } from '../../src/lib/error-codes.js';
import { textOf } from './source-files.js';

const isCode = (text: string): text is keyof typeof errorCodes => text in errorCodes;

/** docs/reference/errors.md as the table of codes has it: a heading for each of its comments, a row for each code. */
export function errorPage(): string {
  const table = textOf('src/lib/error-codes.ts').split('export const errorCodes')[1] ?? '';
  const sections: string[] = [];
  for (const line of table.split('\n')) {
    const heading = /^ {2}\/\/ (.+)$/.exec(line)?.[1];
    const code = /^ {2}(ROLLCALL_ERR_\w+):/.exec(line)?.[1] ?? '';
    if (heading !== undefined)
      sections.push(`\n## ${heading}\n\n| code | exit | what it means | what to do |\n|---|---|---|---|`);
    else if (isCode(code)) {
      const { exit, means, hint } = errorCodes[code];
      sections.push(`| \`${code}\` | ${exit} | ${cell(means)} | ${cell(hint)} |`);
    }
  }
  return `${HEAD}${sections.join('\n')}\n`;
}

const cell = (text: string) => text.replaceAll('|', '\\|').replaceAll('<', '&lt;');

const HEAD = `# Errors

Every error has a code. On stderr it is \`file:line:column: CODE: what happened, and what to do\`, the place where there is one, a line
for each problem. With \`--json\` it is one document on stdout:

\`\`\`json
{"error":{"code","message","hint","problems":[{"severity","code","message","hint","file","line","column"}],"facts":{}}}
\`\`\`

The exit code belongs to the code: 2 usage, settings, campaign or template; 3 refused by a limit, a check or a lock; 4 a service, a file
or an incomplete directory; 70 a fault of Rollcall's own. A process that was told to end gives 130 (SIGINT) or 143 (SIGTERM), but
\`start\` and \`work\` give 0 after SIGTERM. \`bounces -\` gives 75 (try again later) to the mail server that calls it, whatever the error. \`ROLLCALL_DEBUG=1\` adds the stack, for a report of a fault.
`;
