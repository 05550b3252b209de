// The list of people: searched, filtered, sorted and paged in the page itself. Everything from the data is put in as text.

(() => {
  const read = (id) => JSON.parse(document.getElementById(id).textContent);
  const { lists, states, scope } = read('words');
  const rows = read('rows').map((row) => {
    const [
      person,
      name,
      base,
      state,
      reason,
      address,
      alias,
      pattern,
      attempts,
      changed,
      reply,
      sequence,
      delivery,
      run,
      since,
    ] = row;
    return {
      person,
      dn: name + lists.bases[base],
      // "uid=ada" is shown as "ada", the whole DN below it.
      name: name.includes('=') ? name.slice(name.indexOf('=') + 1) : name || person,
      state: lists.states[state],
      reason: lists.reasons[reason],
      address,
      alias,
      pattern: lists.patterns[pattern],
      attempts,
      changed,
      reply: lists.replies[reply],
      sequence,
      delivery,
      run: lists.runs[run],
      since: lists.reasons[since],
    };
  });

  const PAGE = 50;
  const order = Object.keys(states);
  const collator = new Intl.Collator(undefined, { numeric: true, sensitivity: 'base' });
  const columns = [
    { title: 'Person', key: 'name' },
    { title: 'State', key: 'state' },
    { title: 'Address', key: 'address' },
    { title: 'Alias', key: 'alias' },
    { title: 'Changed (UTC)', key: 'changed' },
    { title: 'Last answer', key: 'reply' },
  ];
  const view = { search: '', state: '', sort: 'name', down: false, page: 0, open: new Set() };
  const $ = (id) => document.getElementById(id);
  const number = new Intl.NumberFormat('en-GB');

  const make = (tag, properties = {}, ...children) => {
    const element = Object.assign(document.createElement(tag), properties);
    element.append(...children);
    return element;
  };
  /** Names of either writing direction, kept from turning what stands beside them. */
  const text = (value, className = '') => {
    if (value === '') return '';
    const element = make('bdi', { className });
    // An address, a DN or an error code breaks at its signs, before it breaks anywhere.
    for (const part of value.split(/(?<=[@,_])/)) element.append(part, document.createElement('wbr'));
    return element;
  };
  const time = (seconds) =>
    seconds ? new Date(seconds * 1000).toISOString().slice(0, 19).replace('T', ' ') : '';

  const fold = (value) => value.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
  const haystack = (row) =>
    (row.hay ??= fold(
      [
        row.dn,
        row.person,
        row.state,
        row.reason,
        row.address,
        row.alias,
        row.pattern,
        row.reply,
        row.since,
        row.delivery,
      ].join('\n'),
    ));

  const compare = (a, b) => {
    if (view.sort === 'changed') return a.changed - b.changed;
    if (view.sort === 'state')
      return order.indexOf(a.state) - order.indexOf(b.state) || collator.compare(a.reason, b.reason);
    // Whoever has no value comes last in either direction.
    const [one, other] = [a[view.sort], b[view.sort]];
    if (one === '' || other === '')
      return (one === '') - (other === '') && (view.down ? -1 : 1) * ((one === '') - (other === ''));
    return collator.compare(one, other);
  };

  let shown = [];
  const find = () => {
    const words = fold(view.search).split(/\s+/).filter(Boolean);
    shown = rows.filter(
      (row) =>
        (!view.state || row.state === view.state) && words.every((word) => haystack(row).includes(word)),
    );
    shown.sort((a, b) => (view.down ? compare(b, a) : compare(a, b)));
    view.page = 0;
  };

  const badge = (row) => {
    const note = row.reason ? text(row.reason, 'reason') : '';
    const since = row.since
      ? make('span', { className: 'reason', textContent: `last run: ${row.since}` })
      : '';
    return [make('span', { className: `badge ${row.state}`, textContent: row.state }), note, since];
  };

  const details = (row) => {
    const facts = [
      ['what it means', states[row.state]],
      ['person', row.person],
      ['DN', row.dn],
      ['pattern', row.pattern],
      ['attempts', row.attempts ? String(row.attempts) : ''],
      ['last answer', row.reply],
      ['delivery', row.delivery && `${row.delivery}, number ${row.sequence} to this person`],
      [scope === 'latest' ? 'run' : '', row.run],
    ];
    const list = make('dl');
    for (const [name, value] of facts)
      if (name && value)
        list.append(make('div', {}, make('dt', { textContent: name }), make('dd', {}, text(value))));
    return make('tr', {}, make('td', { className: 'more', colSpan: columns.length }, list));
  };

  const line = (row) => {
    const isOpen = view.open.has(row);
    const more = make(
      'button',
      { type: 'button', className: 'expand', ariaExpanded: String(isOpen) },
      text(row.name),
    );
    more.addEventListener('click', () => {
      if (!view.open.delete(row)) view.open.add(row);
      const next = more.closest('tr').nextElementSibling;
      more.ariaExpanded = String(view.open.has(row));
      if (view.open.has(row)) more.closest('tr').after(details(row));
      else next?.remove();
    });
    const cells = [
      make('th', { scope: 'row', className: 'cell who' }, more, text(row.dn, 'dn')),
      make('td', { className: 'cell' }, ...badge(row)),
      make('td', { className: 'cell long' }, text(row.address)),
      make('td', { className: 'cell long' }, text(row.alias)),
      make('td', { className: 'cell time', textContent: time(row.changed) }),
      make('td', { className: 'cell reply' }, text(row.reply)),
    ];
    const element = make('tr', {}, ...cells);
    return isOpen ? [element, details(row)] : [element];
  };

  const drawHead = () => {
    const cells = columns.map(({ title, key }) => {
      const sorted = view.sort === key;
      const button = make('button', { type: 'button', className: 'sort', textContent: title });
      button.addEventListener('click', () => {
        view.down = view.sort === key ? !view.down : key === 'changed';
        view.sort = key;
        find();
        draw();
        $('table').tHead.querySelector('[aria-sort] button')?.focus();
      });
      const cell = make('th', { scope: 'col', className: 'head' }, button);
      if (sorted) cell.ariaSort = view.down ? 'descending' : 'ascending';
      return cell;
    });
    $('table').tHead.replaceChildren(make('tr', {}, ...cells));
  };

  const drawPages = () => {
    const last = Math.max(0, Math.ceil(shown.length / PAGE) - 1);
    const go = (label, page, disabled, id) => {
      const button = make('button', { type: 'button', className: 'turn', textContent: label, disabled, id });
      button.addEventListener('click', () => {
        view.page = page;
        draw();
        ($(id).disabled ? $('people-title') : $(id)).focus({ preventScroll: true });
        $('list').scrollIntoView({ block: 'start' });
      });
      return button;
    };
    $('pages').replaceChildren(
      go('First', 0, view.page === 0, 'page-first'),
      go('Previous', view.page - 1, view.page === 0, 'page-previous'),
      make('span', {
        className: 'place',
        textContent: `Page ${number.format(view.page + 1)} of ${number.format(last + 1)}`,
      }),
      go('Next', view.page + 1, view.page === last, 'page-next'),
      go('Last', last, view.page === last, 'page-last'),
    );
    $('pages').hidden = last === 0;
  };

  const draw = () => {
    drawHead();
    const from = view.page * PAGE;
    const page = shown.slice(from, from + PAGE);
    $('table').tBodies[0].replaceChildren(...page.flatMap(line));
    $('found').textContent =
      shown.length === 0
        ? rows.length === 0
          ? 'Nobody yet.'
          : 'Nobody fits. Search for less, or show all.'
        : `${number.format(from + 1)} to ${number.format(from + page.length)} of ${number.format(shown.length)}${shown.length < rows.length ? ` found, among ${number.format(rows.length)}` : ''}`;
    drawPages();
  };

  const drawFilters = () => {
    const counts = new Map();
    for (const { state } of rows) counts.set(state, (counts.get(state) ?? 0) + 1);
    const choices = [
      ['', 'all', rows.length],
      ...order.filter((state) => counts.has(state)).map((state) => [state, state, counts.get(state)]),
    ];
    for (const [value, label, count] of choices) {
      const input = make('input', { type: 'radio', name: 'state', value, checked: value === '' });
      input.addEventListener('change', () => {
        view.state = value;
        find();
        draw();
      });
      $('filters').append(
        make(
          'label',
          { className: 'filter' },
          input,
          make('span', {}, `${label} `, make('b', { textContent: number.format(count) })),
        ),
      );
    }
  };

  let waiting;
  $('search').addEventListener('input', (event) => {
    clearTimeout(waiting);
    waiting = setTimeout(() => {
      view.search = event.target.value;
      find();
      draw();
    }, 120);
  });
  document.addEventListener('keydown', (event) => {
    if (
      event.key !== '/' ||
      event.ctrlKey ||
      event.metaKey ||
      event.altKey ||
      /^(?:INPUT|TEXTAREA)$/.test(event.target.tagName)
    )
      return;
    event.preventDefault();
    $('search').focus();
  });

  $('people-title').tabIndex = -1;
  $('list').hidden = false;
  drawFilters();
  find();
  draw();
})();
