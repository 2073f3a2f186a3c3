/* Sorts and filters tables of class "sortable". The pages are complete without it. ES5, for old browsers. */
(function () {
  'use strict';
  function value(cell) {
    var exact = cell.getAttribute('data-value');
    return exact === null ? cell.textContent.replace(/^\s+|\s+$/g, '') : exact;
  }
  function compare(a, b) {
    if (a === '' || b === '') { return a === b ? 0 : (a === '' ? 1 : -1); }
    var x = Number(a), y = Number(b);
    if (!isNaN(x) && !isNaN(y)) { return x - y; }
    return a.localeCompare(b, 'zh-Hans-CN');
  }
  function sortBy(table, column, header) {
    var down = header.getAttribute('aria-sort') === 'ascending';
    var body = table.tBodies[0];
    var rows = Array.prototype.slice.call(body.rows);
    rows.sort(function (r, s) {
      var a = value(r.cells[column]), b = value(s.cells[column]);
      if (a === '' || b === '') { return compare(a, b); }
      return down ? compare(b, a) : compare(a, b);
    });
    Array.prototype.forEach.call(table.tHead.rows[0].cells, function (cell) { cell.removeAttribute('aria-sort'); });
    header.setAttribute('aria-sort', down ? 'descending' : 'ascending');
    rows.forEach(function (row) { body.appendChild(row); });
  }
  function makeSortable(table) {
    Array.prototype.forEach.call(table.tHead.rows[0].cells, function (cell, column) {
      var button = document.createElement('button');
      button.type = 'button';
      while (cell.firstChild) { button.appendChild(cell.firstChild); }
      cell.appendChild(button);
      button.addEventListener('click', function () { sortBy(table, column, cell); });
    });
  }
  function addFilter(tables) {
    var place = document.getElementById('filter');
    if (!place || !tables.length) { return; }
    var input = document.createElement('input');
    input.type = 'search';
    input.setAttribute('placeholder', '按名称筛选 Filter by name');
    input.setAttribute('aria-label', '按名称筛选 Filter by name');
    input.addEventListener('input', function () {
      var words = input.value.toLowerCase();
      tables.forEach(function (table) {
        Array.prototype.forEach.call(table.tBodies[0].rows, function (row) {
          row.style.display = row.textContent.toLowerCase().indexOf(words) < 0 ? 'none' : '';
        });
        var folded = table.parentNode.parentNode;
        if (words && folded.tagName === 'DETAILS') { folded.open = true; }
      });
    });
    place.appendChild(input);
  }
  var tables = Array.prototype.slice.call(document.querySelectorAll('table.sortable'));
  tables.forEach(makeSortable);
  addFilter(tables);
}());
