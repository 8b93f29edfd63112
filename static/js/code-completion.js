// Key completion for OpenAPI text in YAML: the line's indent tells where in the document it stands.

const KEYS = {
  root: ['openapi|"3.1.0"', 'info', 'servers', 'paths', 'components', 'security'],
  info: ['title', 'description', 'version|1.0.0'],
  paths: ['/new-path'],
  path: ['get', 'post', 'put', 'patch', 'delete'],
  operation: [
    'operationId',
    'summary',
    'description',
    'parameters',
    'requestBody',
    'responses',
    'security',
    'x-openai-isConsequential|true',
  ],
  parameter: ['name', 'in|query', 'required|true', 'description', 'schema'],
  schema: ['type|string', 'properties', 'items', 'required', 'enum', 'description', 'format', 'example', '$ref'],
};
const WORD = /^[\w$\-/]*$/;

// The keys above the line, outermost first, found by walking up to smaller and smaller indents.
function parents(state, line, indent) {
  const path = [];
  let current = indent;
  for (let number = line.number - 1; number > 0 && current > 0; number -= 1) {
    const found = state.doc.line(number).text.match(/^([\s-]*)([^\s:#][^:]*):/);
    if (found && found[1].length < current) {
      path.unshift(found[2]);
      current = found[1].length;
    }
  }
  return path;
}

function group(path) {
  const last = path.at(-1);
  if (last === undefined) {
    return 'root';
  }
  if (last === 'info' || last === 'paths') {
    return last;
  }
  if (/^(get|post|put|patch|delete)$/.test(last)) {
    return 'operation';
  }
  if (last === 'parameters') {
    return 'parameter';
  }
  return last.startsWith('/') ? 'path' : 'schema';
}

function option(entry) {
  const [label, detail = ''] = entry.split('|');
  return {label, type: 'property', detail, apply: `${label}: ${detail}`};
}

export function completeKeys(context) {
  const word = context.matchBefore(/[\w$\-/]*/);
  const line = context.state.doc.lineAt(context.pos);
  const before = line.text.slice(0, context.pos - line.from);
  const nothingTyped = word.from === word.to && !context.explicit;
  if (!/^[\s-]*[\w$\-/]*$/.test(before) || nothingTyped) {
    return null;
  }
  const indent = before.match(/^[\s-]*/)[0].length;
  const keys = KEYS[group(parents(context.state, line, indent))];
  return {from: word.from, options: keys.map(option), validFor: WORD};
}
