// Counts the tokens of texts on the page, exactly, with the encoding o200k of GPT-4o and later models. Its table is 2 MB
// and loaded only here; until then, and without it, the server's estimates stand.
//   <section data-tokens="URL of the table">  … <b data-tokens-of="#id">≈ 12</b>   the number for the text of #id
//   <progress data-share-of="#id">            its share of [data-tokens-whole], which is counted as a whole
import {GptEncoding} from '../vendor/o200k.min.js';
import {$, $$} from './dom.js';

const AS_TEXT = {disallowedSpecial: new Set()}; // "<|endoftext|>" in a description is text as any other

async function load(url) {
  const answer = await fetch(url);
  if (!answer.ok) {
    throw new Error(`The table of tokens answered ${answer.status}`);
  }
  const ranks = await answer.json();
  const encoding = GptEncoding.getEncodingApi('o200k_base', () => ranks);
  return words => encoding.countTokens(words, AS_TEXT);
}

function showLargest(counts) {
  const most = Math.max(...counts.values());
  $$('[data-largest-of]').forEach(mark => {
    mark.hidden = counts.get(mark.dataset.largestOf) !== most;
  });
}

export async function startTokens() {
  const count = await load($('[data-tokens]').dataset.tokens);
  const counts = new Map();
  $$('[data-tokens-of]').forEach(cell => {
    const number = count($(cell.dataset.tokensOf).textContent);
    counts.set(cell.dataset.tokensOf, number);
    cell.textContent = number.toLocaleString(document.documentElement.lang);
  });
  const whole = counts.get($('[data-tokens-whole]')?.dataset.tokensOf);
  if (whole) {
    counts.delete($('[data-tokens-whole]').dataset.tokensOf);
    $$('progress[data-share-of]').forEach(bar => {
      bar.max = whole;
      bar.value = counts.get(bar.dataset.shareOf) ?? bar.value;
    });
  }
  showLargest(counts);
  $$('[data-estimated]').forEach(words => (words.hidden = true));
  $$('[data-counted]').forEach(words => (words.hidden = false));
}
