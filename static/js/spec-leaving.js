// Leaving the document's editor: what the draft does not have yet is sent on the way out where it is short enough, and
// kept in this tab's session; the browser asks only when it is too long for that, or the last request failed.
const LARGEST = 60_000; // browsers refuse more than 64 KiB on leaving
const FRESH = 15_000; // after that somebody else may have gone on with the draft

const keptAt = () => `left:${location.pathname}`;

function remember(words) {
  try {
    sessionStorage.setItem(keptAt(), JSON.stringify({words, at: Date.now()}));
    return true;
  } catch {
    return false; // more than the browser keeps
  }
}

export function startSpecLeaving(form, editor, desk) {
  let sent = -1;

  // True when there is something to lose that could not be sent.
  function flush() {
    const at = desk.typed();
    if (!desk.isUnsaved()) {
      return false;
    }
    const words = editor.value;
    if (desk.failed()) {
      remember(words);
      return true;
    }
    if (new Blob([words]).size >= LARGEST || !remember(words)) {
      return true;
    }
    if (sent !== at) {
      sent = at;
      const told = {method: 'POST', body: desk.body(''), keepalive: true, headers: {Accept: 'application/json'}};
      fetch(form.action, told).then(
        answer => answer.ok && desk.forget(at),
        () => {}, // the page is gone, or the line is: it stands in the session
      );
    }
    return false;
  }

  addEventListener('beforeunload', event => flush() && event.preventDefault());
  addEventListener('pagehide', flush);
  document.addEventListener('visibilitychange', () => document.visibilityState === 'hidden' && flush());
  form.addEventListener('click', event => event.target.closest('[data-leave]') && desk.forget(desk.typed()));

  // A page that opens may have been made before the last words arrived.
  const left = JSON.parse(sessionStorage.getItem(keptAt()) ?? 'null');
  sessionStorage.removeItem(keptAt());
  if (left && Date.now() - left.at < FRESH && left.words !== editor.value) {
    editor.value = left.words;
    desk.again();
  }
}
