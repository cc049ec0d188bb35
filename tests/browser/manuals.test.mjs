// The manuals and the pictures agree, without a browser: what a manual shows is drawn, and what is drawn is shown.
import { test } from "node:test";
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { everyPage, manuals } from "./pictures.mjs";

const docs = new URL("../../docs/", import.meta.url);
const names = manuals.map(({ name }) => name);

for (const locale of ["ru", "en"]) {
  test(`every picture of the manuals is drawn, and every drawn one shown, ${locale}`, () => {
    const shown = new Set();
    for (const file of readdirSync(new URL(`${locale}/`, docs)).filter((name) => name.endsWith(".md"))) {
      const text = readFileSync(new URL(`${locale}/${file}`, docs), "utf8");
      for (const [whole, alt, address] of text.matchAll(/!\[([^\]]*)\]\(([^)]*)\)/g)) {
        const name = new RegExp(`^\\.\\./images/${locale}/([a-z-]+)\\.webp$`).exec(address)?.[1];
        assert.ok(name && names.includes(name), `${locale}/${file}: ${whole} is not drawn; see pictures.mjs`);
        assert.notEqual(alt.trim(), "", `${locale}/${file}: ${address} is not told in words`);
        shown.add(name);
      }
    }
    assert.deepEqual(names.filter((name) => !shown.has(name)), [], "drawn, but shown nowhere");
  });
}

test("pictures have names of their own", () => {
  const all = everyPage.map(({ name }) => name);
  assert.deepEqual(all.filter((name, index) => all.indexOf(name) !== index), []);
});
