import { describe, expect, it } from 'vitest';
import { redTeam } from './red-team.js';
import { open, told, unmark } from './support.js';

describe('templates broken in unforeseen ways', () => {
  it.each(redTeam.map(([what, marked, code, severity = 'error']) => ({ what, marked, code, severity })))(
    '$what is named at its place',
    async ({ marked, code, severity }) => {
      const { files, place } = unmark(marked);
      const { problems, template } = await open(files);
      const all = told(problems).join('\n');
      expect(problems, all).toContainEqual(expect.objectContaining({ code, severity, ...place }));
      expect(template === undefined, all).toBe(problems.some((problem) => problem.severity === 'error'));
    },
  );
});
