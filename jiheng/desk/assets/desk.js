/* Light or dark as Airflow is around this page; alone, as the system is. */
(function () {
  'use strict';
  var own = document.documentElement;
  var system = window.matchMedia('(prefers-color-scheme: dark)');

  function isDark() {
    var around = window.parent !== window && window.parent.document.documentElement;
    return around ? around.classList.contains('dark') : system.matches;
  }

  function follow() { own.setAttribute('data-theme', isDark() ? 'dark' : 'light'); }

  follow();
  system.addEventListener('change', follow);
  if (window.parent !== window) {
    new MutationObserver(follow).observe(window.parent.document.documentElement, { attributes: true });
  }
}());
