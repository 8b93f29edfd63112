// <code-editor language="yaml|json" label="…" words="id" data-problems="id" readonly><textarea name="…"></textarea></code-editor>:
// CodeMirror 6 in a shadow root. There it uses adoptedStyleSheets, so that no style nonce and no 'unsafe-inline' are needed.
// The textarea stays the form's field: without script it is the editor, with script it is kept in step.
import {
  Compartment,
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
  searchKeymap,
  setDiagnostics,
  syntaxHighlighting,
  yaml,
} from '../vendor/codemirror.min.js';
import {completer} from './code-completion.js';
import {highlightStyle, sheet, theme} from './code-theme.js';

const LANGUAGES = {json, yaml};
const LONG = 200_000; // characters: from here on the textarea is brought up to date when the form is sent, not at every key

// The server counts characters, the browser UTF-16 units: an emoji is one here and two there. Lines begin at 1.
function offsetOf(state, number, column) {
  const line = state.doc.line(Math.max(1, Math.min(number, state.doc.lines)));
  const characters = Math.max(0, column - 1);
  const before = line.length > 10_000 ? {length: characters} : [...line.text].slice(0, characters).join('');
  return Math.min(line.from + before.length, line.to);
}

function toDiagnostic(problem, state) {
  const from = offsetOf(state, problem.line, problem.col);
  const to = Math.max(from, offsetOf(state, problem.line, problem.end ?? Infinity));
  return {from, to, severity: problem.sev, message: problem.msg, source: problem.rule};
}

class CodeEditor extends HTMLElement {
  connectedCallback() {
    if (this.view) {
      return;
    }
    this.field = this.querySelector('textarea');
    this.language = new Compartment();
    this.problems = [];
    const root = this.attachShadow({mode: 'open'});
    root.adoptedStyleSheets = [sheet];
    const box = document.createElement('div');
    box.className = 'box';
    root.append(box);
    const state = EditorState.create({doc: this.field.value, extensions: this.extensions()});
    this.view = new EditorView({root, parent: box, state});
    this.addEventListener('focus', () => this.view.focus());
    this.showListed();
    this.field.form?.addEventListener('formdata', event => {
      if (this.isConnected && this.field.name) {
        event.formData.set(this.field.name, this.value);
      }
    });
  }

  extensions() {
    const label = this.getAttribute('label') || this.field.getAttribute('aria-label') || 'Code';
    const readOnly = this.hasAttribute('readonly');
    const words = document.getElementById(this.getAttribute('words'));
    this.complete = completer(words ? JSON.parse(words.textContent) : null);
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
      this.language.of(this.support(this.getAttribute('language'))),
      syntaxHighlighting(highlightStyle),
      theme,
      readOnly ? EditorState.readOnly.of(true) : [],
      words || this.dataset.problems ? lintGutter() : [],
      EditorView.contentAttributes.of({'aria-label': label}),
      keymap.of([
        {key: 'Mod-Enter', run: () => this.send()},
        {key: 'F8', run: () => this.toProblem(1), shift: () => this.toProblem(-1)},
        ...closeBracketsKeymap,
        ...defaultKeymap,
        ...searchKeymap,
        ...historyKeymap,
        ...foldKeymap,
        ...completionKeymap,
      ]),
      EditorView.updateListener.of(update => update.docChanged && this.changed(update)),
    ];
  }

  // ⌘Enter sends the form that it sends elsewhere; in every other form it is the editor's own.
  send() {
    const form = this.closest('form[data-send]');
    form?.requestSubmit();
    return Boolean(form);
  }

  support(name) {
    const language = (LANGUAGES[name] ?? yaml)();
    const completion = this.hasAttribute('readonly') ? [] : autocompletion({override: [this.complete[name] ?? this.complete.yaml]});
    return [language, completion];
  }

  setLanguage(name) {
    this.setAttribute('language', name);
    this.view.dispatch({effects: this.language.reconfigure(this.support(name))});
  }

  changed(update) {
    this.problems = this.problems.map(at => update.changes.mapPos(at));
    if (update.state.doc.length < LONG) {
      this.field.value = update.state.doc.toString();
    }
    this.field.dispatchEvent(new Event('input', {bubbles: true}));
  }

  // The problems of the text as it is now: marked in the margin and underlined.
  show(problems) {
    const marks = problems.map(problem => toDiagnostic(problem, this.view.state));
    this.problems = marks.map(mark => mark.from).sort((one, two) => one - two);
    this.view.dispatch(setDiagnostics(this.view.state, marks));
  }

  // Those that the server listed beside the editor as JSON, under the id that data-problems names.
  showListed() {
    const list = document.getElementById(this.dataset.problems ?? '');
    if (list) {
      this.show(JSON.parse(list.textContent));
    }
  }

  toProblem(step) {
    const head = this.view.state.selection.main.head;
    const ahead = this.problems.filter(at => (step > 0 ? at > head : at < head));
    const to = step > 0 ? ahead[0] ?? this.problems[0] : ahead.at(-1) ?? this.problems.at(-1);
    if (to !== undefined) {
      this.goToOffset(to);
    }
    return true;
  }

  get value() {
    return this.view.state.doc.toString();
  }

  // Only what differs is replaced, so that the caret stays where it is when its surroundings do.
  set value(words) {
    const now = this.value;
    let from = 0;
    const most = Math.min(now.length, words.length);
    while (from < most && now[from] === words[from]) {
      from += 1;
    }
    let cut = 0;
    while (cut < most - from && now[now.length - 1 - cut] === words[words.length - 1 - cut]) {
      cut += 1;
    }
    this.view.dispatch({changes: {from, to: now.length - cut, insert: words.slice(from, words.length - cut)}});
  }

  goTo(number, column = 1) {
    this.goToOffset(offsetOf(this.view.state, number, column));
  }

  goToOffset(anchor) {
    this.view.dispatch({selection: {anchor}, effects: EditorView.scrollIntoView(anchor, {y: 'center'})});
    this.view.focus();
  }
}

customElements.define('code-editor', CodeEditor);
document.addEventListener('htmx:after:swap', () => {
  document.querySelectorAll('code-editor[data-problems]').forEach(editor => editor.showListed());
});
