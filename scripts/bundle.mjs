// The package as one ES module: for Node, and for browsers.

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
    onLoad({ filter: /src[\\/](nn|optim|data)[\\/].*\.ts$/ }, async ({ path }) => {
      const source = await readFile(path, "utf8");
      const contents = source.replace(/^export (?:abstract )?class (\w+)[^{]*\{$/gm, '$& static name = "$1";');
      return { contents, loader: "ts" };
    });
  },
};

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

/** Writes dist/tapegrad.js and its source map. */
export async function bundleForNode() {
  await build({ ...COMMON, outfile: "dist/tapegrad.js", platform: "node", external: ["webgpu"] });
}

/** Writes dist/tapegrad.data.js and its source map: what datasets in workers need, for Node and browsers alike. */
export async function bundleForWorkers() {
  const entryPoints = ["src/data/host.ts"];
  await build({ ...COMMON, entryPoints, outfile: "dist/tapegrad.data.js", platform: "neutral" });
}

/** The module for browsers, not written yet. */
export async function bundleForBrowsers() {
  const { outputFiles, metafile } = await build({
    ...COMMON,
    outfile: "dist/tapegrad.browser.js",
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
    sourceMap: { content: map, url: "tapegrad.browser.js.map", asObject: false },
  });
  const files = { "dist/tapegrad.browser.js": code, "dist/tapegrad.browser.js.map": String(minifiedMap) };
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
