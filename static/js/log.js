// The Requests page: new rows as they come, held back while somebody reads; the chosen row; Escape closes it.
// htmx puts what the stream brings into a hidden holder ([data-held]); from there rows move into the list.
import {askingAfterSwap, startAsking} from './asking.js';
import {startBrush} from './brush.js';
import {$, $$, isField, text} from './dom.js';
import {clearPicks, isPicking, picksAfterSwap, startPicking} from './picking.js';
import {heardNews, keepCounts} from './recount.js';

const MOST_ROWS = 400;
const SCROLLED = 40; // pixels after which somebody counts as reading
const SAY_EVERY = 10_000;
const LOOK_EVERY = 3_000;

let connection = 'paused'; // live | reconnecting | paused: what the stream says
let paused = false; // by the reader
let unsaid = 0;
let saidAt = 0;
let question = ''; // what the list shows

const DOTS = {live: '', reconnecting: 'warn', paused: 'off'};

function showState() {
  const dot = $('[data-live]');
  if (dot) {
    const state = paused ? 'paused' : connection;
    dot.className = `live ${DOTS[state]}`;
    $('[data-live-text]').textContent = text(state);
    $('[data-tail]').setAttribute('aria-pressed', String(!paused));
  }
}

function connectionIs(state) {
  connection = state;
  showState();
}

function isReading() {
  const scrolled = $('#rows').scrollTop > SCROLLED || $('#content').scrollTop > SCROLLED || scrollY > SCROLLED;
  const inside = document.activeElement.closest?.('#rows .rln') !== null;
  return paused || scrolled || inside || isPicking() || !$('#detail').hidden;
}

const listed = () => $$('#rows > .rln');
const idOf = row => row.dataset.id;

// Rows of one call can come twice: the server looks back a little, because workers finish out of order.
function heldRows() {
  const known = new Set(listed().map(idOf));
  const fresh = new Map();
  $$('[data-held] .rln').forEach(row => (known.has(idOf(row)) || fresh.has(idOf(row)) ? row.remove() : fresh.set(idOf(row), row)));
  [...fresh.values()].slice(MOST_ROWS).forEach(row => row.remove());
  return [...fresh.values()].slice(0, MOST_ROWS);
}

function dayOf(row) {
  const first = $('#rows > .day');
  if (first?.dataset.day === row.dataset.day) {
    return first;
  }
  const day = document.createElement('div');
  day.className = 'day';
  day.dataset.day = row.dataset.day;
  day.textContent = row.dataset.dayName;
  const before = first ?? listed()[0];
  if (before) {
    before.before(day);
  } else {
    $('#rows').append(day);
  }
  return day;
}

// Public ids are as long as each other for a hundred years, so that their order is the order of time.
function place(row) {
  const rows = listed();
  const older = rows.findIndex(other => idOf(other) < idOf(row));
  if (older > 0) {
    rows[older].before(row); // a late one: it belongs between others
  } else if (older === 0 || rows.length === 0) {
    dayOf(row).after(row);
  } else {
    row.remove(); // older than everything shown: it stands on the next page
  }
}

function showHeld() {
  const rows = heldRows();
  rows.reverse().forEach(row => {
    row.classList.add('new');
    place(row);
  });
  const shown = rows.filter(row => row.isConnected && !row.closest('[data-held]'));
  if (shown.length) {
    $('#rows [data-empty]')?.remove();
    listed().slice(MOST_ROWS).forEach(row => row.remove());
    unsaid += shown.length;
    say();
  }
  $('[data-new]').hidden = true;
}

// Screen readers hear a number now and then, not every row.
function say() {
  const wait = saidAt + SAY_EVERY - Date.now();
  if (wait > 0) {
    setTimeout(() => unsaid && say(), wait);
    return;
  }
  const place = $('[data-said]');
  if (place) {
    place.textContent = place.dataset.said.replace('{n}', unsaid);
    saidAt = Date.now();
    unsaid = 0;
  }
}

function onNews() {
  if (!$('[data-held]')) {
    return;
  }
  if (!isReading()) {
    showHeld();
    return;
  }
  const pill = $('[data-new]');
  const count = heldRows().length;
  pill.hidden = count === 0;
  pill.textContent = pill.dataset.words.replace('{n}', count);
}

function markChosen() {
  const detail = $('#detail');
  $('#log').classList.toggle('has-detail', !detail.hidden);
  listed().forEach(row => {
    const link = $('.lr', row);
    if (!detail.hidden && idOf(row) === detail.dataset.request) {
      link.setAttribute('aria-current', 'true');
    } else {
      link.removeAttribute('aria-current');
    }
  });
}

function onClick(event) {
  if (event.target.closest('[data-new]')) {
    $('#rows').scrollTop = 0;
    showHeld();
    $('#rows > .rln > .lr')?.focus({preventScroll: true});
  } else if (event.target.closest('[data-tail]')) {
    paused = !paused;
    showState();
    onNews();
  }
}

function onKey(event) {
  if (event.key === 'Escape' && !isField(event.target) && !$('dialog[open], details.menu[open]')) {
    const chosen = $('#detail')?.dataset.request;
    if (!chosen && isPicking()) {
      clearPicks();
      onNews();
    }
    $('#detail [data-shut]')?.click();
    if (chosen) {
      document.getElementById(chosen)?.focus();
    }
  }
}

function afterSwap() {
  if ($('#log')) {
    showState();
    markChosen();
    const now = $('[data-whole]').value;
    picksAfterSwap(now === question);
    question = now;
    askingAfterSwap();
  }
}

// The stream may have opened before this module was loaded.
function isOpen() {
  return $('[data-held]')?._htmx?.sse?.status === 200;
}

// htmx connects again by itself, but not when the very first try failed: then the holder is put in anew.
function watch() {
  const held = $('[data-held]');
  if (held && connection === 'live' && !paused) {
    keepCounts();
  }
  if (!held || document.hidden || connection !== 'paused') {
    return;
  }
  if (isOpen()) {
    connectionIs('live');
  } else if (!held._htmx?.sse) {
    const fresh = held.cloneNode(true);
    fresh.removeAttribute('data-htmx-powered');
    held.replaceWith(fresh);
    htmx.process(fresh);
  }
}

export function startLog() {
  question = $('[data-whole]').value;
  startAsking();
  startPicking();
  startBrush();
  onNews(); // the stream may have brought some before this module was there
  connectionIs(isOpen() ? 'live' : connection);
  setInterval(watch, LOOK_EVERY);
  document.addEventListener('htmx:sse:after:connection', () => connectionIs('live'));
  document.addEventListener('htmx:sse:error', () => connectionIs('reconnecting'));
  document.addEventListener('htmx:sse:close', () => connectionIs('paused'));
  document.addEventListener('htmx:sse:after:message', onNews);
  document.addEventListener('htmx:sse:after:message', heardNews);
  document.addEventListener('htmx:after:swap', afterSwap);
  document.addEventListener('click', onClick);
  document.addEventListener('change', event => event.target.matches('#rows > .rln .rowpick') && onNews());
  document.addEventListener('keydown', onKey);
  document.addEventListener('scroll', event => event.target.id === 'rows' && event.target.scrollTop < 2 && onNews(), true);
}
