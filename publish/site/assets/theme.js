/* The reader's choice of light or dark, before anything is drawn. ES5, for old browsers. */
(function () {
  'use strict';
  try {
    var chosen = window.localStorage.getItem('jiheng-theme');
    if (chosen === 'light' || chosen === 'dark') { document.documentElement.setAttribute('data-theme', chosen); }
  } catch (refused) { /* a browser that keeps nothing follows the system's choice */ }
}());
