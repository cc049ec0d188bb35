// The script's sentences come with the page: each that it says is there, and each that is there is said. Without a browser.
import { test } from "node:test";
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";

const repository = new URL("../../", import.meta.url);

/** What a pattern finds in the files of a folder, each once. */
function found(folder, ending, pattern) {
  const root = new URL(folder, repository);
  const files = readdirSync(root, { recursive: true }).filter((file) => file.endsWith(ending));
  return new Set(files.flatMap((file) => [...readFileSync(new URL(file, root), "utf8").matchAll(pattern)].map(([, name]) => name)));
}

test("the script says what the pages carry", () => {
  const carried = found("crates/web/src/", ".rs", /data-say-([a-z-]+)/g);
  const script = found("crates/assets/web/src/ts/", ".ts", /"([a-z-]+)"/g);
  const said = found("crates/assets/web/src/ts/", ".ts", /\bsay\("([a-z-]+)"/g);
  assert.ok(carried.size > 20 && said.size > 20, `${carried.size} carried, ${said.size} said`);
  assert.deepEqual([...said].filter((name) => !carried.has(name)), [], "said, but carried by no page");
  assert.deepEqual([...carried].filter((name) => !script.has(name)), [], "carried, but never said");
});
