import { make, REASONS } from './model.js';

// The list: only the rows that can be seen are in the page, so that ten thousand scroll as ten do.
const ROW_HEIGHT = 78;
const SPARE = 6;

export function createList({ list, rowsElement, onSelect, onOpen }) {
  let shown = [];
  let active = -1;

  const badgesOf = (row) => [
    row.kind === 'nothing' && make('span', { class: 'badge' }, 'nothing'),
    row.kind === 'gone' && make('span', { class: 'badge' }, 'gone'),
    row.kind === 'conflict' && make('span', { class: 'badge bad' }, 'conflict'),
    row.kind === 'failed' && make('span', { class: 'badge bad' }, 'problem'),
    row.kind === 'mail' && row.wrong.length > 0 && make('span', { class: 'badge warn' }, 'problem'),
    row.compared === 'new' && make('span', { class: 'badge good' }, 'new'),
    row.compared === 'changed' && make('span', { class: 'badge warn' }, 'changed'),
  ];

  const rowElement = (row, at) => {
    const element = make(
      'div',
      {
        class: 'row',
        role: 'option',
        id: `row-${at}`,
        'aria-selected': String(at === active),
        'aria-setsize': String(shown.length),
        'aria-posinset': String(at + 1),
        onclick: () => {
          select(at);
          onOpen();
        },
      },
      make('div', { class: 'who' }, make('b', {}, row.name), badgesOf(row)),
      make(
        'div',
        { class: 'what' },
        row.kind === 'mail' ? row.subject : (row.problems?.[0]?.message ?? REASONS[row.reason] ?? row.reason),
      ),
      make('div', { class: 'what' }, row.alias ?? row.dn),
    );
    element.style.top = `${at * ROW_HEIGHT}px`;
    return element;
  };

  const draw = () => {
    const first = Math.max(0, Math.floor(list.scrollTop / ROW_HEIGHT) - SPARE);
    const last = Math.min(shown.length, Math.ceil((list.scrollTop + list.clientHeight) / ROW_HEIGHT) + SPARE);
    const elements = [];
    for (let at = first; at < last; at++) elements.push(rowElement(shown[at], at));
    if (active >= 0 && (active < first || active >= last) && shown[active])
      elements.push(rowElement(shown[active], active));
    rowsElement.replaceChildren(
      ...(shown.length > 0 ? elements : [make('p', { class: 'none' }, 'Nobody fits all of this.')]),
    );
    rowsElement.style.height = shown.length > 0 ? `${shown.length * ROW_HEIGHT}px` : 'auto';
    if (shown[active]) list.setAttribute('aria-activedescendant', `row-${active}`);
    else list.removeAttribute('aria-activedescendant');
  };

  const reveal = (at) => {
    const top = at * ROW_HEIGHT;
    if (top < list.scrollTop) list.scrollTop = top;
    else if (top + ROW_HEIGHT > list.scrollTop + list.clientHeight)
      list.scrollTop = top + ROW_HEIGHT - list.clientHeight;
  };

  const select = (at) => {
    if (!shown[at]) return;
    active = at;
    reveal(at);
    draw();
    onSelect(shown[at]);
  };

  let frame = 0;
  list.addEventListener(
    'scroll',
    () => {
      cancelAnimationFrame(frame);
      frame = requestAnimationFrame(draw);
    },
    { passive: true },
  );
  new ResizeObserver(draw).observe(list);
  list.addEventListener('keydown', (event) => {
    const page = Math.max(1, Math.floor(list.clientHeight / ROW_HEIGHT) - 1);
    const moves = {
      ArrowDown: 1,
      j: 1,
      ArrowUp: -1,
      k: -1,
      PageDown: page,
      PageUp: -page,
      Home: -Infinity,
      End: Infinity,
    };
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key in moves) {
      event.preventDefault();
      select(
        Math.min(
          shown.length - 1,
          Math.max(0, (active < 0 && moves[event.key] > 0 ? -1 : active) + moves[event.key]),
        ),
      );
    } else if (event.key === 'Enter' || event.key === ' ') {
      event.preventDefault();
      if (active < 0) select(0);
      onOpen();
    }
  });

  return {
    /** Shows these rows; who was selected stays so if still among them. */
    show(found, selected) {
      shown = found;
      active = selected ? found.indexOf(selected) : -1;
      list.scrollTop = 0;
      if (active >= 0) reveal(active);
      draw();
    },
    select: (row) => select(shown.indexOf(row)),
    focus: () => list.focus(),
  };
}
