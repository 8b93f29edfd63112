// An autosave must not abort a structural change (add, remove, undo, save) that is on its way; it runs right after.
// A second change waits for the first: it must be done to what the first one made.
import {$, $$} from './dom.js';

const GUARDED = 'form[data-dirty-guard]';
const NEW_ROW_FIELD = {param: '.prow input[id$=-name]', row: '.srow input[id$=-name]'};
let change = null;
let again = false;
let waiting = [];
let focusNew = null;
let before = new Set();

const newFields = () => (focusNew ? $$(NEW_ROW_FIELD[focusNew] ?? focusNew) : []);

function onConfig(event) {
  const context = event.detail.ctx;
  if (!context.sourceElement.matches?.(GUARDED)) {
    return;
  }
  const submitter = context.sourceEvent?.submitter;
  if (change) {
    event.preventDefault();
    again = true;
    if (submitter) {
      waiting.push(submitter.value);
    }
  } else if (submitter) {
    change = context;
    focusNew = submitter.dataset.focusNew ?? null;
    before = new Set(newFields().map(field => field.id));
  }
}

function onFinally(event) {
  if (event.detail.ctx !== change) {
    return;
  }
  change = null;
  const deed = waiting.shift();
  const button = deed && $(`${GUARDED} button[name=_op][value="${CSS.escape(deed)}"]`);
  if (button && !button.disabled) {
    button.form.requestSubmit(button);
  } else if (again) {
    again = false;
    $(GUARDED)?.dispatchEvent(new Event('autosave'));
  }
}

// Focus goes to the row just added only while the user is still on the button: never away from what they type in.
// (What a part of the page fetches meanwhile, such as a preview, is not the answer that brings the row.)
function onSwap(event) {
  if (!event.detail.ctx.sourceElement.matches?.(GUARDED)) {
    return;
  }
  const stillThere = document.activeElement === document.body || document.activeElement.matches('button');
  if (focusNew && stillThere) {
    const field = newFields().find(other => !before.has(other.id));
    field?.focus();
    field?.closest('.resp, .ex, .prow, .srow, .rule')?.scrollIntoView({block: 'nearest'});
  }
  focusNew = null;
}

export function startAutosaveGuard() {
  document.addEventListener('htmx:config:request', onConfig);
  document.addEventListener('htmx:finally:request', onFinally);
  document.addEventListener('htmx:after:swap', onSwap);
}
