/* Search, filters, sorting and the choice of light or dark. What is chosen stands in the address, so that it can be
   sent on. The pages are complete without it. ES5, for old browsers; the words come from the page's language. */
(function () {
  'use strict';
  var ENGLISH = document.documentElement.lang === 'en';
  var WORDS = ENGLISH
    ? { find: 'Find: name, pinyin, initials, code', league: 'League', region: 'Region', all: 'All', of: ' of ',
        clear: 'Clear', name: 'Filter by name', theme: 'Light or dark', none: 'Nothing matches.' }
    : { find: '查找：名称、拼音、首字母、代码', league: '同类组', region: '片区', all: '全部', of: ' / ',
        clear: '清除', name: '按名称筛选', theme: '明暗切换', none: '没有符合的。' };

  function list(found) { return Array.prototype.slice.call(found); }

  function parameters() {
    var found = {};
    window.location.search.replace(/^\?/, '').split('&').forEach(function (pair) {
      var cut = pair.indexOf('=');
      if (cut > 0) {
        try { found[decodeURIComponent(pair.slice(0, cut))] = decodeURIComponent(pair.slice(cut + 1).replace(/\+/g, ' ')); }
        catch (broken) { /* an address that was cut in a message */ }
      }
    });
    return found;
  }
  function keep(name, value) {
    var now = parameters();
    if (value) { now[name] = value; } else { delete now[name]; }
    var pairs = Object.keys(now).map(function (key) { return encodeURIComponent(key) + '=' + encodeURIComponent(now[key]); });
    try { window.history.replaceState(null, '', window.location.pathname + (pairs.length ? '?' + pairs.join('&') : '') + window.location.hash); }
    catch (refused) { /* some browsers keep the address of a file as it is */ }
    carry();
  }
  /* The other language shows the same choice. */
  function carry() {
    list(document.querySelectorAll('a.language')).forEach(function (link) {
      link.href = link.getAttribute('href').split('?')[0] + window.location.search + window.location.hash;
    });
  }

  function value(cell) {
    var exact = cell.getAttribute('data-value');
    return exact === null ? cell.textContent.replace(/^\s+|\s+$/g, '') : exact;
  }
  function compare(a, b) {
    var x = Number(a), y = Number(b);
    if (!isNaN(x) && !isNaN(y)) { return x - y; }
    return a.localeCompare(b, 'zh-Hans-CN');
  }
  function sortBy(table, column, down) {
    var body = table.tBodies[0], rows = list(body.rows);
    rows.forEach(function (row, place) { row.place = place; });
    rows.sort(function (r, s) {
      var a = value(r.cells[column]), b = value(s.cells[column]);
      /* What is absent comes last whichever way one sorts. */
      if (a === '' || b === '') { return a === b ? r.place - s.place : (a === '' ? 1 : -1); }
      return (down ? compare(b, a) : compare(a, b)) || r.place - s.place;
    });
    list(table.tHead.rows[0].cells).forEach(function (cell) { cell.removeAttribute('aria-sort'); });
    table.tHead.rows[0].cells[column].setAttribute('aria-sort', down ? 'descending' : 'ascending');
    rows.forEach(function (row) { body.appendChild(row); });
  }
  function makeSortable(table, sorted) {
    list(table.tHead.rows[0].cells).forEach(function (cell, column) {
      var button = document.createElement('button');
      button.type = 'button';
      while (cell.firstChild) { button.appendChild(cell.firstChild); }
      cell.appendChild(button);
      button.addEventListener('click', function () {
        var down = cell.getAttribute('aria-sort') === 'ascending';
        sortBy(table, column, down);
        if (table.id) { keep('sort', table.id + '.' + column + (down ? '.down' : '')); }
      });
    });
    var chosen = (sorted || '').split('.');
    if (table.id && chosen[0] === table.id && table.tHead.rows[0].cells[Number(chosen[1])]) {
      sortBy(table, Number(chosen[1]), chosen[2] === 'down');
    }
  }

  /* The ranking: what is searched for, league and region, together. */
  function Filters(place, table, chosen) {
    var rows = list(table.tBodies[0].rows), fields = {}, told = document.createElement('output');
    function show() {
      var words = fields.q.value.toLowerCase().replace(/\s+/g, ''), shown = 0;
      rows.forEach(function (row) {
        var found = row.getAttribute('data-found').toLowerCase();
        var isIn = (!words || found.replace(/\s+/g, '').indexOf(words) >= 0) &&
          (!fields.league || !fields.league.value || row.getAttribute('data-league') === fields.league.value) &&
          (!fields.region || !fields.region.value || row.getAttribute('data-region') === fields.region.value);
        row.style.display = isIn ? '' : 'none';
        shown += isIn ? 1 : 0;
      });
      told.textContent = shown ? shown + WORDS.of + rows.length : WORDS.none;
    }
    function field(name, made, label) {
      var wrap = document.createElement('label');
      if (label) { wrap.appendChild(document.createTextNode(label + ' ')); }
      wrap.appendChild(made);
      place.appendChild(wrap);
      fields[name] = made;
      if (chosen[name]) { made.value = chosen[name]; }
      made.addEventListener(name === 'q' ? 'input' : 'change', function () { keep(name, made.value); show(); });
    }
    function options(name, label) {
      var seen = {}, select = document.createElement('select');
      select.appendChild(new Option(WORDS.all, ''));
      rows.forEach(function (row) {
        var code = row.getAttribute('data-' + name);
        if (code && !seen[code]) { seen[code] = true; select.appendChild(new Option(row.querySelector('[data-name=' + name + ']').textContent, code)); }
      });
      if (select.options.length > 2) { field(name, select, label); }
    }
    var input = document.createElement('input');
    input.type = 'search';
    input.setAttribute('placeholder', WORDS.find);
    input.setAttribute('aria-label', WORDS.find);
    field('q', input, '');
    options('league', WORDS.league);
    options('region', WORDS.region);
    told.setAttribute('aria-live', 'polite');
    place.appendChild(told);
    show();
  }
  /* Other pages: one field that filters every table by whatever its rows say. */
  function addFilter(place, tables, chosen) {
    var input = document.createElement('input');
    function show() {
      var words = input.value.toLowerCase();
      tables.forEach(function (table) {
        list(table.tBodies[0].rows).forEach(function (row) {
          row.style.display = row.textContent.toLowerCase().indexOf(words) < 0 ? 'none' : '';
        });
        var folded = table.parentNode.parentNode;
        if (words && folded.tagName === 'DETAILS') { folded.open = true; }
      });
    }
    input.type = 'search';
    input.setAttribute('placeholder', WORDS.name);
    input.setAttribute('aria-label', WORDS.name);
    input.value = chosen.q || '';
    input.addEventListener('input', function () { keep('q', input.value); show(); });
    place.appendChild(input);
    if (input.value) { show(); }
  }

  function addTheme() {
    var nav = document.querySelector('nav.main'), root = document.documentElement;
    if (!nav) { return; }
    var button = document.createElement('button');
    button.type = 'button';
    button.className = 'theme';
    button.setAttribute('aria-label', WORDS.theme);
    button.title = WORDS.theme;
    button.textContent = '◐';
    button.addEventListener('click', function () {
      var system = window.matchMedia && window.matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light';
      var next = (root.getAttribute('data-theme') || system) === 'dark' ? 'light' : 'dark';
      root.setAttribute('data-theme', next);
      try { window.localStorage.setItem('jiheng-theme', next); } catch (refused) { /* it lasts for this page */ }
    });
    nav.appendChild(button);
  }
  /* A link to a place that is folded away opens it. */
  function unfold() {
    var target = window.location.hash.length > 1 && document.getElementById(decodeURIComponent(window.location.hash.slice(1)));
    for (var node = target && target.parentNode; node; node = node.parentNode) {
      if (node.tagName === 'DETAILS') { node.open = true; }
    }
    if (target) { target.scrollIntoView(); }
  }

  var chosen = parameters(), tables = list(document.querySelectorAll('table.sortable'));
  tables.forEach(function (table) { makeSortable(table, chosen.sort); });
  list(document.querySelectorAll('.filter[data-for]')).forEach(function (place) {
    Filters(place, document.getElementById(place.getAttribute('data-for')), chosen);
  });
  var place = document.getElementById('filter');
  if (place && tables.length) { addFilter(place, tables, chosen); }
  addTheme();
  carry();
  unfold();
  window.addEventListener('hashchange', unfold);
}());
