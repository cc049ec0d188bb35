// Names while an expression is written: what fits the word before the caret is offered out of the list beside the control,
// found by name or by what people call it. Alt+Down, or Ctrl+Space, offers all. A name in the list is put in by pressing it.
import { does } from "./bound";
import { page } from "./page";
import { type Text, closeOffer, isOffered, offer } from "./offered";

const WORD = /[\p{L}\p{N}_.]*$/u;
/** Of a name that only is called so by people. */
const CALLED = 4;
/** The most that are offered at once. */
const MOST = 40;

function textOf(target: EventTarget | null): Text | null {
  return (target instanceof HTMLTextAreaElement || target instanceof HTMLInputElement) && target.dataset["names"] ? target : null;
}

function listOf(text: Text): HTMLDetailsElement | null {
  const list = document.getElementById(text.dataset["names"] ?? "");
  return list instanceof HTMLDetailsElement ? list : null;
}

/** Where the names stand; nothing while a control has not said of which module. */
function address(list: HTMLDetailsElement): string | undefined {
  const { from, by } = list.dataset;
  if (!from || !by) return from;
  const control = list.closest("form")?.elements.namedItem(by);
  const module = control instanceof HTMLSelectElement ? control.value.split(".")[0] : "";
  return module ? from.replace("{module}", module) : undefined;
}

/** Names that are on their way: whoever types on waits for them. */
const coming = new WeakMap<HTMLDetailsElement, Promise<void>>();

/** Fetches names that are not in the page yet. */
function fill(list: HTMLDetailsElement): Promise<void> {
  const known = coming.get(list) ?? fetched(list).finally(() => coming.delete(list));
  coming.set(list, known);
  return known;
}

async function fetched(list: HTMLDetailsElement): Promise<void> {
  if (list.querySelector(".named")) return;
  const from = address(list);
  if (!from) return;
  list.ariaBusy = "true";
  const named = (await page(from, { partial: true }))?.querySelector(".named");
  list.ariaBusy = null;
  if (named) list.querySelector(".inside")?.replaceChildren(document.importNode(named, true));
}

/** Whether the end of a text stands in quotes: there nothing is named. */
function isQuoted(text: string): boolean {
  let quote = "";
  for (const sign of text.replace(/\\./g, "")) {
    if (quote) quote = sign === quote || sign === "\n" ? "" : quote;
    else if (sign === '"' || sign === "'") quote = sign;
  }
  return quote !== "";
}

interface Found {
  item: HTMLElement;
  /** How much of what was typed it takes the place of. */
  length: number;
  rank: number;
}

/** How well a name fits a word: as it begins, as one of its parts begins, or as people call it. */
function fit(item: HTMLElement, word: string, before: string): Found | undefined {
  const name = (item.dataset["insert"] ?? "").toLowerCase();
  const tail = word.split(".").at(-1) ?? "";
  if (item.dataset["method"] !== undefined) {
    return word.includes(".") && name.startsWith(tail) ? { item, length: tail.length, rank: 3 } : undefined;
  }
  // The value before a change is named like the field.
  const bare = before && word.startsWith(before) && !name.startsWith(before) ? word.slice(before.length) : word;
  if (name.startsWith(bare)) return { item, length: bare.length, rank: name.includes(".") && !bare.includes(".") ? 2 : 0 };
  const isCalled = word.length > 1 && (item.querySelector("span")?.textContent ?? "").toLowerCase().includes(word);
  return isCalled ? { item, length: word.length, rank: CALLED } : undefined;
}

function find(text: Text, isAll: boolean): void {
  const list = listOf(text);
  const at = text.selectionStart ?? 0;
  const head = text.value.slice(0, at);
  const word = (WORD.exec(head)?.[0] ?? "").toLowerCase();
  if (!list || (!word && !isAll) || /^\d/.test(word) || isQuoted(head)) return closeOffer();
  const named = list.querySelector<HTMLElement>(".named");
  const before = named?.dataset["before"] ?? "";
  const all = [...(named?.querySelectorAll<HTMLElement>("[data-insert]") ?? [])].flatMap((item) => fit(item, word, before) ?? []);
  const isWhole = all.some(({ item, length }) => item.dataset["insert"]?.length === length);
  // Behind a whole name only a longer one can be meant.
  const fits = all.filter(({ rank }) => !isWhole || rank < CALLED).sort((a, b) => a.rank - b.rank);
  if (isWhole && fits.length === 1) return closeOffer();
  const lengths = new Map<HTMLElement, number>();
  const items = fits.slice(0, MOST).map(({ item, length }) => {
    const copy = item.cloneNode(true) as HTMLElement;
    lengths.set(copy, length);
    return copy;
  });
  const label = list.querySelector("summary")?.textContent ?? "";
  const take = (option: HTMLElement) => put(text, option.dataset["insert"] ?? "", at - (lengths.get(option) ?? 0), at);
  offer(text, label, items, take, isWhole);
}

/** Puts a name into a text, and tells whoever listens that something was typed. */
function put(text: Text, name: string, from: number, to: number): void {
  text.setRangeText(name, from, to, "end");
  text.dispatchEvent(new InputEvent("input", { bubbles: true, data: name }));
  closeOffer();
}

async function seek(text: Text, isAll = false): Promise<void> {
  const list = listOf(text);
  if (list && !list.querySelector(".named")) await fill(list);
  if (document.activeElement === text) find(text, isAll);
}

document.addEventListener("input", (event) => {
  const text = textOf(event.target);
  if (text && !(event instanceof InputEvent && event.isComposing)) void seek(text);
});
document.addEventListener("focusin", ({ target }) => {
  const text = textOf(target);
  const list = text ? listOf(text) : null;
  if (list) void fill(list);
});
document.addEventListener("keydown", (event) => {
  const text = textOf(event.target);
  const isAsked = does(event, "names");
  if (!text || !isAsked || isOffered(text)) return;
  event.preventDefault();
  void seek(text, true);
});

// `toggle` does not bubble.
document.addEventListener(
  "toggle",
  ({ target }) => {
    if (target instanceof HTMLDetailsElement && target.matches(".names[open]")) void fill(target);
  },
  true,
);
document.addEventListener("change", ({ target }) => {
  if (!(target instanceof HTMLSelectElement)) return;
  for (const list of target.form?.querySelectorAll<HTMLDetailsElement>(".names[data-by]") ?? []) {
    if (list.dataset["by"] !== target.name) continue;
    list.querySelector(".named")?.remove();
    void fill(list);
  }
});

document.addEventListener("click", ({ target }) => {
  const item = target instanceof Element ? target.closest<HTMLElement>("details.names [data-insert]") : null;
  const list = item?.closest("details");
  const text = list ? document.querySelector<Text>(`[data-names="${CSS.escape(list.id)}"]`) : null;
  if (!item || !text) return;
  text.focus();
  put(text, item.dataset["insert"] ?? "", text.selectionStart ?? 0, text.selectionEnd ?? 0);
});
