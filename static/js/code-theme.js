// Colours of the code editor, through the page's CSS variables, which reach into the shadow root.
import {EditorView, HighlightStyle, tags} from '../vendor/codemirror.min.js';

export const theme = EditorView.theme({
  '&': {color: 'var(--text)', backgroundColor: 'var(--surface)', height: '100%', fontSize: 'var(--fs-sm)'},
  '.cm-scroller': {fontFamily: 'var(--font-mono)', lineHeight: '1.6', fontVariantLigatures: 'none'},
  '.cm-content': {caretColor: 'var(--text)'},
  '.cm-cursor': {borderLeftColor: 'var(--text)'},
  '&.cm-focused': {outline: 'none'},
  '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground': {
    background: 'color-mix(in oklch, var(--accent) 24%, transparent)',
  },
  '.cm-gutters': {
    backgroundColor: 'var(--sunken)',
    color: 'var(--muted)',
    border: '0',
    borderRight: '1px solid var(--line)',
  },
  '.cm-activeLine': {backgroundColor: 'color-mix(in oklch, var(--hover) 55%, transparent)'},
  '.cm-activeLineGutter': {backgroundColor: 'var(--hover)'},
  '.cm-tooltip': {
    background: 'var(--raised)',
    border: '1px solid var(--line)',
    borderRadius: '6px',
    color: 'var(--text)',
    boxShadow: 'var(--shadow-2)',
    fontFamily: 'var(--font-sans)',
  },
  '.cm-tooltip-autocomplete ul li[aria-selected]': {background: 'var(--accent-tint)', color: 'var(--accent)'},
  '.cm-completionDetail': {color: 'var(--muted)', fontStyle: 'normal'},
  '.cm-diagnostic': {padding: '4px 8px'},
  '.cm-diagnostic-error': {borderLeft: '3px solid var(--bad)'},
  '.cm-diagnostic-warning': {borderLeft: '3px solid oklch(72% .16 70)'},
  '.cm-foldPlaceholder': {background: 'var(--hover)', border: '0', color: 'var(--muted)'},
  '.cm-panels': {background: 'var(--raised)', color: 'var(--text)'},
});

export const highlightStyle = HighlightStyle.define([
  {tag: [tags.propertyName, tags.definition(tags.propertyName)], class: 'k'},
  {tag: [tags.string], class: 's'},
  {tag: [tags.number], class: 'n'},
  {tag: [tags.bool, tags.null, tags.keyword], class: 'l'},
  {tag: tags.comment, class: 'c'},
  {tag: [tags.punctuation, tags.separator], class: 'p'},
]);

export const sheet = new CSSStyleSheet();
sheet.replaceSync(`
  :host { display: block; }
  .box, .cm-editor { height: 100%; }
  .k { color: light-dark(oklch(44% .13 255), oklch(80% .09 250)); }
  .s { color: light-dark(oklch(43% .1 155), oklch(81% .1 155)); }
  .n { color: light-dark(oklch(47% .13 45), oklch(82% .1 65)); }
  .l { color: light-dark(oklch(47% .17 305), oklch(79% .12 305)); }
  .c, .p { color: var(--muted); }
`);
