// Try it: on a narrow page the answer stands below the form; when a new one came, it is brought into view.
import './code-editor.js'; // the body may become text at any time
import {$} from './dom.js';

export function startTrying() {
  let last = $('#tried')?.dataset.tried;
  document.addEventListener('htmx:after:swap', () => {
    const answer = $('#tried');
    const now = answer?.dataset.tried;
    if (now && now !== last && answer.getBoundingClientRect().top > innerHeight / 2) {
      answer.scrollIntoView({block: 'start'});
    }
    last = now;
  });
}
