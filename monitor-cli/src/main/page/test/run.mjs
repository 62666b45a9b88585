// All tests of the page: node test/run.mjs BUILT, where BUILT is the directory of the built page.

import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';

const here = dirname(fileURLToPath(import.meta.url));
const directory = mkdtempSync(join(tmpdir(), 'nsmon-page-'));
const modules = join(directory, 'modules.mjs');
const all = ['model', 'layout', 'record', 'search', 'text'].map((name) => `export * from './${name}';`);
// The tail touches no page until it is shown.
const tail = "export { lineOf } from './tail';";
writeFileSync(join(directory, 'head.mjs'), 'globalThis.matchMedia ??= () => ({ matches: false });\n');
buildSync({
  stdin: { contents: [...all, tail].join('\n'), resolveDir: join(here, '../src') },
  inject: [join(directory, 'head.mjs')],
  bundle: true,
  format: 'esm',
  outfile: modules,
  logLevel: 'warning',
});
const { status } = spawnSync(
  process.execPath,
  ['--test', '--test-reporter=spec', '--test-concurrency=1', join(here, 'model.test.mjs'), join(here, 'page.test.mjs')],
  { stdio: 'inherit', env: { ...process.env, NSMON_PAGE_MODULES: modules, NSMON_PAGE: process.argv[2] } },
);
rmSync(directory, { recursive: true, force: true });
process.exit(status ?? 1);
