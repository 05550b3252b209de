import { describe, expect, it } from 'vitest';
import { failure, problemsOf } from './compile.js';

describe('problems of a template', () => {
  it.each([
    ['a\n{% if x %}b', ['2:1 TEMPLATE_SYNTAX {% if %} is never closed | Close it with {% endif %}.']],
    ['{% for x in y %}', ['1:1 TEMPLATE_SYNTAX {% for %} is never closed | Close it with {% endfor %}.']],
    ['{% macro m() %}', ['1:1 TEMPLATE_SYNTAX {% macro %} is never closed | Close it with {% endmacro %}.']],
    ['a {{ uid', ['1:3 TEMPLATE_SYNTAX {{ is never closed | Close it with }}.']],
    ['a {% set x = 1', ['1:3 TEMPLATE_SYNTAX {% is never closed | Close it with %}.']],
    ['a {# b', ['1:3 TEMPLATE_SYNTAX the comment {# is never closed | Close it with #}.']],
    ['{% raw %}{{ x }}', ['1:1 TEMPLATE_SYNTAX {% raw %} is never closed | Close it with {% endraw %}.']],
    ["{{ 'abc }}", ["1:4 TEMPLATE_SYNTAX the quote ' is never closed"]],
    ['{{ (1 }}', ['1:7 TEMPLATE_SYNTAX unexpected }, where ) is expected']],
    ['{{ a b }}', ['1:6 TEMPLATE_SYNTAX expected }}, but there is b']],
    ['{{ }}', ['1:4 TEMPLATE_SYNTAX expected a value, but the tag ends']],
    ['{{ a + }}', ['1:8 TEMPLATE_SYNTAX expected a value, but the tag ends']],
    ['{{ a $ }}', ['1:6 TEMPLATE_SYNTAX the character "$" means nothing here']],
    ['{% endif %}', ['1:4 TEMPLATE_SYNTAX {% endif %} closes nothing here: nothing is open']],
    [
      '{% if a %}{% endfor %}',
      ['1:14 TEMPLATE_SYNTAX {% endfor %} closes nothing here: {% endif %} is expected'],
    ],
    ['{% fro x in y %}', ['1:4 TEMPLATE_TAG there is no tag fro | Did you mean "for"?']],
    [
      "{% include 'x' %}",
      [
        '1:4 TEMPLATE_TAG {% include %} is not there: a template is one file of its own | Write its content here: each template is one file.',
      ],
    ],
    ['{{ uid|uper }}', ['1:8 UNKNOWN_FILTER there is no filter uper | Did you mean "upper"?']],
    ['{{ rang(3) }}', ['1:4 UNKNOWN_FUNCTION there is no function rang | Did you mean "range"?']],
    ['{{ uid is strin }}', ['1:11 UNKNOWN_TEST there is no test strin | Did you mean "string"?']],
    [
      '{{ pex_base64(uid) }}',
      ['1:4 UNKNOWN_FUNCTION there is no function pex_base64 | It is a filter: write value|pex_base64.'],
    ],
    [
      '{{ uid|pex_url_encode }}',
      ['1:8 UNKNOWN_FILTER there is no filter pex_url_encode | It is a function: write pex_url_encode(…).'],
    ],
    ["{{ ''|constructor }}", ['1:7 UNKNOWN_FILTER there is no filter constructor']],
  ])('%j', (source, expected) => {
    expect(problemsOf(source)).toEqual(expected);
  });

  it.each(['extends', 'import', 'from', 'block'])(
    'refuses {%% %s %%}, since a template is one file',
    (tag) => {
      expect(problemsOf(`{% ${tag} 'x' %}`)[0]).toContain(`TEMPLATE_TAG {% ${tag} %} is not there`);
    },
  );

  it('tells all of them at once', () => {
    const source = '{{ a b }}\n{{ uid|uper }}\n{{ sn|lowr }}{% if x is oddd %}{% endif %}\n{{ + }}';
    expect(problemsOf(source).map((line) => line.split(' ')[0])).toEqual([
      '1:6',
      '4:6',
      '2:8',
      '3:7',
      '3:25',
    ]);
  });

  it('counts places from where the source stands in its file', () => {
    expect(
      problemsOf('{{ a|uper }}\n {{ b|lowr }}', { line: 10, column: 20 }).map((x) => x.split(' ')[0]),
    ).toEqual(['10:25', '11:7']);
  });

  it('counts lines the same whatever ends them', () => {
    expect(problemsOf('a\r\nb\r\n{{ c|uper }}').map((x) => x.split(' ')[0])).toEqual(['3:6']);
  });
});

describe('errors of a render', () => {
  it('says what went wrong and where, and nothing of the value', () => {
    const error = failure('a\n{{ password + 1 }}', { password: 'hunter2' });
    expect(error.code).toBe('ROLLCALL_ERR_RENDER');
    expect(error.message).toBe(
      'text can only be added to text, not to int: write ~ to join them, at mail.html:2:4',
    );
    expect(error.problems).toMatchObject([
      { file: 'mail.html', line: 2, column: 4, code: 'ROLLCALL_ERR_RENDER' },
    ]);
  });

  it('stops where a value is shorter than pex_require_min_length asks', () => {
    expect(failure('{{ pin|pex_require_min_length(6) }}', { pin: '123' }).message).toContain(
      '6 characters are required, and there are 3',
    );
  });
});
