// What keys do wherever one is: search, help, a new record, a filter, from row to row (Enter opens the focused link by itself), ticking,
// taking and answering what stands in the inbox, closing one layer. Over an open menu or dialog letters mean nothing.
import { does, pressed } from "./bound";
import { openFilter } from "./filters";
import { closeHelp, openHelp } from "./help";
import { closeLayer, isCovered } from "./layers";
import { openPalette } from "./palette";
import { closePanel, stepPanel } from "./panel";
import { quickAdd } from "./quick";
import { showSide } from "./side";
import { NAMES } from "./trail";

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

/** With Shift: all rows from the one that was ticked last. */
function tick(shiftKey: boolean): boolean {
  const box = document.activeElement?.closest("tr")?.querySelector<HTMLInputElement>(".pick input");
  return box?.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true, shiftKey })) ?? false;
}

/** What is done with the message whose row one is in, or whose page it is. */
function press(act: "take" | "answer"): boolean {
  const place = document.activeElement?.closest("tr") ?? document.querySelector("#main > .top");
  const way = place?.querySelector<HTMLElement>(`[data-act=${act}]`);
  way?.click();
  return Boolean(way);
}

/** What is done wherever one is, unless one types or something lies over the page. */
const ACTIONS: Record<string, (event: KeyboardEvent) => boolean> = {
  search,
  keys: help,
  new: add,
  filter: openFilter,
  help: openHelp,
  step: (event) => {
    const by = pressed(event) === "J" ? 1 : -1;
    return stepPanel(by) || follow(by > 0 ? "next" : "prev") || step(by);
  },
  pick: () => tick(false),
  "pick-range": () => tick(true),
  take: () => press("take"),
  answer: () => press("answer"),
};

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.isComposing) return;
  if (does(event, "close")) {
    if (closeLayer()) event.preventDefault();
    else if (typing(event.target) && !document.querySelector("dialog[open]")) (event.target as HTMLElement).blur();
    else if (!document.querySelector("dialog[open]") && (closeHelp() || closePanel())) event.preventDefault();
    return;
  }
  const what = Object.keys(ACTIONS).find((one) => does(event, one));
  // What types nothing also works where one types; of the function keys only help is wanted over what is not done yet.
  const isTyped = /^(Shift )?.$/.test(pressed(event));
  if (!what || (isTyped && (typing(event.target) || isCovered())) || (what === "help" && document.querySelector("dialog[open]"))) return;
  if (ACTIONS[what]?.(event)) event.preventDefault();
});
