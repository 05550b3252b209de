import { problemItem, showDetail } from './detail.js';
import { createList } from './list.js';
import { COMPARED, choicesOf, data, FILTERS, find, hasComparison, make, rows } from './model.js';

// Puts the page together: summary, filters, list and detail.
const at = (id) => document.getElementById(id);
const chosen = {};
let selected;
const many = new Intl.NumberFormat('en');

document.title = `${data.campaign}: dry run`;
at('campaign').textContent = data.campaign;

const list = createList({
  list: at('list'),
  rowsElement: at('rows'),
  onSelect: (row) => {
    selected = row;
    showDetail(at('detail'), row, back);
    try {
      history.replaceState(null, '', `#${encodeURIComponent(row.id)}`);
    } catch {
      /* from disk, some browsers will not */
    }
  },
  onOpen: () => {
    if (!matchMedia('(max-width: 900px)').matches) return;
    document.body.dataset.view = 'detail';
    at('detail').focus();
  },
});

function back() {
  document.body.dataset.view = 'list';
  list.show(find(at('search').value, chosen), selected);
  list.focus();
}

function refresh() {
  const found = find(at('search').value, chosen);
  at('count').textContent =
    found.length === rows.length
      ? `${many.format(rows.length)} listed`
      : `${many.format(found.length)} of ${many.format(rows.length)} listed`;
  at('clear').hidden = found.length === rows.length;
  for (const button of at('tiles').querySelectorAll('button'))
    button.setAttribute('aria-pressed', String(button.dataset.filter === tileState()));
  list.show(found, selected);
}

const tileState = () =>
  JSON.stringify(Object.fromEntries(Object.entries(chosen).filter(([, value]) => value)));

function choose(values) {
  for (const { key } of FILTERS) chosen[key] = values[key] ?? '';
  for (const select of at('selects').querySelectorAll('select')) select.value = chosen[select.name];
  refresh();
}

function drawTiles() {
  const count = (kind) => rows.filter((row) => row.kind === kind).length;
  const compared = (value) => rows.filter((row) => row.compared === value).length;
  const tiles = [
    [rows.filter((row) => row.kind !== 'gone').length, 'people', {}],
    [count('mail'), 'get a mail', { kind: 'mail' }],
    [count('nothing'), 'get nothing, by a rule', { kind: 'nothing' }],
    ...(count('failed') ? [[count('failed'), 'get nothing, by a fault', { kind: 'failed' }, 'bad']] : []),
    ...(count('conflict') ? [[count('conflict'), 'in conflict', { kind: 'conflict' }, 'bad']] : []),
    ...(hasComparison
      ? ['new', 'gone', 'changed'].map((value) => [
          compared(value),
          `${COMPARED[value].toLowerCase()} since before`,
          { compared: value },
        ])
      : []),
  ];
  at('tiles').append(
    ...tiles.map(([number, words, filter, tone]) =>
      make(
        'li',
        {},
        make(
          'button',
          {
            type: 'button',
            class: tone,
            'data-filter': JSON.stringify(filter),
            onclick: () => choose(filter),
          },
          make('b', {}, many.format(number)),
          make('span', {}, words),
        ),
      ),
    ),
  );
}

function drawFilters() {
  for (const filter of FILTERS) {
    const choices = choicesOf(filter);
    if (choices.length < 2) continue;
    const options = choices.map(([value, number]) =>
      make('option', { value }, `${filter.name?.(value) ?? value} (${many.format(number)})`),
    );
    at('selects').append(
      make(
        'label',
        {},
        filter.label,
        make(
          'select',
          {
            name: filter.key,
            onchange: (event) => {
              chosen[filter.key] = event.target.value;
              refresh();
            },
          },
          make('option', { value: '' }, 'All'),
          options,
        ),
      ),
    );
  }
}

function drawGeneral() {
  if (data.general.length === 0) return;
  const number = data.general.length;
  at('general').hidden = false;
  at('general').querySelector('summary').textContent =
    `${number} ${number === 1 ? 'warning' : 'warnings'} about the campaign and its templates`;
  at('general')
    .querySelector('ul')
    .append(...data.general.map(problemItem));
}

let typing = 0;
at('search').addEventListener('input', () => {
  clearTimeout(typing);
  typing = setTimeout(refresh, 80);
});
at('search').addEventListener('keydown', (event) => {
  if (event.key !== 'ArrowDown' && event.key !== 'Enter') return;
  event.preventDefault();
  clearTimeout(typing);
  refresh();
  list.focus();
});
at('filters').addEventListener('submit', (event) => event.preventDefault());
at('clear').addEventListener('click', () => {
  at('search').value = '';
  choose({});
  at('search').focus();
});
document.addEventListener('keydown', (event) => {
  if (event.target.matches('input, select, textarea') || event.ctrlKey || event.metaKey || event.altKey)
    return;
  if (event.key === '/') {
    event.preventDefault();
    at('search').focus();
    at('search').select();
  }
  if (event.key === 'Escape' && document.body.dataset.view === 'detail') back();
});

drawTiles();
drawFilters();
drawGeneral();
refresh();
const wanted = decodeURIComponent(location.hash.slice(1));
const first = rows.find((row) => row.id === wanted) ?? rows[0];
if (first) list.select(first);
