// How a client of this folder talks with the test that runs it: one JSON value a line, in both directions.
import readline from 'node:readline';

const lines = readline.createInterface({input: process.stdin})[Symbol.asyncIterator]();

const next = async () => JSON.parse((await lines.next()).value);
const say = value => process.stdout.write(JSON.stringify(value) + '\n');

// What the test wants to be known about: the issuer, the client and so on.
export const facts = next;

// Lets the person of the test open a URL; gives the callback at which they arrived.
export async function open(url) {
  say({open: String(url)});
  return new URL(await next());
}

// Ends with what the client found out.
export function found(value) {
  say({found: value});
  process.exit(0);
}
