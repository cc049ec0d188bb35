// The language of a run. Walks name what they read and press as it stands in Russian; `t` says it in the language of the run,
// by the message files and the labels of the packs. Walks that do so run in every language: script/lib/browser sees to it.
import { test } from "node:test";
import { readdirSync, readFileSync } from "node:fs";

export const language = process.env.PLENARY_LANGUAGE ?? "ru";

const repository = new URL("../../", import.meta.url);

/** One of two texts, where neither a message nor a label is it as a whole. */
export const either = (ru, en) => (language === "ru" ? ru : en);

/** A test that is no other in another language, or sees to the languages itself. */
export const once = (...told) => language === "ru" && test(...told);

/** What the interface calls in the language of the run what it calls `text` in Russian. */
export function t(text) {
  if (language === "ru") return text;
  const said = (texts ??= gathered()).get(text);
  if (!said) throw new Error(`no message and no label says «${text}»`);
  if (said.size > 1) throw new Error(`«${text}» is said in several ways, name the right one by either(): ${[...said].join(", ")}`);
  return [...said][0];
}

let texts;

/** Every Russian text with what stands for it in the language of the run. */
function gathered() {
  const all = new Map();
  const add = (ru, other) => other !== undefined && all.set(ru, (all.get(ru) ?? new Set()).add(other));
  for (const file of files("crates/web/locales/ru/", ".ftl")) {
    const others = messages(`crates/web/locales/${language}/${file}`);
    for (const [key, ru] of messages(`crates/web/locales/ru/${file}`)) add(ru, others.get(key));
  }
  for (const file of files("packs/", ".toml")) {
    for (const [, ru, en] of read(`packs/${file}`).matchAll(/\{ ru = "([^"]*)", en = "([^"]*)" \}/g)) add(ru, en);
  }
  return all;
}

const read = (path) => readFileSync(new URL(path, repository), "utf8");
const files = (folder, ending) => readdirSync(new URL(folder, repository), { recursive: true }).filter((file) => file.endsWith(ending));
/** Messages of one line. */
const messages = (path) => new Map([...read(path).matchAll(/^([a-z][\w-]*) = (.+)$/gm)].map(([, key, text]) => [key, text]));
