// Builds styles and scripts into survey_app/web/static. The outputs are committed, so that running
// the service needs no Node. `--check` builds into memory and fails where a committed file differs.
import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

import esbuild from "esbuild";
import { PurgeCSS } from "purgecss";
import * as sass from "sass";

const here = path.dirname(fileURLToPath(import.meta.url));
const web = path.join(here, "..", "survey_app", "web");
const target = path.join(web, "static");
const BROWSERS = ["chrome109", "firefox115", "safari15.4"];

const compile = (name) => {
  const sheet = path.join(here, "src", "styles", `${name}.scss`);
  return sass.compile(sheet, { loadPaths: [path.join(here, "node_modules")], quietDeps: true }).css;
};

const minify = async (css) => {
  const { code } = await esbuild.transform(css, { loader: "css", minify: true, target: BROWSERS, legalComments: "none" });
  return code;
};

// The macro for choices writes these names from the kind of the question.
const CHOSEN_BY_KIND = ["radios", "checkboxes"].flatMap((kind) =>
  ["", "__item", "__input", "__label"].map((part) => `govuk-${kind}${part}`),
);

const purge = async (css) => {
  const [{ css: purged }] = await new PurgeCSS().purge({
    content: [
      path.join(web, "victim", "templates", "**", "*.html"),
      path.join(web, "shared", "templates", "layouts", "victim.html"),
      path.join(web, "shared", "templates", "macros", "questions.html"),
    ],
    css: [{ raw: css }],
    variables: true,
    dynamicAttributes: ["dir", "lang"],
    safelist: ["html", "body", ":root", ...CHOSEN_BY_KIND],
  });
  return purged;
};

const bundled = new Set(["govuk-frontend"]);

const bundle = async (name, format = "iife") => {
  const result = await esbuild.build({
    entryPoints: [path.join(here, "src", "scripts", `${name}.js`)],
    bundle: true,
    define: { global: "window", "process.env.NODE_ENV": '"production"' },
    format,
    legalComments: "none",
    metafile: true,
    loader: { ".css": "empty" }, // a map style that plotly.js names and we do not draw
    logLevel: "error",
    minify: true,
    target: BROWSERS,
    write: false,
  });
  for (const input of Object.keys(result.metafile.inputs)) {
    const found = /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(input);
    if (found) bundled.add(found[1]);
  }
  return result.outputFiles[0].text;
};

// What is passed on keeps its authors' notices: one file for all that the outputs contain.
const licences = () =>
  [...bundled].sort().map((name) => {
    const folder = path.join(here, "node_modules", name);
    const { version, license } = JSON.parse(readFileSync(path.join(folder, "package.json"), "utf8"));
    const file = readdirSync(folder).find((entry) => /^(licen[cs]e|copying)/i.test(entry));
    const text = file ? readFileSync(path.join(folder, file), "utf8").trim() : `Licence: ${license}`;
    return `${name} ${version}\n\n${text}\n`;
  }).join("\n----------------------------------------\n\n");

const outputs = {
  "victim.css": await minify(await purge(compile("victim"))),
  "staff.css": await minify(compile("staff")),
  "victim.js": (await bundle("victim")).trim(),
  // Its console messages name a government site; ours is none.
  "staff.js": (await bundle("staff")).replaceAll("GOV.UK Frontend", "Components"),
  "charts.js": await bundle("charts"),
};

// What a phone asks for is named in its history and in its network's log, so it is named neutrally.
const NEUTRAL_NAMES = { victim: "page" };

const brotli = (body) =>
  brotliCompressSync(body, {
    params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: body.length },
  });

const files = new Map();
const manifest = {};
for (const [name, text] of Object.entries(outputs)) {
  const body = Buffer.from(text);
  const digest = createHash("sha256").update(body);
  const sum = digest.copy().digest("hex").slice(0, 12);
  const extension = path.extname(name);
  const base = path.basename(name, extension);
  const hashed = `${NEUTRAL_NAMES[base] ?? base}.${sum}${extension}`;
  manifest[name] = { file: hashed, sha256: digest.digest("base64") };
  files.set(hashed, body);
  files.set(`${hashed}.br`, brotli(body));
  files.set(`${hashed}.gz`, gzipSync(body, { level: 9 }));
}
files.set("licences.txt", Buffer.from(licences()));
files.set("manifest.json", Buffer.from(`${JSON.stringify(manifest, null, 2)}\n`));

if (process.argv.includes("--check")) {
  // Compressed twins differ between Node versions; what they hold is compared through their source.
  const differs = [...files].filter(([name, body]) => {
    if (/\.(br|gz)$/.test(name)) return false;
    try {
      return !readFileSync(path.join(target, name)).equals(body);
    } catch {
      return true;
    }
  });
  if (differs.length) {
    console.error(`Built files are out of date: ${differs.map(([name]) => name).join(", ")}. Run: npm run build`);
    process.exit(1);
  }
} else {
  mkdirSync(target, { recursive: true });
  const built = /^(victim|page|staff|charts)\.[0-9a-f]{12}\.(css|js)(\.br|\.gz)?$/;
  for (const name of readdirSync(target)) if (built.test(name)) rmSync(path.join(target, name));
  for (const [name, body] of files) writeFileSync(path.join(target, name), body);
  for (const [name, body] of files) console.log(String(body.length).padStart(9), name);
}
