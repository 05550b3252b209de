import { describe, expect, it } from 'vitest';
import { compile } from './compile.js';

/** Each use as "a.b.c", with ? where it is guarded and ~ where a branch may have set it. */
function uses(source: string): string[] {
  return compile(source).symbols.map(
    ({ path, guarded, maybeSet }) => path.join('.') + (guarded ? '?' : '') + (maybeSet ? '~' : ''),
  );
}

describe('what a template uses', () => {
  it.each([
    [
      '{{ mail }}{{ vars.helpdesk }}{{ match.local|lower }}{{ link.uri }}',
      ['mail', 'vars.helpdesk', 'match.local', 'link.uri'],
    ],
    ["{{ attributes['x-y'][0] }}{{ attributes.mail|join }}", ['attributes.x-y', 'attributes.mail']],
    ['{{ attributes[name] }}', ['attributes', 'name']],
    ["{{ mail.split('@')[0] }}{{ vars.a.upper() }}", ['mail', 'vars.a']],
    ['{{ a|default(b) }}{{ c is defined }}{{ d is none }}', ['a?', 'b', 'c?', 'd']],
    ['{% if a and not b %}{{ c if d else e }}{% endif %}', ['a?', 'b?', 'c', 'd?', 'e']],
    [
      '{% if a.b and c is defined %}{{ a.b }}{{ a.d }}{{ c }}{% else %}{{ a.b }}{% endif %}',
      ['a.b?', 'c?', 'a.b?', 'a.d', 'c?', 'a.b'],
    ],
    ['{{ a if a else b }}{% if not a %}{{ a }}{% endif %}', ['a?', 'a?', 'b', 'a?', 'a']],
    ["{{ a or 'x' }}{{ a or b }}{{ a and b }}", ['a?', 'a?', 'b', 'a', 'b']],
    ['{% if vars.x.y|default(false) %}{% endif %}{% if a == 1 %}{% endif %}', ['vars.x.y?', 'a']],
    ['{% set x = a %}{{ x }}{{ x.y }}', ['a']],
    ['{{ x }}{% set x = 1 %}{{ x }}', ['x']],
    ['{% for x in a %}{{ x }}{{ loop.index }}{% else %}{{ x }}{% endfor %}{{ x }}', ['a', 'x', 'x']],
    ['{% for x in a if x.ok and b %}{% endfor %}', ['a', 'b?']],
    ['{% macro m(p, q=z) %}{{ p }}{{ q }}{{ r }}{% endmacro %}{{ m(1) }}', ['z', 'r']],
    ['{% if a %}{% set x = 1 %}{% else %}{% set x = 2 %}{% endif %}{{ x }}', ['a?']],
    ['{% if a %}{% set x = 1 %}{% endif %}{{ x }}', ['a?', 'x~']],
    ['{% with y=a %}{{ y }}{% endwith %}{{ y }}', ['a', 'y']],
    ['{% set x %}{{ a }}{% endset %}{% filter upper %}{{ b }}{% endfilter %}', ['a', 'b']],
    ['{% set ns = namespace(n=a) %}{% set ns.n = b %}{{ ns.n }}', ['a', 'b']],
    ['{{ range(n)|join }}{{ dict(a=b) }}', ['n', 'b']],
    ['{% raw %}{{ a }}{% endraw %}{# {{ b }} #}{{ "c" }}', []],
  ])('%s', (source, expected) => {
    expect(uses(source)).toEqual(expected);
  });

  it('says where', () => {
    expect(compile('a\n  {{ vars.x }}').symbols).toEqual([
      { name: 'vars', path: ['vars', 'x'], line: 2, column: 6, guarded: false, maybeSet: false },
    ]);
  });

  it('lists what gives another result each time', () => {
    const { impure } = compile(
      '{{ pex_uuid4() }}\n{{ pex_now("UTC").year }}{{ pex_random_pin(4) }}{{ uid|pex_md5 }}',
    );
    expect(impure).toEqual([
      { name: 'pex_uuid4', line: 1, column: 4 },
      { name: 'pex_now', line: 2, column: 4 },
      { name: 'pex_random_pin', line: 2, column: 29 },
    ]);
  });
});
