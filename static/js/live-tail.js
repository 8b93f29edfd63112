// The state of the live tail: a dot and a word ([data-live], [data-live-text]), and no more rows than the page can bear.
import {$, $$, text} from './dom.js';

const MOST_ROWS = 400;

function show(state, key) {
  const dot = $('[data-live]');
  if (dot) {
    dot.className = `live ${state}`;
    $('[data-live-text]').textContent = text(key);
  }
}

export function startLiveTail() {
  document.addEventListener('htmx:sse:after:connection', () => show('', 'live'));
  document.addEventListener('htmx:sse:error', () => show('warn', 'reconnecting'));
  document.addEventListener('htmx:sse:close', () => show('off', 'paused'));
  document.addEventListener('htmx:sse:after:message', () => {
    $$('#rows .lr').slice(MOST_ROWS).forEach(row => row.remove());
  });
}
