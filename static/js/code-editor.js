// <code-editor language="yaml|json" label="…" lint-url="…" readonly><textarea name="…"></textarea></code-editor>:
// CodeMirror 6 in a shadow root. There it uses adoptedStyleSheets, so that no style nonce and no 'unsafe-inline' are needed.
// The textarea stays the form's field: without script it is the editor, with script it is kept in step.
import {
  EditorState,
  EditorView,
  autocompletion,
  bracketMatching,
  closeBrackets,
  closeBracketsKeymap,
  completionKeymap,
  defaultKeymap,
  drawSelection,
  foldGutter,
  foldKeymap,
  highlightActiveLine,
  highlightActiveLineGutter,
  highlightSelectionMatches,
  history,
  historyKeymap,
  indentOnInput,
  indentUnit,
  json,
  keymap,
  lineNumbers,
  lintGutter,
  lintKeymap,
  linter,
  searchKeymap,
  syntaxHighlighting,
  yaml,
} from '../vendor/codemirror.min.js';
import {completeKeys} from './code-completion.js';
import {highlightStyle, sheet, theme} from './code-theme.js';
import {$, csrfToken, icon, text} from './dom.js';

const LINT_DELAY = 400;

// The server's findings: {"problems": [{"line": 3, "column": 5, "level": "error", "message": "…"}]}, counted from 1.
async function askServer(url, view) {
  const answer = await fetch(url, {
    method: 'POST',
    body: new URLSearchParams({text: view.state.doc.toString()}),
    headers: {'X-CSRFToken': csrfToken()},
  });
  return answer.ok ? (await answer.json()).problems : [];
}

function toDiagnostic(problem, state) {
  const line = state.doc.line(Math.max(1, Math.min(problem.line ?? 1, state.doc.lines)));
  const from = Math.min(line.from + Math.max(0, (problem.column ?? 1) - 1), line.to);
  return {from, to: line.to, severity: problem.level === 'error' ? 'error' : 'warning', message: problem.message};
}

class CodeEditor extends HTMLElement {
  connectedCallback() {
    if (this.view) {
      return;
    }
    this.field = this.querySelector('textarea');
    const root = this.attachShadow({mode: 'open'});
    root.adoptedStyleSheets = [sheet];
    const box = document.createElement('div');
    box.className = 'box';
    root.append(box);
    const state = EditorState.create({doc: this.field.value, extensions: this.extensions()});
    this.view = new EditorView({root, parent: box, state});
    this.addEventListener('focus', () => this.view.focus());
  }

  extensions() {
    const language = this.getAttribute('language') === 'json' ? json() : yaml();
    const url = this.getAttribute('lint-url');
    const label = this.getAttribute('label') || this.field.getAttribute('aria-label') || 'Code';
    const readOnly = this.hasAttribute('readonly');
    return [
      lineNumbers(),
      foldGutter(),
      history(),
      drawSelection(),
      indentOnInput(),
      bracketMatching(),
      closeBrackets(),
      highlightActiveLine(),
      highlightActiveLineGutter(),
      highlightSelectionMatches(),
      indentUnit.of('  '),
      language,
      syntaxHighlighting(highlightStyle),
      theme,
      readOnly ? EditorState.readOnly.of(true) : autocompletion({override: [completeKeys]}),
      url ? [linter(view => this.lint(url, view), {delay: LINT_DELAY}), lintGutter()] : [],
      EditorView.contentAttributes.of({'aria-label': label}),
      keymap.of([
        ...closeBracketsKeymap,
        ...defaultKeymap,
        ...searchKeymap,
        ...historyKeymap,
        ...foldKeymap,
        ...completionKeymap,
        ...lintKeymap,
      ]),
      EditorView.updateListener.of(update => update.docChanged && this.writeBack(update.state)),
    ];
  }

  writeBack(state) {
    this.field.value = state.doc.toString();
    this.field.dispatchEvent(new Event('input', {bubbles: true}));
  }

  async lint(url, view) {
    const problems = await askServer(url, view);
    this.dispatchEvent(new CustomEvent('diagnostics', {bubbles: true, detail: problems}));
    return problems.map(problem => toDiagnostic(problem, view.state));
  }

  get value() {
    return this.view.state.doc.toString();
  }

  set value(words) {
    this.view.dispatch({changes: {from: 0, to: this.view.state.doc.length, insert: words}});
  }

  goTo(number) {
    const line = this.view.state.doc.line(Math.max(1, Math.min(number, this.view.state.doc.lines)));
    this.view.dispatch({selection: {anchor: line.from}, effects: EditorView.scrollIntoView(line.from, {y: 'center'})});
    this.view.focus();
  }
}

customElements.define('code-editor', CodeEditor);

function problemItem(problem, editor) {
  const failed = problem.level === 'error';
  const item = document.createElement('li');
  item.className = failed ? 'e' : 'w';
  const button = document.createElement('button');
  button.type = 'button';
  button.textContent = text('line', {line: problem.line, message: problem.message});
  button.addEventListener('click', () => editor.goTo(problem.line));
  item.append(icon(failed ? 'circle-x' : 'triangle-alert'), button);
  return item;
}

document.addEventListener('diagnostics', event => {
  const list = $('#problems');
  if (list) {
    list.replaceChildren(...event.detail.map(problem => problemItem(problem, event.target)));
    $('#pcount').textContent = event.detail.length;
  }
});
