import { describe, expect, it } from 'vitest';
import { brokenTemplates } from './broken-templates.js';
import { fineTemplates } from './fine-templates.js';
import { goodBody, goodFiles, mjml, open, told, unmark } from './support.js';

describe('lint', () => {
  it('finds nothing wrong with a good template', async () => {
    expect((await open(goodFiles)).problems).toEqual([]);
  });

  it.each(fineTemplates.map(([what, files]) => ({ what, files })))(
    'has nothing to say of $what',
    async ({ files }) => {
      const { problems, template } = await open(files);
      expect(told(problems)).toEqual([]);
      expect(template).toBeDefined();
    },
  );

  it.each(
    brokenTemplates.map(([what, marked, code, severity = 'error']) => ({ what, marked, code, severity })),
  )('names $what at its place', async ({ marked, code, severity }) => {
    const { files, place } = unmark(marked);
    const { problems, template } = await open(files);
    const all = told(problems).join('\n');
    expect(problems, all).toContainEqual(expect.objectContaining({ code, severity, ...place }));
    expect(template === undefined, all).toBe(problems.some((problem) => problem.severity === 'error'));
  });

  it('names everything that is wrong, in all files at once and in their order', async () => {
    const { problems } = await open({
      'message.mjml': mjml(`${goodBody}\n<mj-text color="#12">{{ uid|uper }}</mj-text>\n<mj-txt></mj-txt>`),
      'message.de.mjml': mjml(`${goodBody}<mj-text><b>x</mj-text>`).replace('"en"', '"de"'),
      'message.txt': 'Hello',
      'message.de.txt': 'Hallo {{ link.uri',
      'subject.txt': 'a\nb',
    });
    expect(problems.map(({ file, code }) => `${file} ${code}`)).toEqual([
      'message.de.mjml ROLLCALL_ERR_TEMPLATE_MARKUP',
      'message.de.txt ROLLCALL_ERR_TEMPLATE_SYNTAX',
      'message.mjml ROLLCALL_ERR_TEMPLATE_MJML',
      'message.mjml ROLLCALL_ERR_UNKNOWN_FILTER',
      'message.mjml ROLLCALL_ERR_TEMPLATE_MJML',
      'message.txt ROLLCALL_ERR_TEMPLATE_TEXT',
      'subject.txt ROLLCALL_ERR_TEMPLATE_SUBJECT',
    ]);
  });

  it('guesses what was meant', async () => {
    const { problems } = await open({
      ...goodFiles,
      'message.mjml': mjml(
        `${goodBody}<mj-txt colour="red"></mj-txt><mj-text algn="left">{{ uid|uper }}</mj-text>`,
      ),
    });
    const hints = problems.map(({ hint }) => hint);
    expect(hints).toEqual(['Did you mean "mj-text"?', 'Did you mean "align"?', 'Did you mean "upper"?']);
  });
});
