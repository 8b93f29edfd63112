// What is wrong with the text while it is typed: asked of the server after a pause, marked in the editor, listed beside it.
import {$, $$, csrfToken} from './dom.js';

const PAUSE = 400;
const LONG_PAUSE = 2000;
const LONG = 500_000;
const PATIENCE = 60_000;

let form = null;
let editor = null;
let timer = 0;
let asked = 0; // an answer to an older question than the last is not shown
let asking = false;
let again = false;

async function ask() {
  if (asking) {
    again = true; // one question at a time, the newest text next
    return;
  }
  asking = true;
  asked += 1;
  const mine = asked;
  const words = editor.value;
  const data = new FormData();
  data.set('text', words);
  const headers = {'X-CSRFToken': csrfToken(), Accept: 'application/json'};
  const question = {method: 'POST', body: data, headers, signal: AbortSignal.timeout(PATIENCE)};
  const answer = await fetch(form.dataset.lint, question).catch(() => null);
  if (answer?.ok && answer.headers.get('Content-Type')?.startsWith('application/json')) {
    const found = await answer.json();
    if (mine === asked && words === editor.value) {
      show(found);
    }
  }
  asking = false;
  if (again) {
    again = false;
    later();
  }
}

function later() {
  clearTimeout(timer);
  timer = setTimeout(ask, editor.view.state.doc.length > LONG ? LONG_PAUSE : PAUSE);
}

function show(found) {
  editor.show(found.problems.filter(problem => problem.group !== 'chatgpt'));
  if (found.names) {
    editor.complete.learn(found.names);
  }
  for (const [name, html] of Object.entries(found.panels)) {
    replace($(`#spec-${name}`), html);
  }
}

// A list made anew keeps what was opened and where the focus was.
function replace(box, html) {
  if (box.dataset.shown === html) {
    return;
  }
  box.dataset.shown = html;
  const open = $$('details[open]', box).map(details => details.id);
  const at = $$('button', box).indexOf(document.activeElement);
  box.innerHTML = html;
  $$('details', box).forEach(details => {
    details.open = details.open || open.includes(details.id);
  });
  if (at >= 0) {
    $$('button', box)[at]?.focus();
  }
}

export function startSpecProblems(itsForm, itsEditor) {
  form = itsForm;
  editor = itsEditor;
  form.addEventListener('input', event => event.target === editor.field && later());
  form.addEventListener('judged', ({detail: {answer, words}}) => {
    if (answer.panels && words === editor.value) {
      asked += 1;
      show(answer);
    }
  });
  form.addEventListener('click', event => {
    const button = event.target.closest('button[data-line]');
    if (button) {
      editor.goTo(Number(button.dataset.line), Number(button.dataset.column ?? 1));
    }
  });
  document.addEventListener('keydown', event => {
    if (event.key === 'F8' && !event.defaultPrevented) {
      event.preventDefault();
      editor.toProblem(event.shiftKey ? -1 : 1);
    }
  });
  ask();
}
