// Leaving a page with something unsaved asks first. Forms that want it carry data-dirty-guard; the editors send what is
// left instead of asking (leaving.js).
const GUARDED = 'form[data-dirty-guard]:not([data-editor])';
let dirty = false;

export function startDirtyGuard() {
  document.addEventListener('input', event => {
    if (event.target.closest(GUARDED)) {
      dirty = true;
    }
  });
  document.addEventListener('submit', event => {
    if (event.target.matches(GUARDED)) {
      dirty = false;
    }
  });
  document.addEventListener('htmx:after:swap', () => {
    dirty = false;
  });
  addEventListener('beforeunload', event => {
    if (dirty) {
      event.preventDefault();
    }
  });
}
