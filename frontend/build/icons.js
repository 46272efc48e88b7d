/** Collects the Lucide icons named in templates and Python into static/icons.json: {name: inner SVG}. */
import { readFile, readdir, writeFile } from "node:fs/promises";
import path from "node:path";

const FOLDERS = ["templates", "core", "tenants", "billing", "compliance", "crm", "api", "plugins", "config"];
const NAMES = [
  /\{% icon ["']([a-z0-9-]+)["']/g,
  /\bicon["']?\s*[:=]\s*["']([a-z0-9-]+)["']/g,
  /\b\w+_icon\s*[:=]\s*["']([a-z0-9-]+)["']/g,
  /icon\|default:["']([a-z0-9-]+)["']/g,
];

export async function writeIcons({ frontend, product, output }) {
  const names = new Map();
  for (const folder of FOLDERS) await collect(path.join(product, folder), names);
  const source = path.join(frontend, "node_modules/lucide-static/icons");
  const icons = {};
  for (const name of [...names.keys()].sort()) icons[name] = await inner(source, name, names.get(name));
  await writeFile(path.join(output, "icons.json"), JSON.stringify(icons));
}

async function collect(folder, names) {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  for (const entry of entries) {
    if (!entry.isFile() || !/\.(html|py)$/.test(entry.name)) continue;
    const text = await readFile(path.join(entry.parentPath, entry.name), "utf8");
    for (const pattern of NAMES) for (const [, name] of text.matchAll(pattern)) names.set(name, entry.name);
  }
}

async function inner(source, name, place) {
  const file = path.join(source, `${name}.svg`);
  const svg = await readFile(file, "utf8").catch(() => {
    throw new Error(`There is no Lucide icon named "${name}", as ${place} asks for.`);
  });
  return svg
    .replace(/^[\s\S]*?<svg[^>]*>/, "")
    .replace(/<\/svg>\s*$/, "")
    .replace(/\s*\n\s*/g, "");
}
