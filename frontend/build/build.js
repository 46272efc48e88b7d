/** Builds everything the browser gets: `node build/build.js` once, or with `--watch` as files change. */
import { spawn } from "node:child_process";
import { copyFile, mkdir } from "node:fs/promises";
import { createRequire } from "node:module";
import path from "node:path";
import { fileURLToPath } from "node:url";

import * as esbuild from "esbuild";

import { writeIcons } from "./icons.js";

const frontend = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const product = path.dirname(frontend);
const output = path.join(product, "static");
const watching = process.argv.includes("--watch");

const scripts = {
  entryPoints: [path.join(frontend, "js/app.js"), path.join(frontend, "js/editor.js"), path.join(frontend, "js/sortable.js")],
  outdir: output,
  bundle: true,
  minify: true,
  format: "esm",
  target: "es2023",
  legalComments: "none",
  logLevel: "warning",
};

await mkdir(output, { recursive: true });
await copyFile(path.join(frontend, "icon.svg"), path.join(output, "icon.svg"));
await Promise.all([writeIcons({ frontend, product, output }), buildScripts(), buildStyles()]);

async function buildScripts() {
  if (!watching) return esbuild.build(scripts);
  const context = await esbuild.context(scripts);
  return context.watch();
}

function buildStyles() {
  const manifest = createRequire(import.meta.url).resolve("@tailwindcss/cli/package.json");
  const program = path.join(path.dirname(manifest), "dist/index.mjs");
  const options = ["-i", "css/app.css", "-o", path.join(output, "app.css"), "--minify"];
  if (watching) options.push("--watch=always");
  const child = spawn(process.execPath, [program, ...options], { cwd: frontend, stdio: "inherit" });
  return new Promise((resolve, reject) => {
    child.on("exit", (code) => (code === 0 ? resolve() : reject(new Error(`tailwind ended with ${code}`))));
  });
}
