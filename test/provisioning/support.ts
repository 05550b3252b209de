import { createJinja } from '../../src/jinja/jinja.js';
import type { JinjaContext } from '../../src/jinja/types.js';
import { prepareSystem } from '../../src/provisioning/prepare.js';
import type { PreparedSystem } from '../../src/provisioning/system.js';
import { sectionOf } from './sections.js';

export const jinja = createJinja({});

export function prepared(raw: object): PreparedSystem {
  const { system, problems } = prepareSystem(sectionOf(raw), { jinja, at: () => ({ file: 'job.yaml' }) });
  if (system === undefined) throw new Error(problems.map(({ message }) => message).join('\n'));
  return system;
}

/** The link of one person, in the clear. */
export function uriFor(raw: object, context: JinjaContext): string {
  const system = prepared(raw);
  return system.link(system.linkData(context)).uri.reveal();
}
