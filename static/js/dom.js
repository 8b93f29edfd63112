// Looking things up in the page, and the texts and addresses the server put into it.

export const $ = (selector, root = document) => root.querySelector(selector);

export const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];

const spriteUrl = document.body.dataset.sprite;
const texts = JSON.parse($('#texts')?.textContent ?? '{}');

// A sentence in the reader's language: the server writes them all into <script id="texts">.
export function text(key, values = {}) {
  const sentence = texts[key] ?? key;
  return sentence.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}

export function icon(name) {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  svg.setAttribute('class', 'i');
  svg.setAttribute('aria-hidden', 'true');
  const use = document.createElementNS('http://www.w3.org/2000/svg', 'use');
  use.setAttribute('href', `${spriteUrl}#${name}`);
  svg.append(use);
  return svg;
}

export function csrfToken() {
  return JSON.parse(document.body.getAttribute('hx-headers:inherited'))['X-CSRFToken'];
}

export const isField = element => element.matches?.('input, textarea, select, [contenteditable], code-editor') ?? false;
