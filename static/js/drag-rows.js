// Rows that move: drag the grip with mouse or touch, or Alt+↑/↓. The form posts rows in DOM order, so moving is the whole job.
// A row is .prow or .srow (or [data-sort-row]) inside [data-sortable].
const ROWS = '.prow, .srow, [data-sort-row]';

function changed(row) {
  const field = row.querySelector('input:not([type=hidden]), select, textarea') ?? row;
  field.dispatchEvent(new Event('change', {bubbles: true}));
  row.dispatchEvent(new CustomEvent('rowmoved', {bubbles: true}));
}

function put(row, reference, after) {
  const box = row.parentNode;
  const place = after ? reference.nextSibling : reference;
  if (place === row || row.nextSibling === place) {
    return;
  }
  if (box.moveBefore) {
    box.moveBefore(row, place); // keeps focus and state, where the browser knows it
  } else {
    box.insertBefore(row, place);
  }
}

function rowUnder(box, row, y) {
  return [...box.querySelectorAll(ROWS)].find(other => {
    const area = other.getBoundingClientRect();
    return other !== row && other.parentNode === box && y > area.top && y < area.bottom;
  });
}

function drag(event) {
  const grip = event.target.closest('[data-grip]');
  if (!grip || event.button) {
    return;
  }
  event.preventDefault();
  const row = grip.closest(ROWS);
  row.classList.add('dragging');
  const onMove = moved => {
    const other = rowUnder(row.parentNode, row, moved.clientY);
    if (other) {
      const area = other.getBoundingClientRect();
      put(row, other, moved.clientY > area.top + area.height / 2);
    }
  };
  const stop = new AbortController();
  const onEnd = () => {
    stop.abort();
    row.classList.remove('dragging');
    changed(row);
  };
  document.addEventListener('pointermove', onMove, {signal: stop.signal});
  document.addEventListener('pointerup', onEnd, {signal: stop.signal});
  document.addEventListener('pointercancel', onEnd, {signal: stop.signal});
}

function moveByKey(event) {
  if (!event.altKey || (event.key !== 'ArrowUp' && event.key !== 'ArrowDown')) {
    return;
  }
  const row = event.target.closest?.('[data-sortable] :is(.prow, .srow, [data-sort-row])');
  const up = event.key === 'ArrowUp';
  const sibling = up ? row?.previousElementSibling : row?.nextElementSibling;
  if (!row || !sibling?.matches(ROWS)) {
    return;
  }
  event.preventDefault();
  put(row, sibling, !up);
  event.target.focus();
  changed(row);
}

export function startDragRows() {
  document.addEventListener('pointerdown', drag);
  document.addEventListener('keydown', moveByKey);
}
