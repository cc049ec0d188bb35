// Keys: / and Ctrl/⌘ K search, ? keys, h and F1 help, c new, f filter, j and k through the rows (Enter opens the focused link by itself),
// x ticks the row, Esc closes one layer; over an open menu or dialog letters mean nothing. Letters are told by place on the keyboard, so they work on any layout.
import { openFilter } from "./filters";
import { closeHelp, openHelp } from "./help";
import { closeLayer, isCovered } from "./layers";
import { openPalette } from "./palette";
import { closePanel, stepPanel } from "./panel";
import { quickAdd } from "./quick";
import { showSide } from "./side";
import { NAMES } from "./trail";

const PLACES: Record<string, string> = { KeyC: "c", KeyF: "f", KeyH: "h", KeyJ: "j", KeyK: "k", KeyX: "x", Slash: "/" };

/** The Latin meaning of a key: what it types if that is Latin, else what its place types on a Latin keyboard. */
function meaning(event: KeyboardEvent): string {
  if (/^[a-z/?]$/i.test(event.key)) return event.key.toLowerCase();
  const place = PLACES[event.code] ?? "";
  // On a Latin layout the slash's place may type something else, and then that is what was meant.
  if (place === "/" && !/[.,ё]/i.test(event.key)) return "";
  return place === "/" && event.shiftKey ? "?" : place;
}

function typing(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || target.matches("input:not([type=checkbox], [type=radio]), textarea, select"));
}

/** The palette; the box in the side bar where it cannot be had. */
function search(): boolean {
  void openPalette().then((is) => is || searchBox());
  return true;
}

function searchBox(): boolean {
  const input = document.querySelector<HTMLInputElement>("[data-search]");
  if (!input) return false;
  if (!input.checkVisibility()) showSide();
  input.focus();
  input.select();
  return true;
}

function step(by: 1 | -1): boolean {
  const links = [...document.querySelectorAll<HTMLElement>(NAMES)];
  const holder = (of: Element | null): Element | null => of?.closest(".event, .card, tr") ?? null;
  const row = holder(document.activeElement);
  const here = row ? links.findIndex((link) => holder(link) === row) : -1;
  const next = here < 0 ? (by > 0 ? 0 : links.length - 1) : here + by;
  links[next]?.focus();
  holder(links[next] ?? null)?.scrollIntoView({ block: "nearest", inline: "nearest" });
  return links.length > 0;
}

/** On a record: the next and previous of the list one came from. */
function follow(rel: "next" | "prev"): boolean {
  const link = document.querySelector<HTMLElement>(`.top [rel=${rel}]`);
  link?.click();
  return link !== null;
}

function add(): boolean {
  void quickAdd();
  return true;
}

function help(): boolean {
  const dialog = document.querySelector<HTMLDialogElement>("#shortcuts");
  if (!dialog || dialog.open) return false;
  dialog.showModal();
  return true;
}

/** As a press of the pointer, which ticks a range with Shift. */
function tick({ shiftKey }: KeyboardEvent): boolean {
  const box = document.activeElement?.closest("tr")?.querySelector<HTMLInputElement>(".pick input");
  box?.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true, shiftKey }));
  return box != null;
}

const ACTIONS: Record<string, (event: KeyboardEvent) => boolean> = {
  "/": search,
  "?": help,
  c: add,
  f: openFilter,
  h: openHelp,
  j: () => stepPanel(1) || follow("next") || step(1),
  k: () => stepPanel(-1) || follow("prev") || step(-1),
  x: tick,
};

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.isComposing) return;
  if (event.key === "Escape") {
    if (closeLayer()) event.preventDefault();
    else if (typing(event.target) && !document.querySelector("dialog[open]")) (event.target as HTMLElement).blur();
    else if (!document.querySelector("dialog[open]") && (closeHelp() || closePanel())) event.preventDefault();
    return;
  }
  // A function key types nothing, so it also helps with what one is filling in.
  if (event.key === "F1" && !document.querySelector("dialog[open]") && openHelp()) return event.preventDefault();
  const key = meaning(event);
  if ((event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey) {
    if (key === "k" && search()) event.preventDefault();
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target) || isCovered()) return;
  if (ACTIONS[key]?.(event)) event.preventDefault();
});
