// Copies and bundles browser assets from node_modules into static/vendor, with licences and a manifest of hashes.
// axe-core (MPL-2.0) is a test tool and never shipped: it goes to tests/browser/vendor with a manifest of its own.
import {build} from 'esbuild';
import crypto from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import zlib from 'node:zlib';

const here = path.dirname(new URL(import.meta.url).pathname);
const modules = path.join(here, 'node_modules');
const shipped = path.resolve(process.env.OUT || path.join(here, '../static/vendor'));
const testing = path.resolve(process.env.TEST_OUT || path.join(here, '../tests/browser/vendor'));

const packageOf = name => JSON.parse(fs.readFileSync(path.join(modules, name, 'package.json')));
const sha256 = bytes => crypto.createHash('sha256').update(bytes).digest('hex');

function writeLicence(folder, name) {
  const found = fs.readdirSync(path.join(modules, name)).find(file => /^licen[cs]e/i.test(file));
  const text = found
    ? fs.readFileSync(path.join(modules, name, found))
    : `${name} ${packageOf(name).version}: ${packageOf(name).license}\n`;
  fs.writeFileSync(path.join(folder, 'licenses', name.replace(/[@/]/g, '_') + '.txt'), text);
}

class Shelf {
  // One folder of vendored files and the manifest that lists them.
  constructor(folder) {
    this.folder = folder;
    this.entries = [];
    fs.rmSync(folder, {recursive: true, force: true});
    fs.mkdirSync(path.join(folder, 'licenses'), {recursive: true});
  }

  add(file, bytes, from) {
    fs.writeFileSync(path.join(this.folder, file), bytes);
    from.forEach(name => writeLicence(this.folder, name));
    this.entries.push({
      file,
      from: from.map(name => `${name}@${packageOf(name).version} (${packageOf(name).license})`),
      sha256: sha256(bytes),
      bytes: bytes.length,
      gzip: zlib.gzipSync(bytes, {level: 9}).length,
    });
  }

  copy(source, file, name) {
    this.add(file, fs.readFileSync(path.join(modules, name, source)), [name]);
  }

  close() {
    fs.writeFileSync(path.join(this.folder, 'VENDOR.json'), JSON.stringify(this.entries, null, 1) + '\n');
    console.table(this.entries.map(({file, bytes, gzip}) => ({file, bytes, gzip})));
  }
}

async function bundle(entry) {
  const result = await build({
    entryPoints: [path.join(here, entry)],
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'es2022',
    write: false,
    metafile: true,
    legalComments: 'none',
    nodePaths: [modules],
  });
  const packages = Object.keys(result.metafile.inputs).map(
    file => file.match(/node_modules\/((?:@[^/]+\/)?[^/]+)/)?.[1],
  );
  return {bytes: Buffer.from(result.outputFiles[0].contents), from: [...new Set(packages.filter(Boolean))]};
}

// A file of data, and no script: storage looks for import statements in scripts, and this one is full of such words.
async function ranks() {
  const table = await import('gpt-tokenizer/bpeRanks/o200k_base');
  return Buffer.from(JSON.stringify(table.default));
}

function symbol(name) {
  const svg = fs.readFileSync(path.join(modules, 'lucide-static/icons', name + '.svg'), 'utf8');
  const shapes = svg.match(/<svg[^>]*>([\s\S]*)<\/svg>/)[1].replace(/\s+/g, ' ').trim();
  const stroke = 'fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round"';
  return `<symbol id="${name}" viewBox="0 0 24 24" ${stroke}>${shapes}</symbol>`;
}

function sprite() {
  const names = fs.readFileSync(path.join(here, 'icons.txt'), 'utf8').split(/\s+/).filter(Boolean);
  return Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg">\n${names.map(symbol).join('\n')}\n</svg>\n`);
}

const shop = new Shelf(shipped);
shop.copy('dist/htmx.min.js', 'htmx.min.js', 'htmx.org');
shop.copy('dist/ext/hx-sse.min.js', 'hx-sse.min.js', 'htmx.org');
shop.copy('files/inter-latin-wght-normal.woff2', 'inter-latin-wght-normal.woff2', '@fontsource-variable/inter');
shop.copy(
  'files/jetbrains-mono-latin-wght-normal.woff2',
  'jetbrains-mono-latin-wght-normal.woff2',
  '@fontsource-variable/jetbrains-mono',
);
const editor = await bundle('codemirror.entry.js');
shop.add('codemirror.min.js', editor.bytes, editor.from);
const encoding = await bundle('o200k.entry.js');
shop.add('o200k.min.js', encoding.bytes, encoding.from);
shop.add('o200k_base.json', await ranks(), ['gpt-tokenizer']);
shop.add('icons.svg', sprite(), ['lucide-static']);
shop.close();

const bench = new Shelf(testing);
bench.copy('axe.min.js', 'axe.min.js', 'axe-core');
bench.close();
