// The palette: records of every module while one types, what the page offers, where one can go. Its dialog comes from the
// server when it is first needed; what this page offers is gathered from the page itself, so it is never more than one may do.
import { element, iconOf, page } from "./page";
import { quickAdd } from "./quick";
import { recent } from "./recent";
import { say } from "./words";

const PAUSE = 70;

let dialog: HTMLDialogElement | null = null;
/** How many questions were put: the answer to any but the last one is dropped. */
let asked = 0;
let waiting: ReturnType<typeof setTimeout> | undefined;
let active: HTMLElement | undefined;

async function load(): Promise<HTMLDialogElement | null> {
  if (dialog) return dialog;
  const fresh = await page("/search/palette", { partial: true });
  const made = fresh?.querySelector<HTMLDialogElement>("#palette");
  if (!made || dialog) return dialog;
  dialog = document.importNode(made, true);
  document.body.append(dialog);
  input().addEventListener("input", typed);
  dialog.addEventListener("keydown", press);
  dialog.addEventListener("click", (event) => {
    const option = (event.target as Element).closest<HTMLElement>("[role=option]");
    if (option) activate(option, event);
  });
  return dialog;
}

/** Modules of which records can be made. */
export async function makeable(): Promise<string[]> {
  const options = (await load())?.querySelectorAll<HTMLElement>("[data-quick]") ?? [];
  return [...options].map((option) => option.dataset["quick"] ?? "");
}

/** Opens it; false when it cannot be had. */
export async function openPalette(): Promise<boolean> {
  if (document.querySelector("dialog[open]")) return true;
  const box = await load();
  if (!box || document.querySelector("dialog[open]")) return box !== null;
  gather(box);
  ask("");
  input().value = "";
  hits().replaceChildren();
  box.showModal();
  narrow();
  return true;
}

function input(): HTMLInputElement {
  return (dialog as HTMLDialogElement).querySelector("input") as HTMLInputElement;
}

function hits(): Element {
  return (dialog as HTMLDialogElement).querySelector("[data-hits]") as Element;
}

/** Everything that can be chosen without a search. */
function gather(box: HTMLDialogElement): void {
  for (const old of box.querySelectorAll("[data-gathered]")) old.remove();
  const list = box.querySelector("#palette-list");
  const head = document.querySelector("#panel .content > .top .actions") ?? document.querySelector("#main > .top .actions");
  const doing = pressable(head, "a[href], button");
  const going = pressable(document.querySelector(".side-menu"), "a[href]");
  const mine = pressable(document.querySelector(".side-foot"), ".pop :is(a, button, label)");
  const looked = recent()
    .filter((record) => record.href !== location.pathname)
    .map(({ href, title, kind }) => element("a", { role: "option", tabindex: "-1", href, "data-recent": "" }, element("b", {}, title), element("small", {}, kind)));
  list?.prepend(...group(box.dataset["ofRecent"], looked), ...group(box.dataset["ofPage"], doing));
  // What is found stands last: it comes later, and nothing moves away under the hand.
  const settings = box.querySelectorAll<HTMLElement>("[data-asked]");
  list?.append(...group(box.dataset["ofGo"], going), ...group(box.dataset["ofMe"], mine), ...settings, hits());
}

function group(name: string | undefined, options: HTMLElement[]): HTMLElement[] {
  return options.length > 0 ? [element("div", { role: "group", "aria-label": name ?? "", "data-actions": "", "data-gathered": "" }, ...options)] : [];
}

/** Links and buttons of the page as options that press them. */
function pressable(root: Element | null, selector: string): HTMLElement[] {
  const all = [...(root?.querySelectorAll<HTMLElement>(selector) ?? [])];
  return all.filter((one) => one.textContent?.trim() && !one.matches("[aria-disabled=true], [rel], [data-new], .for-phones *")).map((one) => {
    const words = [...one.childNodes].filter((node) => !(node instanceof HTMLElement && node.matches("kbd, small"))).map((node) => node.textContent ?? "");
    const label = words.join(" ").trim();
    const heading = headingOf(one);
    const option = element("div", { role: "option" }, ...iconOf(one), element("b", {}, heading ? `${heading}: ${label}` : label));
    option.addEventListener("press", () => (one.querySelector("input") ?? one).click());
    return option;
  });
}

/** The heading that a choice of a menu stands under: "Theme". */
function headingOf(one: Element): string {
  const menu = one.closest(".pop");
  if (!menu || !one.closest("fieldset, form[action='/language']")) return "";
  const heads = [...menu.querySelectorAll("h3")].filter((head) => head.compareDocumentPosition(one) & Node.DOCUMENT_POSITION_FOLLOWING);
  return heads.at(-1)?.textContent ?? "";
}

function folded(text: string): string {
  return text.toLowerCase().replaceAll("ё", "е");
}

/** Shows of the actions those that agree with what is typed. */
function narrow(): void {
  const words = folded(input().value).split(/\s+/).filter(Boolean);
  for (const box of dialog?.querySelectorAll<HTMLElement>("[data-actions]") ?? []) {
    const name = box.getAttribute("aria-label") ?? "";
    // There are too many of them to stand there unasked.
    const isAsked = box.dataset["asked"] !== undefined;
    let shown = 0;
    for (const option of box.querySelectorAll<HTMLElement>("[role=option]")) {
      const text = folded(`${option.textContent ?? ""} ${option.dataset["also"] ?? ""} ${option.dataset["recent"] === undefined ? name : ""}`);
      const begun = text.split(/[\s:«»"()]+/);
      option.hidden = (isAsked && words.length === 0) || !words.every((word) => begun.some((one) => one.startsWith(word)));
      if (!option.hidden) shown += 1;
    }
    box.hidden = shown === 0;
  }
  // Whether there is anything else is for the answer to say.
  tell("");
  choose(options()[0]);
}

/** By their marks, not by what is seen: while it says that nothing was found the whole list is out of sight. */
function options(): HTMLElement[] {
  return [...(dialog?.querySelectorAll<HTMLElement>("[role=option]") ?? [])].filter((option) => !option.closest("[hidden]"));
}

/** Says so in the place of the list, where there is nothing to choose. */
function tell(words: string): void {
  const status = dialog?.querySelector(".said");
  if (status) status.textContent = options().length > 0 ? "" : words;
}

function choose(option: HTMLElement | undefined): void {
  active?.removeAttribute("aria-selected");
  active = option;
  if (!option) return input().removeAttribute("aria-activedescendant");
  option.id ||= `option-${Math.random().toString(36).slice(2)}`;
  option.setAttribute("aria-selected", "true");
  input().setAttribute("aria-activedescendant", option.id);
  option.scrollIntoView({ block: "nearest" });
}

function typed(): void {
  const words = input().value.trim();
  if (!words) hits().replaceChildren();
  narrow();
  ask(words);
}

/** Has what is typed looked up in a moment, unless something else is typed by then; nothing is asked for nothing. */
function ask(words: string): void {
  clearTimeout(waiting);
  asked += 1;
  const mine = asked;
  if (words) waiting = setTimeout(() => void search(words, mine), PAUSE);
}

async function search(words: string, mine: number): Promise<void> {
  const found = await page(`/search/hits?q=${encodeURIComponent(words)}`, { partial: true });
  if (mine !== asked) return;
  hits().replaceChildren(...(found ? document.importNode(found.body, true).childNodes : []));
  tell(found ? (dialog?.dataset["none"] ?? "") : say("offline"));
  if (!active || !options().includes(active)) choose(options()[0]);
}

function press(event: KeyboardEvent): void {
  const all = options();
  const here = active ? all.indexOf(active) : -1;
  const to = { ArrowDown: here + 1, ArrowUp: here - 1, PageDown: Math.min(here + 8, all.length - 1), PageUp: Math.max(here - 8, 0) }[event.key];
  if (to !== undefined && all.length > 0) {
    event.preventDefault();
    choose(all[(to + all.length) % all.length]);
  } else if (event.key === "Enter" && active && !event.isComposing) {
    event.preventDefault();
    activate(active, event);
  }
}

function activate(option: HTMLElement, event: MouseEvent | KeyboardEvent): void {
  const isAside = event.ctrlKey || event.metaKey;
  if (isAside && event instanceof MouseEvent) return;
  event.preventDefault();
  dialog?.close();
  const { quick } = option.dataset;
  if (quick) void quickAdd(quick);
  else if (option instanceof HTMLAnchorElement && isAside) window.open(option.href, "_blank");
  else if (option instanceof HTMLAnchorElement) location.assign(option.href);
  else option.dispatchEvent(new Event("press"));
}

// The box in the side bar is its front.
document.addEventListener("click", (event) => {
  const box = event.target;
  if (box instanceof HTMLInputElement && box.matches("[data-search]")) void openPalette();
});
