import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';
import { mjmlGrammar } from '../../src/templates/mjml-grammar.js';

// MJML's own packages, as MJML sees them; importing mjml fills them.
const mjmlRequire = createRequire(createRequire(import.meta.url).resolve('mjml'));
mjmlRequire('mjml');

interface Component {
  readonly endingTag?: boolean;
  readonly allowedAttributes?: Readonly<Record<string, string>>;
}
const { components }: { components: Readonly<Record<string, Component>> } = mjmlRequire('mjml-core');
const { dependencies }: { dependencies: Readonly<Record<string, readonly unknown[]>> } =
  mjmlRequire('mjml-validator');

/** Elements that MJML reads without a component of their own. */
const WITHOUT_COMPONENT = ['mjml', 'mj-all', 'mj-class', 'mj-selector', 'mj-html-attribute'];

const words = (text = '') => text.split(' ').filter(Boolean).sort();

describe('the grammar kept here', () => {
  it('knows the elements that MJML knows', () => {
    const own = Object.keys(mjmlGrammar).filter((name) => !WITHOUT_COMPONENT.includes(name));
    expect(own.sort()).toEqual(Object.keys(components).sort());
  });

  it.each(Object.keys(components))('says of %s what MJML says', (name) => {
    const theirs = components[name];
    const ours = mjmlGrammar[name];
    const types: Record<string, string> = {};
    for (const [type, names] of Object.entries(ours?.attributes ?? {})) {
      for (const attribute of words(names)) types[attribute] = type;
    }
    expect(types).toEqual(theirs?.allowedAttributes ?? {});
    expect(ours?.content ?? false).toBe(theirs?.endingTag ?? false);
    const children = (dependencies[name] ?? []).filter((child): child is string => typeof child === 'string');
    expect(words(ours?.children)).toEqual([...children].sort());
  });
});
