// Completion for OpenAPI text: what may stand where the caret is, by the way that leads there through the document.
//
// The words come with the page (core/specs/vocabulary.py says what "{response:200|404" means); the names that the
// document itself has (schemas, operations, scopes) are learned with each answer about its problems.
import {syntaxTree} from '../vendor/codemirror.min.js';

const ITEM = 0; // a step into a list
const KEY_LINE = /^(\s*)((?:- +)*)(?:"([^"]*)"|'([^']*)'|([^\s:#"'[\]{}&*!|>%@`-][^:#]*?)):(?:\s|$)/;
const UNQUOTED = /^[A-Za-z_/$][\w$\-/{}.]*$/;

// "{response:200|404" -> {shape: "{", mark: "", word: "response", choices: ["200", "404"]}
function parse(value) {
  const [, shape, mark, rest] = value.match(/^([[{]?)([@=]?)(.*)$/s);
  if (mark === '=') {
    return {shape, mark, word: '', choices: rest.split('|')};
  }
  const colon = rest.indexOf(':');
  const word = colon < 0 ? rest : rest.slice(0, colon);
  return {shape, mark, word, choices: colon < 0 ? [] : rest.slice(colon + 1).split('|')};
}

class Words {
  constructor(words) {
    this.kinds = words?.kinds ?? {};
    this.names = words?.names ?? {};
  }

  // What a step leads to from ``value``: from a kind to its field, from a list or map to what is in it.
  step(value, key) {
    const {shape, mark, word} = parse(value);
    if (key === ITEM) {
      return shape === '[' ? value.slice(1) : '';
    }
    if (shape === '{') {
      return word;
    }
    if (shape || mark) {
      return '';
    }
    if (word === 'security') {
      return `[@scopes:${key}`;
    }
    return word === 'callback' ? 'path_item' : this.kinds[word]?.[key] ?? '';
  }

  at(path) {
    return path.reduce((value, key) => this.step(value, key), 'document');
  }

  // The keys that an object at ``path`` may have, each with what it takes.
  keys(path) {
    const value = this.at(path);
    const {shape, mark, word, choices} = parse(value);
    if (shape === '{') {
      return choices.map(key => [key, word]);
    }
    if (shape || mark) {
      return [];
    }
    if (word === 'security') {
      return Object.keys(this.names.scopes ?? {}).map(name => [name, `[@scopes:${name}`]);
    }
    return Object.entries(this.kinds[word] ?? {});
  }

  // The texts that may stand at ``path``.
  values(path) {
    const {shape, mark, word, choices} = parse(this.at(path));
    if (shape) {
      return [];
    }
    if (mark === '=') {
      return choices;
    }
    if (word === 'scopes') {
      return this.names.scopes?.[choices[0]] ?? [];
    }
    return mark === '@' ? this.names[word] ?? [] : [];
  }
}

const defaultOf = takes => {
  const {mark, shape, choices} = parse(takes);
  return mark === '=' && !shape && choices.length === 1 ? choices[0] : '';
};

const opens = takes => {
  const {shape, mark, word} = parse(takes);
  return shape || (mark || !word ? '' : '{');
};

function detail(takes) {
  const {shape, mark, word, choices} = parse(takes);
  const what = mark === '=' ? choices.slice(0, 3).join(' | ') : word.replace('_', ' ');
  return shape === '[' ? `[ ${what} ]` : shape === '{' ? `{ ${what} }` : what;
}

// --- YAML: the way is read from the indentation of the lines above.

// The way to the object or list that begins in ``column`` of line ``number``. Dashes before it are steps into lists.
function yamlPath(state, number, column, dashes) {
  const path = [];
  let keysBelow = column;
  let dashesBelow = column;
  const enter = positions => {
    for (const position of positions.reverse()) {
      if (position < dashesBelow) {
        path.unshift(ITEM);
        dashesBelow = position;
        keysBelow = position + 1; // a list may begin in the column of its key
      }
    }
  };
  enter(dashes);
  for (let above = number - 1; above > 0 && keysBelow > 0; above -= 1) {
    const words = state.doc.line(above).text;
    const found = words.match(KEY_LINE);
    if (found) {
      const at = found[1].length + found[2].length;
      if (at < keysBelow) {
        path.unshift(found[3] ?? found[4] ?? found[5].trim());
        keysBelow = at;
        dashesBelow = at;
      }
      enter(positionsOf(found[1].length, found[2]));
    } else if (/^\s*- /.test(words)) {
      enter(positionsOf(words.search(/\S/), words.match(/^\s*((?:- +)+)/)[1]));
    }
  }
  return path;
}

function positionsOf(start, dashes) {
  return [...dashes.matchAll(/-/g)].map(dash => start + dash.index);
}

function yamlKey(indent, key, takes) {
  const name = UNQUOTED.test(key) ? key : `"${key}"`;
  const open = opens(takes);
  if (!open) {
    return `${name}: ${defaultOf(takes)}`;
  }
  return `${name}:\n${' '.repeat(indent + 2)}${open === '[' ? '- ' : ''}`;
}

function yamlValue(text) {
  return /^[\w./-]+$/.test(text) && !/^[\d.]+$/.test(text) ? text : `"${text}"`;
}

function completeYaml(words, context) {
  const line = context.state.doc.lineAt(context.pos);
  const before = line.text.slice(0, context.pos - line.from);
  const [lead, spaces, dashes] = before.match(/^(\s*)((?:- +)*)/);
  const rest = before.slice(lead.length);
  const base = () => yamlPath(context.state, line.number, lead.length, positionsOf(spaces.length, dashes));
  const flow = rest.match(/^([\w$-]+):\s*\{(?:.*[,{])?\s*([\w$-]*)$/);
  if (flow) {
    const keys = words.keys([...base(), flow[1]]);
    return offer(context, flow[2], keys.map(([key, takes]) => option(key, takes, `${key}: ${defaultOf(takes)}`)));
  }
  const value = rest.match(/^(?:"([^"]*)"|([^\s:#"][^:#]*)):\s+(["']?)([^"'\s]*)$/);
  if (value) {
    const [, quoted, plain, quote, typed] = value;
    const texts = words.values([...base(), quoted ?? plain]);
    return offer(context, quote + typed, texts.map(text => ({label: text, type: 'constant', apply: yamlValue(text)})));
  }
  if (!/^"?[\w$\-/.#]*$/.test(rest)) {
    return null;
  }
  const path = base();
  const texts = dashes ? words.values(path).map(text => ({label: text, type: 'constant', apply: yamlValue(text)})) : [];
  const keys = words.keys(path).map(([key, takes]) => option(key, takes, yamlKey(lead.length, key, takes)));
  return offer(context, rest, [...texts, ...keys]);
}

// --- JSON: the way is read from the syntax tree.

const textOf = (state, node) => state.doc.sliceString(node.from, node.to).replace(/^"|"$/g, '');

function jsonPath(state, container) {
  const path = [];
  for (let node = container; node.parent; node = node.parent) {
    if (node.name === 'Property') {
      const name = node.getChild('PropertyName');
      path.unshift(name ? textOf(state, name) : '');
    } else if (node.parent.name === 'Array') {
      path.unshift(ITEM);
    }
  }
  return path;
}

function jsonKey(key, takes) {
  const open = opens(takes);
  return `"${key}": ${open === '[' ? '[]' : open === '{' ? '{}' : JSON.stringify(defaultOf(takes))}`;
}

const jsonValue = text => (/^(true|false|null)$/.test(text) ? text : JSON.stringify(text));

function completeJson(words, context) {
  const {state, pos} = context;
  const before = state.doc.sliceString(Math.max(0, pos - 2000), pos);
  let container = syntaxTree(state).resolveInner(pos, -1);
  while (container && container.name !== 'Object' && container.name !== 'Array') {
    container = container.parent;
  }
  if (!container) {
    return null;
  }
  const path = jsonPath(state, container);
  const constant = text => ({label: text, type: 'constant', apply: jsonValue(text)});
  const value = before.match(/"([^"\n]*)"\s*:\s*("?[^"\s,{}[\]]*)$/);
  if (value) {
    return offer(context, value[2], words.values([...path, value[1]]).map(constant), '"');
  }
  const typed = before.match(/[{,[]\s*("?[\w$\-/.#]*)$/);
  if (!typed) {
    return null;
  }
  if (container.name === 'Array') {
    return offer(context, typed[1], words.values([...path, ITEM]).map(constant), '"');
  }
  return offer(context, typed[1], words.keys(path).map(([key, takes]) => option(key, takes, jsonKey(key, takes))), '"');
}

function option(label, takes, apply) {
  return {label, type: 'property', detail: detail(takes), apply};
}

// What was typed with a quote is found with it, and the quote that the editor closed by itself is written over.
function offer(context, typed, options, quote = '') {
  if (!options.length || (!typed && !context.explicit)) {
    return null;
  }
  const opened = typed.startsWith('"') || typed.startsWith("'") ? typed[0] : '';
  const shown = opened ? options.map(one => quoted(one, opened)) : options;
  const validFor = quote ? /^"?[\w$\-/.#]*$/ : /^["']?[\w$\-/.#]*$/;
  return {from: context.pos - typed.length, options: shown, validFor};
}

function quoted(one, mark) {
  const apply = (view, _completion, from, to) => {
    const end = view.state.doc.sliceString(to, to + 1) === mark ? to + 1 : to;
    view.dispatch({
      changes: {from, to: end, insert: one.apply},
      selection: {anchor: from + one.apply.length},
      userEvent: 'input.complete',
    });
  };
  return {...one, label: mark + one.label, displayLabel: one.label, apply};
}

// The two ways to complete, and ``learn`` for the names of the document as it is now.
export function completer(data) {
  const words = new Words(data);
  return {
    yaml: context => completeYaml(words, context),
    json: context => completeJson(words, context),
    learn: names => {
      words.names = names;
    },
  };
}
