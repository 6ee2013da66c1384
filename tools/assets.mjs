// Copies and bundles the pinned front-end libraries into src/chengzhi/site/static/vendor.
// Run by `make setup` after `npm ci`; a second run with the same lock file does nothing.
import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
const MODULES = join(ROOT, "node_modules");
const VENDOR = join(ROOT, "src/chengzhi/site/static/vendor");
const INDEX = join(VENDOR, "index.json");

// package, file in the package, file in vendor/
const COPIES = [
  ["@tabler/core", "dist/css/tabler.min.css", "tabler/tabler.min.css"],
  ["@tabler/icons-webfont", "dist/fonts/tabler-icons.woff2", "icons/tabler-icons.woff2"],
  ["leaflet", "dist/leaflet.js", "leaflet/leaflet.js"],
  ["leaflet", "dist/leaflet.css", "leaflet/leaflet.css"],
  ["leaflet", "dist/images", "leaflet/images"],
  ["@geoman-io/leaflet-geoman-free", "dist/leaflet-geoman.min.js", "geoman/leaflet-geoman.min.js"],
  ["@geoman-io/leaflet-geoman-free", "dist/leaflet-geoman.css", "geoman/leaflet-geoman.css"],
  ["@alpinejs/csp", "dist/cdn.min.js", "alpine/alpine.min.js"],
];

// Canvas only: the SVG renderer and HTML tooltips write style attributes, which the CSP forbids.
const CHARTS = `
export { init, use } from "echarts/core";
import { use } from "echarts/core";
import { BarChart, LineChart } from "echarts/charts";
import { AriaComponent, GridComponent, LegendComponent, TooltipComponent } from "echarts/components";
import { CanvasRenderer } from "echarts/renderers";
use([BarChart, LineChart, AriaComponent, GridComponent, LegendComponent, TooltipComponent, CanvasRenderer]);
`;

const MIT = `Permission is hereby granted, free of charge, to any person obtaining a copy of this software and
associated documentation files (the "Software"), to deal in the Software without restriction,
including without limitation the rights to use, copy, modify, merge, publish, distribute, sublicense,
and/or sell copies of the Software, and to permit persons to whom the Software is furnished to do so,
subject to the following conditions:

The above copyright notice and this permission notice shall be included in all copies or substantial
portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT
LIMITED TO THE WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT.
IN NO EVENT SHALL THE AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER
LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM, OUT OF OR IN CONNECTION
WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE SOFTWARE.
`;
const HOLDERS = {
  "@tabler/core": "Copyright (c) 2018-2026 The Tabler Authors",
  "@alpinejs/csp": "Copyright (c) 2019-2025 Caleb Porzio and contributors",
};

const sha256 = (content) => createHash("sha256").update(content).digest("hex");
const packageOf = (name) => JSON.parse(readFileSync(join(MODULES, name, "package.json"), "utf8"));

function stamp() {
  const parts = ["package-lock.json", "tools/assets.mjs"].map((file) => readFileSync(join(ROOT, file)));
  return sha256(Buffer.concat(parts));
}

function isFresh(key) {
  if (!existsSync(INDEX)) return false;
  const index = JSON.parse(readFileSync(INDEX, "utf8"));
  return index.stamp === key && Object.keys(index.files).every((file) => existsSync(join(VENDOR, file)));
}

function copyFiles() {
  for (const [name, from, to] of COPIES) {
    mkdirSync(dirname(join(VENDOR, to)), { recursive: true });
    cpSync(join(MODULES, name, from), join(VENDOR, to), { recursive: true });
  }
}

// The published sheet offers woff and ttf too; every supported browser reads woff2.
function writeIconSheet() {
  const sheet = readFileSync(join(MODULES, "@tabler/icons-webfont/dist/tabler-icons.min.css"), "utf8");
  const src = 'src:url("./tabler-icons.woff2") format("woff2");font-display:block';
  writeFileSync(join(VENDOR, "icons/tabler-icons.min.css"), sheet.replace(/src:url\([^;}]*(?=[;}])/, src));
}

// Maps of the sources are not shipped; a comment that names them would ask for a missing file.
function dropSourceMapComments() {
  for (const file of listFiles(VENDOR).filter((name) => /\.(js|css)$/.test(name))) {
    const text = readFileSync(file, "utf8");
    writeFileSync(file, text.replace(/\n?(\/\/|\/\*)# sourceMappingURL=[^\n*]*(\*\/)?\s*$/, "\n"));
  }
}

async function bundleCharts() {
  const { build } = await import("esbuild");
  await build({
    stdin: { contents: CHARTS, resolveDir: ROOT, sourcefile: "charts.mjs" },
    bundle: true,
    minify: true,
    format: "iife",
    globalName: "echarts",
    target: "es2020",
    legalComments: "none",
    outfile: join(VENDOR, "echarts/echarts.min.js"),
  });
}

// Every installed library but the bundler may lie inside what is shipped.
function shippedPackages() {
  const lock = JSON.parse(readFileSync(join(ROOT, "package-lock.json"), "utf8"));
  const names = Object.keys(lock.packages).filter((path) => path.startsWith("node_modules/"));
  return names.map((path) => path.slice("node_modules/".length)).filter((name) => !/^@?esbuild/.test(name));
}

function licenceText(name) {
  const own = readdirSync(join(MODULES, name)).find((file) => /^licen[cs]e(\.(md|txt))?$/i.test(file));
  if (own) return readFileSync(join(MODULES, name, own), "utf8");
  const { author, license } = packageOf(name);
  const holder = HOLDERS[name] ?? `Copyright (c) ${author?.name ?? author ?? `the authors of ${name}`}`;
  return license === "MIT" ? `${holder}\n\nMIT License\n\n${MIT}` : `${holder}\n\nSPDX-License-Identifier: ${license}\n`;
}

function writeLicences() {
  mkdirSync(join(VENDOR, "licences"), { recursive: true });
  for (const name of shippedPackages()) {
    const { version, license } = packageOf(name);
    const file = `${name.replace("@", "").replaceAll("/", "_")}.txt`;
    writeFileSync(join(VENDOR, "licences", file), `${name} ${version} (${license ?? "MIT"})\n\n${licenceText(name)}`);
  }
}

function listFiles(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
    .sort();
}

function writeIndex(key) {
  const files = Object.fromEntries(
    listFiles(VENDOR).map((file) => [relative(VENDOR, file), sha256(readFileSync(file))]),
  );
  writeFileSync(INDEX, JSON.stringify({ stamp: key, files }, null, 2) + "\n");
  return Object.keys(files).length;
}

async function main() {
  const key = stamp();
  if (isFresh(key)) return console.log("[assets] up to date");
  if (!existsSync(MODULES)) throw new Error("node_modules is missing: run `npm ci` first");
  rmSync(VENDOR, { recursive: true, force: true });
  copyFiles();
  writeIconSheet();
  await bundleCharts();
  dropSourceMapComments();
  writeLicences();
  console.log(`[assets] ${writeIndex(key)} files in ${relative(ROOT, VENDOR)}`);
}

await main();
