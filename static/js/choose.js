// The page "Choose operations": filters rows while one types, and counts what is ticked. The form works without it.
import {$, $$} from './dom.js';

export function startChoose(form) {
  const rows = $$('[data-row]', form).map(row => ({
    row,
    box: $('input[type=checkbox]', row),
    words: `${row.dataset.tags} ${row.textContent}`.toLowerCase(),
    tags: row.dataset.tags.split('|'),
    method: row.dataset.method,
  }));
  const counter = $('[data-counter]', form);
  const save = $('[data-save]', form);
  const most = Number(form.dataset.most);

  function count() {
    const number = rows.filter(({box}) => box.checked).length;
    const over = number > most;
    const sentence = (over ? counter.dataset.over : counter.dataset.words).replace('{n}', number);
    if (counter.textContent !== sentence) {
      counter.textContent = sentence;
    }
    counter.classList.toggle('over', over);
    save.disabled = over; // the counter beside it says why; without scripts the server does
  }

  function filter() {
    const words = form.elements.q.value.toLowerCase().split(/\s+/).filter(Boolean);
    const tag = form.elements.tag?.value ?? '';
    const method = form.elements.method?.value ?? '';
    let shown = 0;
    for (const entry of rows) {
      const fits = (!tag || entry.tags.includes(tag))
        && (!method || entry.method === method)
        && words.every(word => entry.words.includes(word));
      entry.row.hidden = !fits;
      shown += fits;
    }
    $('[data-nothing]', form).hidden = shown > 0;
  }

  function tickShown(value) {
    for (const {row, box} of rows) {
      if (!row.hidden && !box.disabled) {
        box.checked = value;
      }
    }
    count();
  }

  form.addEventListener('input', event => {
    if (event.target.name === 'o') {
      count();
    } else {
      filter();
    }
  });
  form.addEventListener('keydown', event => {
    if (event.key === 'Enter' && event.target.name === 'q') {
      event.preventDefault(); // the list is filtered already; Enter must not press the first button
    }
  });
  form.addEventListener('click', event => {
    const deed = event.target.closest('button[name=deed]')?.value;
    if (deed === 'all' || deed === 'none') {
      event.preventDefault();
      tickShown(deed === 'all');
    }
  });
  filter(); // a reload may have put words into the search that the server did not see
  count();
}
