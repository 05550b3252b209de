import { describe, expect, it } from 'vitest';
import { failure, render } from './compile.js';

describe('what a person lacks', () => {
  it.each([
    ['printed', '{{ title }}'],
    ['filtered', '{{ title|upper }}'],
    ['joined', "{{ 'a' ~ title }}"],
    ['added', "{{ 'a' + title }}"],
    ['passed to a function', "{{ pex_url_encode(('t', title)) }}"],
    ['put into a list', '{{ [title]|length }}'],
    ['gone through', '{% for x in title %}{% endfor %}'],
    ['compared', "{{ title == 'x' }}"],
    ['called', '{{ title.upper() }}'],
    ['an argument of a filter', "{{ 'a'|replace('a', title) }}"],
    ['printed by a macro', '{% macro m(x) %}{{ x }}{% endmacro %}{{ m(title) }}'],
    ['set and then printed', '{% set x = title %}{{ x }}'],
    ['the value of or', '{{ title or title }}'],
  ])('is an error where it is %s', (_how, source) => {
    const error = failure(source);
    expect([error.code, error.facts['variable']]).toEqual(['ROLLCALL_ERR_UNDEFINED_VARIABLE', 'title']);
  });

  it.each([
    ['the operand of default', "{{ title|default('x') }}", 'x'],
    ['asked with is defined', '{{ title is defined }}{{ title is undefined }}', 'FalseTrue'],
    ['a condition', "{% if title %}a{% elif not title %}b{% endif %}{{ 'c' if title else 'd' }}", 'bd'],
    ['the first operand of or', "{{ title or 'x' }}", 'x'],
    ['the default of what is there', "{{ 'a'|default(title) }}", 'a'],
    ['in a branch that is not taken', '{% if title %}{{ title }}{% endif %}', ''],
  ])('is allowed where it is %s', (_how, source, text) => {
    expect(render(source)).toBe(text);
  });

  it('is named as the template writes it, at its place', () => {
    const error = failure('line\n  {{ vars.desk.phone }}', { vars: { desk: {} } });
    expect(error.message).toBe('vars.desk.phone is undefined, at mail.html:2:6');
    expect(error.facts).toMatchObject({ variable: 'vars.desk.phone', file: 'mail.html', line: 2, column: 6 });
    expect(failure("{{ attributes['x-y'][1] }}", { attributes: { 'x-y': ['a'] } }).facts['variable']).toBe(
      "attributes['x-y'][1]",
    );
  });

  it('takes a property that is undefined for one that is not there, and null for None', () => {
    expect(render("{{ a|default('x') }}{{ b }}", { a: undefined, b: null })).toBe('xNone');
  });
});

describe('what JavaScript has and a template must not reach', () => {
  it.each([
    "{{ ''.constructor }}",
    '{{ vars.constructor }}',
    '{{ vars.__proto__ }}',
    "{{ vars['__proto__'] }}",
    '{{ vars.toString }}',
    '{{ [].constructor }}',
    '{{ [].length }}',
    '{{ {}.constructor }}',
    '{{ ().items }}',
    '{{ (1).toFixed }}',
    '{{ constructor }}',
    '{{ toString }}',
    '{{ __proto__ }}',
    "{{ 'a'.length }}",
    "{{ ['a']|join(attribute='constructor') }}",
  ])('%s is undefined', (source) => {
    expect(failure(source, { vars: {} }).code).toBe('ROLLCALL_ERR_UNDEFINED_VARIABLE');
  });

  it('keeps a name of JavaScript as a name of the template', () => {
    const source =
      '{% set let = 1 %}{% set out = 2 %}{% for this in [3] %}{{ let }}{{ out }}{{ this }}{% endfor %}';
    expect(render(source)).toBe('123');
  });

  it('puts no text of the template into its code', () => {
    const text = '`${process.exit()}` \\ "\u2028\' */ //';
    expect(render(`${text}{{ "\`\${1}'\u2029" }}`)).toBe(`${text}\`\${1}'\u2029`);
  });
});

describe('limits', () => {
  it.each([
    '{{ range(10**9) }}',
    '{{ "a" * 10**9 }}',
    '{{ 9**99999 }}',
    '{{ "%999999999d"|format(1) }}',
    '{{ "a".center(10**9) }}',
    '{% for a in range(10**5) %}{% for b in range(10**5) %}{% endfor %}{% endfor %}',
    '{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}',
  ])('%s is refused, and does not hang', (source) => {
    expect(failure(source).code).toBe('ROLLCALL_ERR_TEMPLATE_LIMIT');
  });
});
