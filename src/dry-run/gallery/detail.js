import { CHANGES, headersOf, mailOf, make, REASONS } from './model.js';

// What one person gets: headers, the mail as HTML and text, its source, its link; or why there is nothing.
const view = {
  tab: 'mail',
  width: 600,
  scheme: matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light',
  about: !matchMedia('(max-width: 900px)').matches,
};
let current = 0;

export function showDetail(container, row, onBack) {
  const turn = ++current;
  const isMail = row.kind === 'mail';
  const head = [
    make('button', { class: 'back', type: 'button', onclick: onBack }, '← All people'),
    make('h2', {}, isMail ? row.subject : `${row.name}: no mail`),
    make('p', { class: 'dn' }, row.dn),
    noteOfReason(row),
    noteOfProblems(row),
    noteOfChanges(row),
  ];
  const facts = make(
    'dl',
    { class: 'facts' },
    factsOf([
      ['Alias', row.alias],
      ['Alias pattern', row.pattern],
      ['System', row.system ?? undefined],
      ['Locale', isMail ? (row.locale ?? 'plain') : undefined],
      ['Stable id', row.id],
      ['Revision', row.revision],
    ]),
  );
  const headers = make('dl', { class: 'facts' }, factsOf([['To', row.to]]));
  const columns = make('div', { class: 'columns' }, isMail && headers, facts);
  const about = make(
    'details',
    {
      class: 'about',
      open: view.about,
      ontoggle: (event) => {
        view.about = event.target.open;
      },
    },
    make('summary', {}, isMail ? 'Headers and facts' : 'Facts'),
    columns,
  );
  container.replaceChildren(...head.filter(Boolean), about);
  container.scrollTop = 0;
  if (!isMail) return;
  const body = make('div', {});
  container.append(body);
  mailOf(row).then(
    (mail) => {
      if (turn !== current) return;
      const told = new Set(['From', 'To', 'Reply-To', 'Subject', 'Date', 'Message-ID', 'X-Original-To']);
      headers.replaceChildren(...factsOf(headersOf(mail.source).filter(([name]) => told.has(name))));
      showTabs(body, row, mail);
    },
    (error) => {
      if (turn === current) body.replaceChildren(make('p', { class: 'note bad' }, error.message));
    },
  );
}

const factsOf = (pairs) =>
  pairs
    .filter(([, value]) => value !== undefined && value !== '')
    .flatMap(([name, value]) => [make('dt', {}, name), make('dd', {}, value)]);

function noteOfReason(row) {
  if (row.kind === 'mail') return undefined;
  const others =
    row.with &&
    make(
      'ul',
      {},
      row.with.slice(0, 20).map((dn) => make('li', {}, dn)),
      row.with.length > 20 && make('li', {}, `… and ${row.with.length - 20} more`),
    );
  return make(
    'div',
    { class: `note ${row.kind === 'nothing' || row.kind === 'gone' ? '' : 'bad'}` },
    make('h3', {}, REASONS[row.reason] ?? row.reason),
    others,
  );
}

function placeOf(problem) {
  return problem.file
    ? [problem.file, problem.line, problem.column]
        .filter((part) => part !== null && part !== undefined)
        .join(':')
    : undefined;
}

export const problemItem = (problem) =>
  make(
    'li',
    {},
    make('code', {}, problem.code),
    ' ',
    problem.message,
    placeOf(problem) && make('span', {}, ' (', make('code', {}, placeOf(problem)), ')'),
  );

function noteOfProblems(row) {
  if (!row.problems) return undefined;
  const isError = row.problems.some((problem) => problem.severity === 'error');
  return make(
    'div',
    { class: `note ${isError ? 'bad' : 'warn'}` },
    make('ul', {}, row.problems.map(problemItem)),
  );
}

function noteOfChanges(row) {
  if (row.compared === 'new')
    return make('div', { class: 'note' }, make('h3', {}, 'New since the earlier dry run'));
  if (row.compared === 'gone' && row.kind !== 'gone')
    return make('div', { class: 'note warn' }, make('h3', {}, 'Had a mail in the earlier dry run'));
  if (!row.changes) return undefined;
  return make(
    'div',
    { class: 'note warn' },
    make('h3', {}, 'Changed since the earlier dry run'),
    make(
      'ul',
      {},
      row.changes.map(({ what, before, after }) =>
        make(
          'li',
          {},
          CHANGES[what] ?? what,
          (before !== null || after !== null) && [
            ': ',
            make('del', {}, before ?? 'none'),
            ' → ',
            make('ins', {}, after ?? 'none'),
          ],
        ),
      ),
    ),
  );
}

function showTabs(container, row, mail) {
  const tabs = [
    { key: 'mail', name: 'Mail', panel: () => framePanel(row) },
    { key: 'text', name: 'Text', panel: () => [make('pre', { class: 'wrap', dir: 'auto' }, mail.text)] },
    { key: 'source', name: 'Source', panel: () => [make('pre', {}, mail.source)] },
    ...(mail.uri === null ? [] : [{ key: 'link', name: 'Link', panel: () => linkPanel(mail) }]),
  ];
  const panel = make('div', { class: 'panel', role: 'tabpanel', id: 'panel', tabindex: '0' });
  const switches = make('div', { class: 'switches' });
  const draw = (focus) => {
    const chosen = tabs.find(({ key }) => key === view.tab) ?? tabs[0];
    for (const [at, { key }] of tabs.entries()) {
      buttons[at].setAttribute('aria-selected', String(key === chosen.key));
      buttons[at].tabIndex = key === chosen.key ? 0 : -1;
      if (focus && key === chosen.key) buttons[at].focus();
    }
    panel.setAttribute('aria-labelledby', `tab-${chosen.key}`);
    panel.replaceChildren(...chosen.panel(), filesOf(row));
    switches.replaceChildren(
      ...(chosen.key === 'mail'
        ? [
            switchOf(
              'Width',
              [
                [600, '600 px'],
                [360, '360 px'],
              ],
              'width',
              () => draw(false),
            ),
            switchOf(
              'Colours',
              [
                ['light', 'Light'],
                ['dark', 'Dark'],
              ],
              'scheme',
              () => draw(false),
            ),
          ]
        : []),
    );
  };
  const buttons = tabs.map(({ key, name }) =>
    make(
      'button',
      {
        type: 'button',
        role: 'tab',
        id: `tab-${key}`,
        'aria-controls': 'panel',
        onclick: () => {
          view.tab = key;
          draw(true);
        },
      },
      name,
    ),
  );
  const tablist = make(
    'div',
    {
      class: 'tabs',
      role: 'tablist',
      'aria-label': 'Parts of the mail',
      onkeydown: (event) => {
        const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
        if (!step) return;
        event.preventDefault();
        const at = Math.max(
          0,
          tabs.findIndex(({ key }) => key === view.tab),
        );
        view.tab = tabs[(at + step + tabs.length) % tabs.length].key;
        draw(true);
      },
    },
    buttons,
  );
  container.replaceChildren(make('div', { class: 'bar' }, tablist, switches), panel);
  draw(false);
}

function switchOf(label, choices, key, changed) {
  return make(
    'div',
    { class: 'switch', role: 'group', 'aria-label': label },
    choices.map(([value, name]) =>
      make(
        'button',
        {
          type: 'button',
          'aria-pressed': String(view[key] === value),
          id: `switch-${value}`,
          onclick: () => {
            view[key] = value;
            changed();
            document.getElementById(`switch-${value}`)?.focus();
          },
        },
        name,
      ),
    ),
  );
}

/** Sandboxed without any permission: no script of a mail runs, no form is sent, nothing of this page can be reached. */
function framePanel(row) {
  const frame = make('iframe', {
    sandbox: '',
    src: `${row.file}.html`,
    title: `The mail to ${row.name} as HTML`,
    width: String(view.width),
  });
  return [make('div', { class: `frame ${view.scheme}` }, frame)];
}

function linkPanel(mail) {
  return [
    make(
      'table',
      {},
      make('caption', {}, 'What the link says, with passwords as dots'),
      make(
        'tbody',
        {},
        mail.link.map(([name, value]) =>
          make('tr', {}, make('th', { scope: 'row' }, name), make('td', {}, value)),
        ),
      ),
    ),
    make(
      'div',
      { class: 'uri' },
      make('h3', {}, 'As it stands in the mail'),
      make('pre', { class: 'wrap' }, mail.uri),
    ),
  ];
}

function filesOf(row) {
  return make(
    'p',
    { class: 'files' },
    'Files: ',
    ['eml', 'html', 'txt'].map((ending) =>
      make('a', { href: `${row.file}.${ending}`, target: '_blank', rel: 'noreferrer' }, `.${ending}`),
    ),
  );
}
