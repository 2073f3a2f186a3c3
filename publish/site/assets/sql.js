/* Asks the edition's warehouse in the browser. Nothing is fetched but what this site serves. ES2019, a classic script. */
(function () {
  'use strict';
  var MOST = 1000;
  var place = document.getElementById('sql');
  if (!place) { return; }
  var query = document.getElementById('query');
  var run = document.getElementById('run');
  var save = document.getElementById('save');
  var state = document.getElementById('state');
  var trouble = document.getElementById('trouble');
  var table = document.getElementById('result');
  var words = place.dataset;
  var connection = null;
  place.hidden = false;

  function say(text) { state.textContent = text; }
  function fail(what, error) {
    trouble.textContent = what + (error ? '：' + (error.message || error) : '');
    trouble.hidden = false;
    say('');
  }
  function absolute(path) { return new URL(path, window.location.href).href; }

  function library() {
    return new Promise(function (resolve, reject) {
      var script = document.createElement('script');
      script.src = words.library + 'duckdb.js';
      script.onload = function () { resolve(window.jihengDuckdb); };
      script.onerror = function () { reject(new Error('missing')); };
      document.head.appendChild(script);
    });
  }
  function bundleOf(duckdb, kind) {
    return {
      mainModule: absolute(words.library + 'duckdb-' + kind + '.wasm'),
      mainWorker: absolute(words.library + 'duckdb-browser-' + kind + '.worker.js')
    };
  }
  async function start() {
    var duckdb;
    say(words.starting);
    try { duckdb = await library(); } catch (error) { fail(words.missing); return; }
    try {
      var bundle = await duckdb.selectBundle({ mvp: bundleOf(duckdb, 'mvp'), eh: bundleOf(duckdb, 'eh') });
      var database = new duckdb.AsyncDuckDB(new duckdb.VoidLogger(), new Worker(bundle.mainWorker));
      await database.instantiate(bundle.mainModule);
      // A warehouse may be hundreds of megabytes: only the pieces that a query needs are read, by ranges of bytes.
      await database.open({
        filesystem: { reliableHeadRequests: true, allowFullHTTPReads: true, forceFullHTTPReads: false }
      });
      await database.registerFileURL('edition.duckdb', absolute(words.warehouse), duckdb.DuckDBDataProtocol.HTTP, false);
      connection = await database.connect();
      // Extensions come from a host of their own, which a closed network does not have.
      await connection.query('SET autoinstall_known_extensions = false; SET autoload_known_extensions = false');
      await connection.query("ATTACH 'edition.duckdb' AS edition (READ_ONLY)");
      await connection.query('USE edition');
    } catch (error) { fail(words.failed, error); return; }
    run.disabled = false;
    say(words.ready);
    if (window.location.hash.indexOf('#q=') === 0) { ask(); }
  }
  /* Every value as DuckDB itself writes it: exact decimals, times in UTC, lists. */
  async function rows(limit) {
    var text = query.value.trim().replace(/;\s*$/, '');
    var asked = 'SELECT CAST(COLUMNS(*) AS VARCHAR) FROM (\n' + text + '\n)' + (limit ? ' LIMIT ' + limit : '');
    var found = await connection.query(asked);
    var names = found.schema.fields.map(function (field) { return field.name; });
    var columns = names.map(function (_, column) { return found.getChildAt(column); });
    var lines = [];
    for (var row = 0; row < found.numRows; row += 1) {
      lines.push(columns.map(function (column) { return column.get(row); }));
    }
    return { names: names, lines: lines };
  }
  function cell(kind, text, name) {
    var made = document.createElement(kind);
    made.textContent = text === null ? words.none : text;
    if (name) { made.className = name; }
    return made;
  }
  function isFigure(lines, column) {
    return lines.every(function (line) { return line[column] === null || /^-?\d+(\.\d+)?$/.test(line[column]); });
  }
  function show(found) {
    var head = document.createElement('tr');
    var body = document.createElement('tbody');
    var kinds = found.names.map(function (_, column) { return isFigure(found.lines, column) ? 'n' : ''; });
    found.names.forEach(function (name, column) {
      var made = cell('th', name, kinds[column]);
      made.scope = 'col';
      head.appendChild(made);
    });
    found.lines.slice(0, MOST).forEach(function (line) {
      var row = document.createElement('tr');
      line.forEach(function (value, column) { row.appendChild(cell('td', value, value === null ? 'word' : kinds[column])); });
      body.appendChild(row);
    });
    table.tHead.replaceChildren(head);
    table.replaceChild(body, table.tBodies[0]);
    table.hidden = false;
  }
  async function ask() {
    if (!connection || run.disabled) { return; }
    var began = performance.now();
    run.disabled = true;
    trouble.hidden = true;
    say(words.running);
    window.history.replaceState(null, '', '#q=' + encodeURIComponent(query.value));
    try {
      var found = await rows(MOST + 1);
      var seconds = ((performance.now() - began) / 1000).toFixed(2);
      var shown = Math.min(found.lines.length, MOST);
      show(found);
      save.disabled = false;
      say(found.lines.length > MOST ? words.more.replace('{shown}', String(MOST))
        : (shown ? '' : words.empty) + words.done.replace('{rows}', String(shown)).replace('{seconds}', seconds));
    } catch (error) { table.hidden = true; save.disabled = true; fail(words.error, error); }
    run.disabled = false;
  }
  /* A text that a spreadsheet would run gets a quotation mark, as in the edition's own CSV. */
  function field(value) {
    if (value === null) { return ''; }
    var safe = /^\s*[=+\-@＝＋－＠]/.test(value) && !/^-?\d+(\.\d+)?$/.test(value) ? "'" + value : value;
    return '"' + safe.replace(/"/g, '""') + '"';
  }
  async function keep() {
    try {
      var found = await rows(0);
      var lines = [found.names].concat(found.lines).map(function (line) { return line.map(field).join(','); });
      var link = document.createElement('a');
      link.href = URL.createObjectURL(new Blob(['\ufeff' + lines.join('\r\n') + '\r\n'], { type: 'text/csv;charset=utf-8' }));
      link.download = words.name + '.csv';
      link.click();
      setTimeout(function () { URL.revokeObjectURL(link.href); }, 1000);
    } catch (error) { fail(words.error, error); }
  }

  if (window.location.hash.indexOf('#q=') === 0) {
    try { query.value = decodeURIComponent(window.location.hash.slice(3)); } catch (broken) { /* the first example stays */ }
  }
  Array.prototype.forEach.call(document.querySelectorAll('.example'), function (button) {
    button.addEventListener('click', function () { query.value = button.dataset.sql; ask(); });
  });
  run.addEventListener('click', ask);
  save.addEventListener('click', keep);
  query.addEventListener('keydown', function (event) {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) { event.preventDefault(); ask(); }
  });
  if (window.location.protocol === 'file:') { fail(words.file); } else { start(); }
}());
