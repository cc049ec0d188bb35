// What others change takes its place in the page: rows of a list, parts of a record. Nothing that somebody types into is
// touched, and the focus stays where it is.
import htmx from "htmx.org";
import { focusCell, focusedCell } from "./cells";
import { type Change, missed } from "./changes";
import { element, page } from "./page";
import { recount } from "./picks";
import { groupedBy, isFolded, markOf, regroup } from "./regroup";
import { toast } from "./toast";
import { fact, say } from "./words";

const list = /^\/([a-z_0-9]+)$/.exec(location.pathname)?.[1] ?? "";
const record = /^\/[a-z_0-9]+\/([0-9a-f-]{36})$/.exec(location.pathname)?.[1] ?? "";
/** Records that came in and are not shown yet: whether one has made them oneself. */
const announced = new Map<string, boolean>();

/** Whether an element leads to the same as another, or sends the same and is called the same. */
function isLike(one: Element, other: Element): boolean {
  const isAlike = ["href", "name", "value"].every((mark) => one.getAttribute(mark) === other.getAttribute(mark));
  return isAlike && (one.matches("[href]") || one.textContent === other.textContent);
}

/** Puts an element of a fetched page in the place of one that is shown. What has the focus in it keeps it. */
export function replace(old: Element, fresh: Element): Element {
  const made = document.importNode(fresh, true);
  const focused = old.contains(document.activeElement) ? document.activeElement : null;
  for (const box of old.querySelectorAll<HTMLInputElement>(".pick input:checked")) {
    const again = made.querySelector<HTMLInputElement>(`.pick input[value="${CSS.escape(box.value)}"]`);
    if (again) again.checked = true;
  }
  const cell = focusedCell(old);
  old.replaceWith(made);
  htmx.process(made);
  if (made instanceof HTMLTableRowElement && cell >= 0) focusCell(made.cells[cell]);
  else if (focused) [...made.querySelectorAll<HTMLElement>(focused.localName)].find((one) => isLike(one, focused))?.focus({ preventScroll: true });
  return made;
}

/** Whether somebody is at work in it. */
function isBusy(part: Element): boolean {
  const active = document.activeElement;
  const types = active?.matches("input:not([type=checkbox], [type=file]), textarea, select") && part.contains(active);
  return Boolean(types) || part.querySelector("[aria-busy=true]") !== null || part.matches(".edit") || part.querySelector(".edit, details.menu[open], form .changed") !== null || isTypedIn(part);
}

function isTypedIn(part: Element): boolean {
  const controls = part.querySelectorAll<HTMLInputElement | HTMLTextAreaElement>("form :is(textarea, input:not([type=hidden], [type=checkbox], [type=radio]))");
  return [...controls].some((control) => control.value !== control.defaultValue);
}

/** What is seen of an element, to tell whether anything has changed. */
function seen(part: Element): string {
  const addresses = [...part.querySelectorAll("a, use, form")].map((leads) => leads.getAttribute("href") ?? leads.getAttribute("action") ?? "");
  return [part.textContent, ...addresses].join("\n");
}

function flash(part: Element): void {
  part.classList.add("fresh");
  setTimeout(() => part.classList.remove("fresh"), 2_500);
}

const FIELDS = ".record > aside:first-child";
// A story that somebody reads further back stays as it is.
const PARTS = [".top", ".bar:has(.path)", ".record .story:not(:has(ol ~ ol))", ".record > aside:last-child"];

/** Brings the parts of a record that have changed up to date. */
export function refreshRecord(root: ParentNode, fresh: ParentNode): void {
  const [now, then] = [root.querySelectorAll(`${FIELDS} dd`), fresh.querySelectorAll(`${FIELDS} dd`)];
  if (now.length === then.length) {
    now.forEach((value, index) => {
      const other = then[index];
      if (other && seen(value) !== seen(other) && !isBusy(value)) flash(replace(value, other));
    });
  }
  const parts = now.length === then.length ? PARTS : [FIELDS, ...PARTS];
  for (const selector of parts) {
    const [old, other] = [root.querySelector(selector), fresh.querySelector(selector)];
    if (!old || !other || seen(old) === seen(other) || isBusy(old)) continue;
    // The place in the list one came from is known here alone.
    const spot = old.querySelector(":scope > .actions > .place");
    const made = replace(old, other);
    if (spot) made.querySelector(".actions")?.prepend(spot);
  }
}

function link(id: string, within: ParentNode = document): HTMLAnchorElement | null {
  return within.querySelector(`[data-rows] tbody a[href="/${list}/${id}"]`);
}

/** What a row calls its record. */
function named(id: string, row: ParentNode): string {
  return row.querySelector(`a[href="/${list}/${id}"]`)?.textContent?.trim() ?? "";
}

/** Whether a record came in after the page was made: the stream also repeats what stood there before. */
function isArrival(change: Change): boolean {
  const isLater = Date.parse(change.at) > Date.parse(fact("at"));
  return isLater && ["create", "restore", "recreate"].includes(change.operation);
}

async function refreshRows(changes: Change[]): Promise<void> {
  const ids = [...new Set(changes.map((change) => change.id))].slice(0, 150);
  const address = new URL(location.href);
  for (const name of ["open", "cursor", "trail", "page", "done"]) address.searchParams.delete(name);
  address.searchParams.set("only", ids.join(","));
  const fresh = await page(address, { partial: true });
  if (!fresh) return;
  const moved = new Map<string, string | undefined>();
  for (const id of ids) {
    const [old, row] = [link(id)?.closest("tr"), link(id, fresh)?.closest("tr")];
    const wasGone = old?.classList.contains("gone") ?? false;
    const own = changes.filter((change) => change.id === id);
    const isMine = own.some((change) => change.operation === "update" && change.actor === fact("me"));
    if (old && row && !isBusy(old)) {
      if (markOf(old) !== markOf(row)) moved.set(id, markOf(row));
      if (!wasGone && seen(old) === seen(row)) continue;
      if (wasGone && isMine) toast({ text: say("again", { name: named(id, row) }) });
      const isOpen = old.classList.contains("opened");
      const made = replace(old, row);
      made.classList.toggle("opened", isOpen);
      flash(made);
    } else if (old && !row && !isBusy(old)) {
      if (isMine && !wasGone) toast({ text: say("left", { name: named(id, old) }) });
      old.classList.add("gone");
      old.setAttribute("title", say("gone"));
    } else if (!old && row && !isFolded(row)) {
      if (own.some(isArrival)) announced.set(id, own.every((change) => change.actor === fact("me")));
      // It may have come out of a group that is folded or further down.
      else if (own.some((change) => change.fields.includes(groupedBy() ?? ""))) moved.set(id, markOf(row));
    }
  }
  if (moved.size > 0) for (const row of await regroup(moved, address)) flash(row);
  recount();
  if (announced.size === 0) return;
  // What one has made oneself is shown at once, where nothing is under way.
  if ([...announced.values()].every(Boolean) && isUntouched()) await show();
  else announce();
}

/** The row of a record as it is now. */
export async function redraw(id: string): Promise<void> {
  await refreshRows([{ module: list, id, operation: "update", version: 0, change_set: "", at: "", actor: fact("me"), fields: [], links: [] }]);
}

/** Whether the list stands as it was read: nothing ticked, nothing edited, no further rows come in. */
function isUntouched(): boolean {
  const shown = document.querySelector("#main > :is(.list, .scroll)");
  const isWhole = !shown?.querySelector("tbody tr.after") && document.querySelectorAll("[data-rows] tbody tr[data-id]").length <= 50;
  return shown !== null && isWhole && !isBusy(shown) && !shown.querySelector(".pick input:checked");
}

/** "New records: 3 · Show". */
function announce(): void {
  const before = document.querySelector(".news");
  const button = element("button", { type: "button", class: "btn small" }, say("show"));
  button.addEventListener("click", () => void show());
  const line = element("div", { class: "news", role: "status" }, element("span", {}, say("news", { count: announced.size })), button);
  if (before) before.replaceWith(line);
  else document.querySelector("#main > :is(.list, .scroll)")?.before(line);
}

/** The list from its beginning, in the place of what is shown. */
async function show(): Promise<void> {
  const address = new URL(location.href);
  for (const name of ["cursor", "trail", "page", "done"]) address.searchParams.delete(name);
  const fresh = await page(address);
  const [old, other] = [document.querySelector("#main > :is(.list, .scroll)"), fresh?.querySelector("#main > :is(.list, .scroll)")];
  if (!old || !other) return location.assign(address);
  history.replaceState(history.state, "", address);
  const made = replace(old, other);
  for (const id of announced.keys()) {
    const row = link(id, made)?.closest("tr");
    if (row) flash(row);
  }
  announced.clear();
  document.querySelector(".news")?.remove();
}

document.addEventListener("changes", (event) => {
  const changes = (event as CustomEvent<Change[]>).detail;
  const ofList = changes.filter((change) => change.module === list);
  const isList = list && document.querySelector("#main > .list, #main > .scroll > .empty") !== null;
  if (isList && ofList.some(isMany)) void renewed();
  else if (isList && ofList.length > 0) void refreshRows(ofList);
  const main = document.querySelector("#main");
  if (record && main?.querySelector(".record") && changes.some((change) => concerns(change, record))) {
    void page(location.href).then((fresh) => fresh && refreshRecord(main, fresh));
  }
});

function isMany(change: Change): boolean {
  return change.operation === "many";
}

/** So much has changed that the list is read anew; where somebody is at work in it, only when they say so. */
async function renewed(): Promise<void> {
  if (isUntouched()) await show();
  else missed();
}

/** Whether a change is one of this record, or of something that is about it. Of many it may be. */
export function concerns(change: Change, id: string): boolean {
  return change.id === id || change.links.includes(id) || isMany(change);
}
