// Copy buttons: data-copy="text", or data-copy-target="#id" for the text of another element.
import {$, text} from './dom.js';
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

export function startCopy() {
  document.addEventListener('click', event => {
    const button = event.target.closest('[data-copy]');
    if (button) {
      copy(button.dataset.copy);
      return;
    }
    const pointing = event.target.closest('[data-copy-target]');
    if (pointing) {
      const target = $(pointing.dataset.copyTarget);
      copy(target.value ?? target.textContent);
    }
  });
}
