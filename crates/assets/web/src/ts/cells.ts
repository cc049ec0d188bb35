// Cells of a list: arrows go from one to the next, a click, Enter or F2 puts the control into the cell, Enter or leaving it
// saves, Esc drops what was typed. The server draws both; what it refuses stays in the cell with its reason.
import htmx from "htmx.org";
import { does } from "./bound";
import { outlives } from "./page";

const CELLS = ".grid[data-cells]";
const ARROWS: Record<string, [across: number, down: number]> = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

function cellOf(target: EventTarget | null): HTMLTableCellElement | null {
  const cell = target instanceof Element ? target.closest("td") : null;
  return cell?.closest(`${CELLS} tbody`) && !cell.matches(".pick") ? cell : null;
}

function address(cell: HTMLTableCellElement): string | undefined {
  const module = cell.closest<HTMLElement>(CELLS)?.dataset["cells"];
  const record = cell.closest<HTMLElement>("tr")?.dataset["id"];
  const field = cell.dataset["field"];
  return module && record && field ? `${module}/${record}/edit?field=${encodeURIComponent(field)}&cell=true` : undefined;
}

/** The cell's place outlives the cell, which is swapped, and its row, which is drawn anew when it changes. */
export function placeOf(cell: HTMLTableCellElement): () => HTMLTableCellElement | undefined {
  const id = cell.closest<HTMLElement>("tr")?.dataset["id"] ?? "";
  const index = cell.cellIndex;
  return () => document.querySelector<HTMLTableRowElement>(`${CELLS} tr[data-id="${CSS.escape(id)}"]`)?.cells[index];
}

/** Which cell of a row has the focus itself; -1 where none has. */
export function focusedCell(row: Element): number {
  const active = document.activeElement;
  return active instanceof HTMLTableCellElement && row.contains(active) ? active.cellIndex : -1;
}

/** Whether the focus is nowhere yet: then arrows begin at what stands first. */
export function isIdle(): boolean {
  const active = document.activeElement;
  return (!active || active.matches("body, #main")) && !document.querySelector("dialog[open]");
}

export function focusCell(cell: HTMLTableCellElement | undefined): void {
  if (!cell) return;
  const link = cell.matches(".name") ? cell.querySelector<HTMLElement>("a") : null;
  if (!link) cell.tabIndex = -1;
  (link ?? cell).focus();
}

async function open(cell: HTMLTableCellElement): Promise<void> {
  const from = address(cell);
  if (!from || cell.matches(".edit") || cell.ariaBusy === "true") return;
  cell.ariaBusy = "true";
  const there = placeOf(cell);
  await htmx.ajax("GET", from, { source: cell, target: cell, swap: "outerHTML" });
  there()?.removeAttribute("aria-busy");
  const control = there()?.querySelector<HTMLElement>(".in-cell :is(input:not([type=hidden]), select, textarea)");
  control?.focus();
  if (control instanceof HTMLInputElement && /text|tel|email|url/.test(control.type)) control.select();
  if (control instanceof HTMLSelectElement) pick(control);
}

/** Shows the options at once, where the browser lets a script do that. */
function pick(control: HTMLSelectElement): void {
  try {
    control.showPicker();
  } catch {
    // Then they open as any others do.
  }
}

function written(form: HTMLFormElement): string {
  const values = [...new FormData(form)].filter(([name]) => name !== "version" && !name.startsWith("was."));
  return JSON.stringify(values);
}

const before = new WeakMap<HTMLFormElement, string>();
const sending = new WeakSet<HTMLFormElement>();

document.addEventListener("focusin", (event) => {
  const form = event.target instanceof Element ? event.target.closest<HTMLFormElement>("form.in-cell") : null;
  if (form && !before.has(form)) before.set(form, written(form));
});

/** Saves what was typed; what is as it was is only closed. */
function leave(form: HTMLFormElement, stays: boolean): void {
  if (sending.has(form) || !form.isConnected) return;
  sending.add(form);
  const cell = form.closest("td");
  if (cell && stays) returning = placeOf(cell);
  const isRefused = form.querySelector(".error, .conflict") !== null;
  if (before.get(form) === written(form) && !isRefused) form.querySelector<HTMLElement>("[data-cancel]")?.click();
  else form.requestSubmit();
}

document.addEventListener("htmx:config:request", (event) => {
  const form = event.detail.ctx.sourceElement;
  if (form instanceof HTMLFormElement && form.matches("form.in-cell")) event.detail.ctx.request.keepalive = outlives(form);
});

// Where the focus goes when the value is back in its cell.
let returning: (() => HTMLTableCellElement | undefined) | undefined;

document.addEventListener("htmx:after:swap", () => {
  const cell = returning?.();
  returning = undefined;
  if (!cell) return;
  const choice = cell.querySelector<HTMLElement>(".conflict input:checked");
  if (choice) choice.focus();
  else if (cell.matches(".edit")) cell.querySelector<HTMLElement>("[aria-invalid=true], .in-cell :is(input:not([type=hidden]), select, textarea)")?.focus();
  else focusCell(cell);
});

document.addEventListener("focusout", (event) => {
  const form = event.target instanceof Element ? event.target.closest<HTMLFormElement>("form.in-cell") : null;
  const to = event.relatedTarget;
  if (!form || (to instanceof Node && form.contains(to))) return;
  // A window that is left is not a cell that is left; neither is a swap that takes the control away.
  if (!document.hasFocus() || !form.isConnected) return;
  // What stands against what somebody else saved is not decided by leaving it; a record is made to be put here.
  if (form.querySelector(".conflict, [data-making]")) return;
  leave(form, false);
});

document.addEventListener("change", (event) => {
  const control = event.target;
  if (control instanceof HTMLSelectElement && control.form?.matches(".in-cell")) leave(control.form, true);
});

document.addEventListener("click", (event) => {
  const target = event.target;
  if (!(target instanceof Element)) return;
  const cancel = target.closest<HTMLElement>(".in-cell [data-cancel]");
  if (cancel) {
    const form = cancel.closest<HTMLFormElement>("form.in-cell");
    const cell = cancel.closest("td");
    if (form) sending.add(form);
    if (cell && document.activeElement?.closest("td") === cell) returning = placeOf(cell);
    return;
  }
  const closes = target.closest<HTMLElement>("[data-close]");
  if (closes) return closes.closest("dialog")?.close();
  const cell = cellOf(target);
  if (!cell || target.closest("a, button, input, select, textarea, label")) return;
  if (getSelection()?.isCollapsed === false) return;
  void open(cell);
});

function step(cell: HTMLTableCellElement, [across, down]: [number, number]): void {
  const row = cell.closest("tr");
  if (!row) return;
  if (across) {
    const next = row.cells[cell.cellIndex + across];
    if (next && !next.matches(".pick")) focusCell(next);
    return;
  }
  const rows = [...(row.closest("tbody")?.querySelectorAll<HTMLTableRowElement>("tr[data-id]") ?? [])];
  const next = rows[rows.indexOf(row) + down]?.cells[cell.cellIndex];
  focusCell(next);
  next?.scrollIntoView({ block: "nearest", inline: "nearest" });
}

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.isComposing) return;
  const target = event.target;
  const form = target instanceof Element ? target.closest<HTMLFormElement>("form.in-cell") : null;
  if (form) {
    const isLine = target instanceof HTMLSelectElement || (target instanceof HTMLInputElement && !/checkbox|radio|submit/.test(target.type));
    if (does(event, "edit") && event.key === "Enter" && isLine) {
      event.preventDefault();
      leave(form, true);
    }
    return;
  }
  const cell = cellOf(target);
  const arrow = does(event, "cells") ? ARROWS[event.key] : undefined;
  if (arrow && isIdle()) {
    const first = document.querySelector<HTMLTableCellElement>(`${CELLS} tbody tr[data-id] td.name`);
    if (first) event.preventDefault();
    return focusCell(first ?? undefined);
  }
  if (!cell || (target instanceof Element && target.matches("input, select, textarea"))) return;
  if (arrow) {
    event.preventDefault();
    step(cell, arrow);
  } else if (does(event, "edit") && (event.key !== "Enter" || target === cell)) {
    event.preventDefault();
    if (address(cell)) void open(cell);
    else cell.querySelector<HTMLElement>("a")?.click();
  }
});
