// The package as ES modules: for Node, and for browsers.

import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { minify } from "terser";
import { build as viteBuild } from "vite";

/**
 * Modules print their class names, and errors name optimizers and datasets by them: minified classes keep theirs.
 * (esbuild's own keepNames does this for every function too, at six times the size.)
 * @type {import("esbuild").Plugin}
 */
const keepClassNames = {
  name: "keep-class-names",
  setup({ onLoad }) {
    onLoad({ filter: /src[\\/](nn|optim|data|models)[\\/].*\.ts$/ }, async ({ path }) => {
      const source = await readFile(path, "utf8");
      const contents = source.replace(/^export (?:abstract )?class (\w+)[^{]*\{$/gm, '$& static name = "$1";');
      return { contents, loader: "ts" };
    });
  },
};

/**
 * The models import the public entry, which is a file beside theirs: there is one tapegrad, whoever imports it.
 * @param {string} beside
 * @returns {import("esbuild").Plugin}
 */
const publicEntry = (beside) => ({
  name: "public-entry",
  setup({ onResolve }) {
    onResolve({ filter: /^\.\.\/index\.js$/ }, () => ({ path: beside, external: true }));
  },
});

/** @satisfies {import("esbuild").BuildOptions} */
const COMMON = {
  absWorkingDir: fileURLToPath(new URL("..", import.meta.url)),
  entryPoints: ["src/index.ts"],
  bundle: true,
  format: /** @type {const} */ ("esm"),
  target: "es2022",
  sourcemap: true,
  legalComments: "none",
  plugins: [keepClassNames],
};

/** @param {string} beside */
const ofModels = (beside) => ({
  entryPoints: ["src/models/index.ts"],
  plugins: [...COMMON.plugins, publicEntry(beside)],
});

/** Writes dist/tapegrad.js, dist/tapegrad.models.js and their source maps. */
export async function bundleForNode() {
  const external = ["webgpu", "fast-png", "jpeg-js"]; // the last two are loaded when a picture is
  await build({ ...COMMON, outfile: "dist/tapegrad.js", platform: "node", external });
  const models = ofModels("./tapegrad.js");
  await build({ ...COMMON, ...models, outfile: "dist/tapegrad.models.js", platform: "node" });
}

/** Writes dist/tapegrad.data.js and its source map: what datasets in workers need, for Node and browsers alike. */
export async function bundleForWorkers() {
  const entryPoints = ["src/data/host.ts"];
  await build({ ...COMMON, entryPoints, outfile: "dist/tapegrad.data.js", platform: "neutral" });
}

/** The module for browsers, not written yet. */
export function bundleForBrowsers() {
  return minified("tapegrad.browser", {});
}

/** The models for browsers, which import the module above; not written yet. */
export function modelsForBrowsers() {
  return minified("tapegrad.models.browser", ofModels("./tapegrad.browser.js"));
}

/**
 * @param {string} name - of the file
 * @param {import("esbuild").BuildOptions} options
 */
async function minified(name, options) {
  const { outputFiles, metafile } = await build({
    ...COMMON,
    ...options,
    outfile: `dist/${name}.js`,
    platform: "browser",
    minify: true,
    metafile: /** @type {const} */ (true),
    write: /** @type {const} */ (false),
  });
  const [map, module] = [".map", ".js"].map((end) => outputFiles.find(({ path }) => path.endsWith(end))?.text ?? "");
  // Terser, the most used minifier: gzipped, its output is 3% smaller than esbuild's.
  const { code = "", map: minifiedMap } = await minify(module, {
    module: true,
    ecma: 2020,
    compress: { passes: 3, unsafe_arrows: true },
    sourceMap: { content: map, url: `${name}.js.map`, asObject: false },
  });
  const files = { [`dist/${name}.js`]: code, [`dist/${name}.js.map`]: String(minifiedMap) };
  return {
    files,
    text: code,
    bytes: Buffer.byteLength(code),
    gzipBytes: gzipSync(code, { level: 9 }).length,
    metafile,
  };
}

/**
 * The files Vite makes of a page that imports tapegrad's sources by name; none is written.
 * @param {string} page - its HTML or its module
 */
export async function buildPage(page) {
  const source = `${COMMON.absWorkingDir}src/`;
  const built = await viteBuild({
    root: COMMON.absWorkingDir,
    configFile: false,
    logLevel: "silent",
    build: { write: false, target: "es2022", rollupOptions: { input: page } },
    worker: { format: "es" },
    resolve: {
      conditions: ["browser"],
      alias: [
        { find: /^tapegrad$/, replacement: `${source}index.ts` },
        { find: /^tapegrad\/data$/, replacement: `${source}data/host.ts` },
        { find: /^tapegrad\/models$/, replacement: `${source}models/index.ts` },
      ],
    },
  });
  return /** @type {import("vite").Rollup.RollupOutput} */ (built).output;
}

/**
 * Bytes, gzipped, of a page that imports tapegrad's sources by name: what is left when the bundler has dropped the rest.
 * @param {string} page - its module
 */
export async function gzipBytesOfPage(page) {
  const output = await buildPage(page);
  return output.reduce(
    (bytes, part) => bytes + (part.type === "chunk" ? gzipSync(part.code, { level: 9 }).length : 0),
    0,
  );
}
