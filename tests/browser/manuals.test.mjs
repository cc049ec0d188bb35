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

// What a manual calls a button is what stands on it. The administrator's manual also quotes files and commands.
const quoted = { ru: /«([^»]+)»/g, en: /(?<![*\w])\*([^*\n]+)\*(?!\*)/g };
const repository = new URL("../../", import.meta.url);

/** Every text that the interface may show in a language: of the message files, and of the packs. */
function said(locale) {
  const messages = new URL(`crates/web/locales/${locale}/`, repository);
  const lines = readdirSync(messages).flatMap((file) => readFileSync(new URL(file, messages), "utf8").split("\n"));
  const packs = new URL("packs/", repository);
  const files = readdirSync(packs, { recursive: true }).filter((file) => file.endsWith(".toml"));
  const labels = files.flatMap((file) => [...readFileSync(new URL(file, packs), "utf8").matchAll(new RegExp(`\\b${locale} = "([^"]*)"`, "g"))]);
  return new Set([...lines.map((line) => line.replace(/^\s*(?:[\w-]+ =|\*?\[\w+\])\s*/, "").trim()), ...labels.map(([, label]) => label)]);
}

for (const locale of ["ru", "en"]) {
  test(`manuals call things by the words of the interface, ${locale}`, () => {
    const texts = said(locale);
    const isThere = (word) => texts.has(word) || (word.endsWith("…") && [...texts].some((text) => text.startsWith(word.slice(0, -1))));
    for (const manual of ["salesperson", "head-of-sales", "organiser"]) {
      const text = readFileSync(new URL(`${locale}/${manual}.md`, docs), "utf8");
      const words = [...text.matchAll(quoted[locale])].map(([, word]) => word);
      assert.ok(words.length > 15, `${locale}/${manual}.md names few things`);
      assert.deepEqual(words.filter((word) => !isThere(locale === "en" ? word.replaceAll("'", "’") : word) && !isThere(word)), [], `${locale}/${manual}.md`);
    }
  });
}

test("pictures have names of their own", () => {
  const all = everyPage.map(({ name }) => name);
  assert.deepEqual(all.filter((name, index) => all.indexOf(name) !== index), []);
});
