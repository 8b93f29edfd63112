// Leaving a page with something unsaved asks first. Forms that want it carry data-dirty-guard; the editors send what is
// left instead of asking (leaving.js). Saving one of two forms asks too while the other holds something unsaved.
const GUARDED = 'form[data-dirty-guard]:not([data-editor])';
const dirty = new Set();
let sent = null;

export function startDirtyGuard() {
  document.addEventListener('input', event => {
    const form = event.target.closest(GUARDED);
    if (form) {
      dirty.add(form);
    }
  });
  document.addEventListener('submit', event => {
    sent = dirty.delete(event.target) ? event.target : null;
  });
  // What was swapped holds nothing unsaved; a part that only came in elsewhere on the page changes nothing about it.
  document.addEventListener('htmx:after:swap', event => {
    const target = event.detail?.ctx?.target ?? event.target;
    for (const form of dirty) {
      if (!form.isConnected || (target instanceof Node && target.contains(form))) {
        dirty.delete(form);
      }
    }
  });
  addEventListener('beforeunload', event => {
    if (dirty.size) {
      event.preventDefault();
      if (sent) {
        dirty.add(sent); // whoever stays has not saved it either
      }
    }
  });
}
