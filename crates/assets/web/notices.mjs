// Collects the licences of everything third-party that ends up in the bundles, the sprite or the fonts.
import { existsSync, readFileSync } from "node:fs";

/** Packages used other than through esbuild's graph: the sprite and the fonts of documents. */
const COPIED = ["lucide-static", "@expo-google-fonts/inter"];

/** The text served as third-party notices, made from esbuild's list of inputs. */
export function notices(metafile) {
  const bundled = Object.keys(metafile.inputs)
    .map((path) => path.match(/node_modules\/((?:@[^/]+\/)?[^/]+)/)?.[1])
    .filter(Boolean);
  return [...new Set([...bundled, ...COPIED])].sort().map(notice).join("\n\n");
}

function notice(name) {
  const folder = `node_modules/${name}`;
  const { version, license } = JSON.parse(readFileSync(`${folder}/package.json`, "utf8"));
  const texts = ["LICENSE", "LICENSE.md", "LICENSE_FONT"].map((file) => `${folder}/${file}`).filter(existsSync);
  if (texts.length === 0) throw new Error(`${name} carries no licence text`);
  const body = texts.map((file) => readFileSync(file, "utf8").trim()).join("\n\n");
  return `${name} ${version} (${license})\n\n${body}`;
}
