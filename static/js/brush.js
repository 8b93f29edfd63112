// A time chosen on the histogram: drag with a mouse or a finger, or arrow keys and Enter. A single bar stays a link.
import {$, $$} from './dom.js';

let from = -1; // where the span begins and ends, as numbers of bars; -1: none
let to = -1;
let dragging = false;
let dragged = false;

const picture = () => $('#log-histo');
const bars = () => $$('.hb', picture());

const span = () => [Math.min(from, to), Math.max(from, to)];

function draw() {
  const mark = $('.brush', picture());
  if (from < 0) {
    mark.setAttribute('width', 0);
    $('#log-brush-said').textContent = '';
    return;
  }
  const [first, last] = span();
  const all = bars();
  const wide = 1000 / all.length;
  mark.setAttribute('x', first * wide);
  mark.setAttribute('width', (last - first + 1) * wide);
  const calls = all.slice(first, last + 1).reduce((sum, bar) => sum + Number(bar.dataset.calls), 0);
  $('#log-brush-said').textContent = picture()
    .dataset.words.replace('{from}', all[first].dataset.from)
    .replace('{to}', all[last].dataset.to)
    .replace('{n}', calls);
}

function clear() {
  from = to = -1;
  dragging = false;
  if (picture()) {
    draw();
  }
}

// The server writes the times into the question, wherever it says others.
function choose() {
  const [first, last] = span();
  const all = bars();
  const query = new URLSearchParams({
    q: $('#log-q').value,
    set: '1',
    from: all[first].dataset.since,
    to: all[last].dataset.until,
  });
  const url = `${picture().dataset.brush}?${query}`;
  clear();
  htmx.ajax('GET', url, {source: '#log-histo', target: '#log', swap: 'outerMorph', push: 'true'});
}

function barAt(event) {
  const box = picture().getBoundingClientRect();
  const all = bars().length;
  return Math.max(0, Math.min(all - 1, Math.floor(((event.clientX - box.left) / box.width) * all)));
}

function onDown(event) {
  if (event.button === 0 && event.target.closest('#log-histo')) {
    dragging = true;
    dragged = false;
    from = to = barAt(event);
  }
}

function onMove(event) {
  if (!dragging || !picture()) {
    return;
  }
  const at = barAt(event);
  if (at !== from && !dragged) {
    dragged = true;
    picture().setPointerCapture(event.pointerId);
  }
  if (dragged) {
    to = at;
    draw();
  }
}

function onUp() {
  if (dragging && dragged) {
    dragging = false;
    choose();
  } else if (dragging) {
    clear(); // a click: the bar's own link
  }
}

function onKey(event) {
  if (event.key === 'Escape' && from >= 0) {
    event.preventDefault();
    event.stopPropagation();
    clear();
    return;
  }
  if (event.target !== picture()) {
    return;
  }
  const all = bars().length;
  const step = {ArrowLeft: -1, ArrowRight: 1, Home: -all, End: all}[event.key];
  if (step) {
    event.preventDefault();
    const start = from < 0 ? (step < 0 ? all : -1) : to;
    to = Math.max(0, Math.min(all - 1, start + step));
    from = event.shiftKey && from >= 0 ? from : to;
    draw();
  } else if (event.key === 'Enter' && from >= 0) {
    event.preventDefault();
    choose();
  }
}

export function startBrush() {
  document.addEventListener('pointerdown', onDown);
  document.addEventListener('pointermove', onMove);
  document.addEventListener('pointerup', onUp);
  document.addEventListener('pointercancel', clear);
  document.addEventListener('keydown', onKey, true);
  document.addEventListener('dragstart', event => event.target.closest?.('#log-histo') && event.preventDefault());
  document.addEventListener(
    'click',
    event => {
      if (dragged && event.target.closest?.('#log-histo')) {
        event.preventDefault(); // the end of a drag is no click on a bar
        event.stopPropagation();
      }
      dragged = false;
    },
    true,
  );
}
