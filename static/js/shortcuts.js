// The keyboard: ⌘K palette, ⌘S save, ⌘Enter send; single letters unless the profile switched them off (WCAG 2.1.4).
import {$, $$, isField} from './dom.js';
import {openPalette} from './palette.js';

const LETTERS = document.body.dataset.shortcuts !== 'off';
const GO_MILLISECONDS = 900; // how long "g" waits for its second letter
let goPressed = 0;

function withCommandKey(event) {
  if (event.key.toLowerCase() === 'k') {
    event.preventDefault();
    openPalette();
  } else if (event.key.toLowerCase() === 's') {
    save(event);
  } else if (event.key === 'Enter') {
    const form = event.target.closest?.('form[data-send]');
    if (form) {
      event.preventDefault();
      form.requestSubmit();
    }
  }
}

function save(event) {
  const form = $('form[data-dirty-guard], form[data-spec]');
  if (form) {
    event.preventDefault();
    form.requestSubmit($('[data-save]', form));
  }
}

function focusSearch(event) {
  const field = $('input[type=search]:not(dialog *)');
  if (field) {
    event.preventDefault();
    field.focus();
    field.select();
  }
}

// Pages mark what a letter presses: <a data-key="c"> for new, <button data-key="r"> for replay.
function press(event) {
  const target = $(`[data-key="${CSS.escape(event.key)}"]`);
  if (target && target.offsetParent !== null) {
    event.preventDefault();
    target.click();
  }
}

function go(letter) {
  const link = $(`[data-go="${CSS.escape(letter)}"]`);
  if (link) {
    location.href = link.href;
  }
}

function moveInList(step) {
  const rows = $$('.lr, [data-row]').filter(row => row.offsetParent !== null);
  const at = rows.indexOf(document.activeElement.closest?.('.lr, [data-row]'));
  rows[Math.max(0, Math.min(rows.length - 1, at + step))]?.focus();
}

function withLetter(event) {
  if (Date.now() - goPressed < GO_MILLISECONDS) {
    goPressed = 0;
    go(event.key.toLowerCase());
  } else if (event.key === '/') {
    focusSearch(event);
  } else if (event.key === '?') {
    event.preventDefault();
    $('#shortcuts')?.showModal();
  } else if (event.key === 'g') {
    goPressed = Date.now();
  } else if (event.key === 'j' || event.key === 'k') {
    moveInList(event.key === 'j' ? 1 : -1);
  } else if (document.dispatchEvent(new CustomEvent('letter', {detail: event, cancelable: true}))) {
    press(event); // no module of the page had a use for it
  } else {
    event.preventDefault();
  }
}

// The server cannot know the keyboard: off Apple's platforms the key is Ctrl.
function nameCommandKey() {
  const platform = navigator.userAgentData?.platform ?? navigator.platform;
  if (!/mac|iphone|ipad/i.test(platform)) {
    $$('[data-command-key]').forEach(key => {
      key.textContent = 'Ctrl K';
    });
  }
}

export function startShortcuts() {
  nameCommandKey();
  document.addEventListener('keydown', event => {
    if (event.defaultPrevented || event.isComposing) {
      return;
    }
    if ((event.metaKey || event.ctrlKey) && !event.altKey) {
      withCommandKey(event);
      return;
    }
    const busyElsewhere = isField(event.target) || $('dialog[open]') || event.altKey || event.ctrlKey || event.metaKey;
    if (LETTERS && !busyElsewhere) {
      withLetter(event);
    }
  });
}
