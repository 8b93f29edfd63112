// Copy buttons: data-copy="text", data-copy-target="#id" for the text of another element, or data-copy-from="URL" for what
// lies there (such a button is hidden until now: without a script it could do nothing).
import {$, $$, text} from './dom.js';
import {toast} from './toasts.js';

async function write(words) {
  try {
    await navigator.clipboard.writeText(words);
  } catch {
    copyTheOldWay(words); // plain http on another machine has no clipboard API
  }
}

function copyTheOldWay(words) {
  const area = document.createElement('textarea');
  area.value = words;
  area.className = 'vh';
  document.body.append(area);
  area.select();
  document.execCommand('copy');
  area.remove();
}

export async function copy(words) {
  await write(words);
  toast(text('copied'));
}

export async function copyFrom(url) {
  const answer = await fetch(url).catch(() => null);
  if (!answer?.ok) {
    toast(text(answer ? 'server-error' : 'offline', {status: answer?.status}), 'bad');
    return;
  }
  copy(await answer.text());
}

export function startCopy() {
  $$('[data-copy-from]').forEach(button => (button.hidden = false));
  document.addEventListener('click', event => {
    const button = event.target.closest('[data-copy]');
    if (button) {
      copy(button.dataset.copy);
      return;
    }
    const fetching = event.target.closest('[data-copy-from]');
    if (fetching) {
      copyFrom(fetching.dataset.copyFrom);
      return;
    }
    const pointing = event.target.closest('[data-copy-target]');
    if (pointing) {
      const target = $(pointing.dataset.copyTarget);
      copy(target.value ?? target.textContent);
    }
  });
}
