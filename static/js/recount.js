// The counts on the status chips of the Requests page follow the log: soon after new rows came, and now and then, since
// a narrow question hears nothing of the calls that other chips count. One request however many rows came.
import {$, $$} from './dom.js';

const AFTER_NEWS = 5_000; // milliseconds between two requests, at least
const ANYWAY = 30_000;

let countedAt = Date.now();
let news = false;

export function heardNews() {
  news = true;
}

// Counts of a question that the page no longer shows are left alone.
async function recount(chips) {
  const asked = chips.dataset.counts;
  const answer = await fetch(asked).catch(() => null); // the live dot tells when the server is away
  const counts = answer?.ok && answer.headers.get('content-type') === 'application/json' ? await answer.json() : {};
  if ($('#log-chips')?.dataset.counts !== asked) {
    return;
  }
  $$('#log-chips [data-status]').forEach(chip => {
    const count = counts[chip.dataset.status];
    if (count) {
      $('.num', chip).textContent = count;
      chip.hidden &&= count === '0';
    }
  });
}

// Called now and then while the page is live.
export function keepCounts() {
  const chips = $('#log-chips[data-counts]');
  const waited = Date.now() - countedAt;
  if (chips && !document.hidden && waited >= (news ? AFTER_NEWS : ANYWAY)) {
    countedAt = Date.now();
    news = false;
    recount(chips);
  }
}
