// The chat: Enter sends, the end stays in sight while one is there, a call that is opened shows what is behind it.
import {$, $$} from './dom.js';

const NEAR = 60; // pixels from the end that still count as being there
const LONG = 4000; // characters, as in the templates
let following = true;
let sent = null; // what was in the field when it was sent

const narrow = () => matchMedia('(max-width: 60rem)').matches;

function toEnd() {
  const thread = $('#thread');
  if (thread) {
    thread.scrollTop = thread.scrollHeight;
  }
}

function onScroll(event) {
  const thread = event.target;
  if (thread.id === 'thread') {
    following = thread.scrollHeight - thread.scrollTop - thread.clientHeight < NEAR;
  }
}

// Enter sends; Shift+Enter, and Enter on a touch screen's keyboard or while a word is being composed, is a new line.
function onKey(event) {
  const area = event.target;
  const plain = event.key === 'Enter' && !event.shiftKey && !event.ctrlKey && !event.metaKey && !event.altKey;
  if (!plain || event.isComposing || event.keyCode === 229 || !area.closest?.('[data-composer], .rewrite') || !area.matches('textarea')) {
    return;
  }
  if (matchMedia('(pointer: coarse)').matches) {
    return;
  }
  event.preventDefault();
  if (area.value.trim()) {
    area.form.requestSubmit();
  }
}

// A field that grows with its text is measured with each key: for a long text it gets one height.
function onInput(event) {
  if (event.target.matches?.('[data-composer] textarea')) {
    event.target.classList.toggle('long', event.target.value.length > LONG);
  }
}

function beforeRequest(event) {
  const form = event.detail.ctx.sourceElement;
  if (form?.id === 'composer') {
    sent = $('#say').value;
    following = true;
  }
}

// The field is emptied only when what it held has arrived, and only of that: what was typed meanwhile stays.
function afterSwap(event) {
  const context = event.detail.ctx;
  if (context?.sourceElement?.id === 'composer' && sent !== null) {
    const area = $('#say');
    if (context.response?.status === 200 && area?.value.startsWith(sent)) {
      area.value = area.value.slice(sent.length);
      $('#say-files').value = '';
      $('.attach', context.sourceElement).open = false;
    }
    sent = null;
    area?.focus();
  }
  if (following) {
    toEnd();
  }
}

// Opening a call's line also shows it in the panel, where there is one beside.
function onToggle(event) {
  const line = event.target;
  if (line.matches?.('[data-call]') && line.open && !narrow()) {
    $('[data-debug]', line)?.click();
  }
}

// On a narrow page the panel is a page of its own: its links are followed rather than swapped.
function onClick(event) {
  const link = event.target.closest?.('[data-debug]');
  if (link && narrow()) {
    event.preventDefault();
    event.stopImmediatePropagation();
    location.href = link.href;
  }
}

// While the stream is broken the page says so: an answer that seems to be on its way would be waited for in vain.
function isCutOff(cut) {
  const note = $('#chat-offline');
  if (note) {
    note.hidden = !cut;
    $('#chat').classList.toggle('cut-off', cut);
  }
}

export function startChat() {
  document.addEventListener('click', onClick, true);
  document.addEventListener('keydown', onKey);
  document.addEventListener('input', onInput);
  document.addEventListener('scroll', onScroll, true);
  document.addEventListener('toggle', onToggle, true);
  document.addEventListener('htmx:before:request', beforeRequest);
  document.addEventListener('htmx:after:swap', afterSwap);
  document.addEventListener('htmx:sse:error', () => isCutOff(true));
  document.addEventListener('htmx:sse:after:connection', () => isCutOff(false));
  if (!location.hash || location.hash === '#end') {
    toEnd();
  }
  const waiting = $$('.consent').at(-1);
  if (!waiting && !$('.chat.has-debug')) {
    $('#say')?.focus({preventScroll: true});
  }
}
