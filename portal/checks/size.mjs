/** Holds the weight of what a browser loads before it shows the sign-in page, and the first page behind it: gzip of JS and CSS. */
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

const dist = new URL('../dist/', import.meta.url);
const manifest = JSON.parse(readFileSync(new URL('.vite/manifest.json', dist), 'utf8'));

/** A chunk with all that it imports at once; not what it may import later. */
function closure(name, found = new Set()) {
  const chunk = manifest[name];
  if (!chunk) throw new Error(`${name} is not in the build: has it been renamed? Then rename it here.`);
  if (found.has(chunk.file)) return found;
  found.add(chunk.file);
  for (const css of chunk.css ?? []) found.add(css);
  for (const other of chunk.imports ?? []) closure(other, found);
  return found;
}

function weigh(names) {
  const files = new Set(names.flatMap((name) => [...closure(name)]));
  return [...files].reduce((sum, file) => sum + gzipSync(readFileSync(new URL(file, dist))).length, 0) / 1000;
}

const signIn = ['index.html', 'src/session/firebase.ts'];
const inside = [...signIn, 'src/routes.tsx', 'src/data/firestore/open.ts'];
const views = [
  ['sign-in, with Firebase Auth', signIn, 150],
  ['first page behind it, with Firestore', [...inside, 'src/pages/overview/OverviewPage.tsx'], 300],
  ['the first page with its charts', [...inside, 'src/pages/overview/OverviewPage.tsx', 'src/pages/overview/charts.ts'], 300],
  ['merchants, with Firestore', [...inside, 'src/pages/merchants/MerchantsPage.tsx'], 300],
  ['a provisioning, with Firestore', [...inside, 'src/pages/provisioning/ProvisioningPage.tsx'], 300],
];

let heavy = false;
for (const [view, names, limit] of views) {
  const weight = weigh(names);
  heavy ||= weight > limit;
  process.stdout.write(`${weight > limit ? 'TOO HEAVY' : 'ok'}\t${weight.toFixed(1)} kB of ${limit}\t${view}\n`);
}
process.exitCode = heavy ? 1 : 0;
