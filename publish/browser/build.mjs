// node build.mjs charts FILE: the chart bundle. node build.mjs sql FOLDER: DuckDB-WASM for the SQL page.
import { createHash } from 'node:crypto';
import { copyFileSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';

// The oldest browsers in use are Chromium 90; a module script would not load from a folder or a zip.
const OPTIONS = { bundle: true, minify: true, format: 'iife', target: 'chrome90', legalComments: 'none', charset: 'utf8' };
const SERVED = ['duckdb-mvp.wasm', 'duckdb-eh.wasm', 'duckdb-browser-mvp.worker.js', 'duckdb-browser-eh.worker.js'];

function versionOf(name) {
  return JSON.parse(readFileSync(join('node_modules', name, 'package.json'), 'utf8')).version;
}

async function charts(target) {
  const version = versionOf('echarts');
  const banner = { js: `/* Apache ECharts ${version}, Apache-2.0; see charts.LICENSE.txt. Made by make charts. */` };
  await build({ ...OPTIONS, entryPoints: ['charts.js'], outfile: target, banner });
  copyFileSync('node_modules/echarts/LICENSE', target.replace(/\.min\.js$/, '.LICENSE.txt'));
  const sha256 = createHash('sha256').update(readFileSync(target)).digest('hex');
  writeFileSync('charts.json', JSON.stringify({ library: 'echarts', version, license: 'Apache-2.0', sha256 }, null, 2) + '\n');
}

async function sql(folder) {
  const name = `duckdb-wasm-${versionOf('@duckdb/duckdb-wasm')}`;
  const made = join(folder, `.${name}`);
  const target = join(folder, name);
  rmSync(made, { recursive: true, force: true });
  mkdirSync(made, { recursive: true });
  for (const file of SERVED) { copyFileSync(join('node_modules/@duckdb/duckdb-wasm/dist', file), join(made, file)); }
  await build({ ...OPTIONS, entryPoints: ['duckdb.js'], outfile: join(made, 'duckdb.js') });
  rmSync(target, { recursive: true, force: true });
  renameSync(made, target);
}

const [, , what, target] = process.argv;
await { charts, sql }[what](target);
