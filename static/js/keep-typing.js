// An answer must never overwrite a field edited after its request was sent (the next autosave carries that edit).
let revision = 0;
let swapRevision = Infinity;
const edited = new WeakMap();

const isFresher = element => (edited.get(element) ?? 0) > swapRevision;

export function startKeepTyping() {
  document.addEventListener('input', event => edited.set(event.target, ++revision), true);
  document.addEventListener('htmx:before:request', event => {
    event.detail.ctx.revision = revision;
  });
  document.addEventListener('htmx:before:swap', event => {
    swapRevision = event.detail.ctx.revision ?? Infinity;
  });
  document.addEventListener('htmx:after:swap', () => {
    swapRevision = Infinity;
  });
  htmx.registerExtension('keep-typing', {htmx_before_morph_node: element => !isFresher(element)});
}
