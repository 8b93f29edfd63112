// What the code editor takes from CodeMirror 6, bundled into one module by vendor.mjs.
export {Compartment, EditorState, RangeSet, StateEffect, StateField} from '@codemirror/state';
export {
  Decoration,
  EditorView,
  drawSelection,
  highlightActiveLine,
  highlightActiveLineGutter,
  highlightSpecialChars,
  keymap,
  lineNumbers,
  placeholder,
  tooltips,
} from '@codemirror/view';
export {defaultKeymap, history, historyKeymap, indentWithTab} from '@codemirror/commands';
export {
  HighlightStyle,
  bracketMatching,
  foldGutter,
  foldKeymap,
  indentOnInput,
  indentUnit,
  syntaxHighlighting,
  syntaxTree,
} from '@codemirror/language';
export {
  autocompletion,
  closeBrackets,
  closeBracketsKeymap,
  completionKeymap,
  snippet,
} from '@codemirror/autocomplete';
export {forceLinting, lintGutter, lintKeymap, linter, setDiagnostics} from '@codemirror/lint';
export {highlightSelectionMatches, searchKeymap} from '@codemirror/search';
export {json, jsonParseLinter} from '@codemirror/lang-json';
export {yaml} from '@codemirror/lang-yaml';
export {tags} from '@lezer/highlight';
