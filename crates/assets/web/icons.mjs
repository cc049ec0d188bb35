// Makes one SVG sprite of the icons named in src/icons.txt; used as <use href="…#name">.
import { existsSync, readFileSync } from "node:fs";

/** A sprite whose symbols take their colour from the text around them. */
export function sprite(names) {
  const symbols = names.map((name) => {
    const path = `node_modules/lucide-static/icons/${name}.svg`;
    if (!existsSync(path)) throw new Error(`src/icons.txt names "${name}", which lucide does not have`);
    const [, body] = readFileSync(path, "utf8").match(/<svg[^>]*>(.*)<\/svg>/s);
    return `<symbol id="${name}" viewBox="0 0 24 24" ${STROKE}>${body.replace(/\s*\n\s*/g, "").trim()}</symbol>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("")}</svg>`;
}

const STROKE = 'fill="none" stroke="currentColor" stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round"';
