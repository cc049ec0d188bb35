// Bundles the interface's styles, scripts, icons and fonts into one folder, with hashed names, brotli
// copies and a manifest that build.rs turns into Rust. Usage: node build.mjs OUTPUT_FOLDER debug|release
import { build } from "esbuild";
import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { basename, extname, join, resolve } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { sprite } from "./icons.mjs";
import { notices } from "./notices.mjs";

const [, , folder, profile = "release"] = process.argv;
if (!folder) throw new Error("usage: node build.mjs OUTPUT_FOLDER debug|release");
const out = resolve(folder);
const manifest = join(out, "manifest.tsv");

/** Gzipped bytes each bundle may weigh; more fails the build. */
const BUDGETS = { "app.css": 27 * 1024, "app.js": 44 * 1024, "public.css": 10 * 1024, "embed.js": 1024, "frame.js": 1024, "proof.js": 1024 };

const TYPES = {
  ".css": "text/css; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json",
  ".map": "application/json",
  ".png": "image/png",
  ".svg": "image/svg+xml",
  ".txt": "text/plain; charset=utf-8",
  ".woff2": "font/woff2",
};

// Only a folder this script made before is emptied; its manifest is the mark.
if (existsSync(out) && readdirSync(out).length > 0 && !existsSync(manifest)) {
  throw new Error(`${out} is not empty and was not made by this script`);
}
rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });
writeFileSync(manifest, "");

process.chdir(import.meta.dirname);

const result = await build({
  absWorkingDir: import.meta.dirname,
  entryPoints: ["src/app.css", "src/public.css", "src/app.ts", "src/embed.ts", "src/frame.ts", "src/proof.ts"],
  outdir: out,
  bundle: true,
  minify: true,
  splitting: true,
  format: "esm",
  target: ["es2022", "chrome123", "firefox120", "safari17.5"],
  entryNames: "[name]-[hash]",
  chunkNames: "chunk-[hash]",
  assetNames: "[name]-[hash]",
  publicPath: "/assets",
  loader: { ".woff2": "file" },
  sourcemap: profile === "debug" ? "linked" : false,
  legalComments: "none",
  metafile: true,
  logLevel: "warning",
});

/** Puts a file of our own making into the folder under a hashed name. */
function emit(name, text) {
  const hash = createHash("sha256").update(text).digest("hex").slice(0, 8).toUpperCase();
  const extension = extname(name);
  writeFileSync(join(out, `${basename(name, extension)}-${hash}${extension}`), text);
}

const icons = readFileSync("src/icons.txt", "utf8").split("\n").filter((line) => line && !line.startsWith("#"));
emit("icons.svg", sprite(icons));
emit("logo.svg", readFileSync("src/logo.svg", "utf8"));
// Devices cut an icon into their own shape: its ground fills the whole, and the sign keeps away from the edge.
const square = (svg) => svg.replace(' rx="8"', "").replace(/(<path.*)<\/svg>/s, '<g transform="translate(4.8 4.8) scale(.7)">$1</g></svg>');
emit("maskable.svg", square(readFileSync("src/logo.svg", "utf8")));
// Telephones that know no drawn icons: logo.svg as pixels, on a ground without corners.
emit("touch-icon.png", readFileSync("src/touch-icon.png"));
emit("third-party.txt", notices(result.metafile));

const lines = [];
for (const name of readdirSync(out).filter((name) => name !== "manifest.tsv").sort()) {
  const bytes = readFileSync(join(out, name));
  const extension = extname(name);
  const logical = name.replace(/-[0-9A-Z]{8}(?=\.)/, "");
  const gzipped = gzipSync(bytes, { level: 9 }).length;
  if (gzipped > BUDGETS[logical]) {
    throw new Error(`${logical} weighs ${gzipped} bytes gzipped; its budget is ${BUDGETS[logical]}`);
  }
  // Already compressed, or read by developers alone.
  const compress = ![".woff2", ".map", ".png"].includes(extension);
  if (compress) {
    const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length };
    writeFileSync(join(out, `${name}.br`), brotliCompressSync(bytes, { params }));
  }
  lines.push(["file", logical, name, TYPES[extension], compress ? "br" : ""].join("\t"));
}

for (const style of ["400Regular", "500Medium", "600SemiBold", "700Bold"]) {
  const name = `Inter_${style}.ttf`;
  cpSync(`node_modules/@expo-google-fonts/inter/${style}/${name}`, join(out, name));
  lines.push(["font", name].join("\t"));
}
for (const icon of icons) lines.push(["icon", icon].join("\t"));

writeFileSync(manifest, lines.join("\n") + "\n");
