// Rows of a list in groups stand under the head of their group, also when somebody has just put them into another.
import htmx from "htmx.org";
import { focusCell, focusedCell } from "./cells";
import { page } from "./page";

/** Rows that are asked for at once: more than that are no address. */
const ROWS = 150;

const HEAD = "tr.group:has(> [data-mark])";

const body = (): HTMLElement | null => document.querySelector<HTMLElement>("#main > .list [data-rows] tbody");
const lines = (of: ParentNode): HTMLTableRowElement[] => [...of.querySelectorAll<HTMLTableRowElement>("[data-rows] tbody tr[data-id]")];
const id = (row: HTMLElement): string => row.dataset["id"] ?? "";

/** The head over a row; nothing where the list is not in groups. */
function headOf(row: Element): Element | null {
  let line = row.previousElementSibling;
  while (line && !line.matches(HEAD)) line = line.previousElementSibling;
  return line;
}

/** The value of a row's group; nothing where the list is not in groups. */
export function markOf(row: Element): string | undefined {
  return headOf(row)?.querySelector<HTMLElement>("[data-mark]")?.dataset["mark"];
}

/** Whether the rows of a row's group are not shown. */
export function isFolded(row: Element): boolean {
  return headOf(row)?.querySelector(".fold")?.getAttribute("aria-expanded") === "false";
}

/** The field that parts the list into groups; nothing where none does. */
export function groupedBy(): string | undefined {
  return document.querySelector<HTMLElement>("#folds")?.dataset["by"];
}

/** The rows that tell where others stand: those of the groups they go to, and the first of each. */
function neighbours(moved: Map<string, string | undefined>): string[] {
  const marks = new Set(moved.values());
  let [mark, isFirst]: [string | undefined, boolean] = [undefined, true];
  const found: string[] = [];
  for (const line of body()?.children ?? []) {
    if (!(line instanceof HTMLElement)) continue;
    if (line.matches(HEAD)) [mark, isFirst] = [line.querySelector<HTMLElement>("[data-mark]")?.dataset["mark"], true];
    if (!line.matches("[data-id]") || moved.has(id(line))) continue;
    if (isFirst || marks.has(mark)) found.push(id(line));
    isFirst = false;
  }
  return found.slice(0, ROWS - moved.size);
}

/** Puts rows where they stand now: each by its id with the value of its group. Answers those that were put somewhere. */
export async function regroup(moved: Map<string, string | undefined>, address: URL): Promise<Element[]> {
  address.searchParams.set("only", [...moved.keys(), ...neighbours(moved)].join(","));
  const fresh = await page(address, { partial: true });
  const shown = body();
  if (!fresh || !shown) return [];
  const rows = lines(fresh);
  const taken = new Map<string, HTMLTableRowElement>();
  const [cell, focused] = focus(shown);
  for (const row of lines(document)) if (moved.has(id(row)) && rows.some((other) => id(other) === id(row))) taken.set(id(row), row);
  for (const row of taken.values()) row.remove();
  const put: Element[] = [];
  // From the last to the first: what a row stands before has its place by then.
  for (const [index, other] of [...rows.entries()].reverse()) {
    if (!moved.has(id(other))) continue;
    const row = taken.get(id(other)) ?? document.importNode(other, true);
    if (!stand(row, other, rows, index, shown)) continue;
    if (!taken.has(id(other))) htmx.process(row);
    put.push(row);
  }
  clear(shown);
  if (focused?.isConnected) focusCell(focused.cells[cell]);
  document.dispatchEvent(new Event("regrouped"));
  return put;
}

/** The cell of which row has the focus: a row that is moved loses it. */
function focus(shown: Element): [cell: number, row: HTMLTableRowElement | null] {
  const row = document.activeElement?.closest<HTMLTableRowElement>("tr[data-id]") ?? null;
  if (!row || !shown.contains(row)) return [-1, null];
  const cell = focusedCell(row);
  return [cell >= 0 ? cell : (document.activeElement?.closest("td")?.cellIndex ?? 0), row];
}

/** Puts one row into its place; false where that is not shown: its group is folded, or it stands on another page. */
function stand(row: HTMLElement, fresh: HTMLElement, rows: HTMLElement[], index: number, shown: HTMLElement): boolean {
  const here = (other: HTMLElement): HTMLElement | null => shown.querySelector<HTMLElement>(`tr[data-id="${CSS.escape(id(other))}"]`);
  const next = rows.slice(index + 1).map(here).find((found) => found !== null) ?? null;
  const isBefore = new URL(location.href).searchParams.has("cursor") && !rows.slice(0, index).some(here);
  if (isFolded(fresh) || isBefore || (!next && shown.querySelector("tr.more"))) return false;
  const mark = markOf(fresh);
  const own = shown.querySelector(`[data-mark="${CSS.escape(mark ?? "")}"]`)?.closest("tr");
  if (next && markOf(next) === mark) next.before(row);
  else if (own) lastUnder(own).after(row);
  else begin(row, fresh, next ? headOf(next) : null, shown);
  return true;
}

function lastUnder(head: Element): Element {
  let line = head;
  while (line.nextElementSibling?.matches("tr[data-id]")) line = line.nextElementSibling;
  return line;
}

/** A group that had no row before. */
function begin(row: HTMLElement, fresh: HTMLElement, before: Element | null, shown: HTMLElement): void {
  const head = headOf(fresh);
  const made = head ? [document.importNode(head, true), row] : [row];
  if (before) before.before(...made);
  else shown.append(...made);
}

/** Heads of open groups that have no row any more; the last one may go on in rows that are still to come. */
function clear(shown: Element): void {
  for (const head of shown.querySelectorAll(HEAD)) {
    const isOpen = head.querySelector(".fold")?.getAttribute("aria-expanded") === "true";
    if (isOpen && !head.nextElementSibling?.matches("tr[data-id], tr.more") && !head.contains(document.activeElement)) head.remove();
  }
}
