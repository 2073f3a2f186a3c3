/* Compares divisions over the editions: compare.html?d=KEY~KEY&y=YEAR. The table says all that the chart draws. ES2019. */
(function () {
  'use strict';
  var place = document.getElementById('compare');
  var history = window.jihengHistory;
  if (!place || !history) { return; }
  var words = place.dataset;
  var year = document.getElementById('year');
  var add = document.getElementById('add');
  var chosen = document.getElementById('chosen');
  var table = document.getElementById('figures');
  var drawing = document.getElementById('drawing');
  var nights = Object.keys(history.nights).map(Number).sort(function (a, b) { return a - b; });
  var names = {};
  Array.prototype.forEach.call(document.querySelectorAll('#known option'), function (option) {
    names[option.dataset.key] = option.value;
  });
  var asked = new URLSearchParams(window.location.search);
  var keys = (asked.get('d') || '').split('~').filter(function (key) { return names[key]; });
  var chart = null;
  place.hidden = false;
  if (asked.get('y')) { year.value = asked.get('y'); }

  /* A state holds until the next step: [rank, score] by night, nothing before the first. */
  function states(key) {
    var steps = (history.divisions[key] || {})[year.value] || [];
    return nights.map(function (night) {
      var held = steps.filter(function (step) { return step[0] <= night; });
      var last = held[held.length - 1];
      return last ? [last[1], last[2]] : [null, null];
    });
  }
  function element(kind, text, name) {
    var made = document.createElement(kind);
    made.textContent = text;
    if (name) { made.className = name; }
    return made;
  }
  function buttons() {
    chosen.textContent = keys.length ? '' : words.choose;
    keys.forEach(function (key) {
      var button = element('button', names[key] + ' ×');
      button.type = 'button';
      button.setAttribute('aria-label', words.remove + ' ' + names[key]);
      button.addEventListener('click', function () { keys = keys.filter(function (one) { return one !== key; }); show(); });
      chosen.appendChild(button);
    });
  }
  function figures(all) {
    var head = element('tr', '');
    var body = element('tbody', '');
    [words.night].concat(keys.map(function (key) { return names[key]; })).forEach(function (text, column) {
      var cell = element('th', text, column ? 'n' : '');
      cell.scope = 'col';
      head.appendChild(cell);
    });
    nights.forEach(function (night, row) {
      var line = element('tr', '');
      line.appendChild(element('td', history.nights[night], 'c'));
      all.forEach(function (found) {
        var state = found[row];
        line.appendChild(element('td', state[0] === null ? words.none : state[1].toFixed(2) + ' · ' + state[0], 'n'));
      });
      body.insertBefore(line, body.firstChild);
    });
    table.tHead.replaceChildren(head);
    table.replaceChild(body, table.tBodies[0]);
    table.hidden = !keys.length;
  }
  function colour(name) { return getComputedStyle(document.documentElement).getPropertyValue(name).trim(); }
  function draw(all) {
    drawing.hidden = !keys.length || !window.jihengCharts;
    if (drawing.hidden) { return; }
    chart = chart || window.jihengCharts(drawing, null, { renderer: 'svg' });
    var ink = colour('--ink');
    // Okabe and Ito's colours for all kinds of sight, with signs of their own.
    var colours = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#e69f00', '#56b4e9', '#8a6d00', '#7f7f7f'];
    var signs = ['circle', 'rect', 'triangle', 'diamond', 'pin', 'arrow', 'roundRect', 'emptyCircle'];
    chart.setOption({
      animation: false, color: colours, aria: { enabled: true },
      grid: { left: 56, right: 20, top: 44, bottom: 36 },
      legend: { top: 4, textStyle: { color: ink } },
      tooltip: {
        trigger: 'axis', renderMode: 'richText',
        formatter: function (points) {
          return [points[0].axisValueLabel].concat(points.map(function (point) {
            var state = all[point.seriesIndex][point.dataIndex];
            return point.seriesName + ' ' + (state[0] === null ? words.none : words.score + ' ' + state[1].toFixed(2) + ', ' + words.rank + ' ' + state[0]);
          })).join('\n');
        }
      },
      xAxis: { type: 'category', data: nights.map(function (night) { return history.nights[night]; }), axisLabel: { color: ink } },
      yAxis: { type: 'value', scale: true, name: words.score, nameTextStyle: { color: ink }, axisLabel: { color: ink }, splitLine: { lineStyle: { color: colour('--line') } } },
      series: keys.map(function (key, place) {
        return {
          type: 'line', name: names[key], step: 'end', symbol: signs[place], symbolSize: 8,
          data: all[place].map(function (state) { return state[1]; })
        };
      })
    }, true);
    chart.resize();
  }
  function show() {
    var all = keys.map(states);
    buttons();
    figures(all);
    draw(all);
    try { window.history.replaceState(null, '', '?d=' + keys.map(encodeURIComponent).join('~') + '&y=' + year.value); } catch (refused) { /* from a folder some browsers refuse */ }
  }
  add.addEventListener('input', function () {
    var found = Object.keys(names).filter(function (key) { return names[key] === add.value || key === add.value; })[0];
    if (!found) { return; }
    if (keys.indexOf(found) < 0 && keys.length < Number(words.most)) { keys.push(found); }
    add.value = '';
    show();
  });
  year.addEventListener('change', show);
  window.addEventListener('resize', function () { if (chart) { chart.resize(); } });
  show();
}());
