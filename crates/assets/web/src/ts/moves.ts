// The stage of a row is changed where it stands: a click, Enter or F2 on its cell opens the moves that the record has now. What a
// move asks is asked in a dialog; where there is no move, the menu says why.
import { ask, part } from "./ask";
import { does } from "./bound";
import { focusCell, isIdle, placeOf } from "./cells";
import { redraw } from "./fresh";

const CELL = ".grid[data-cells] tbody td[data-moves]";
const MARGIN = 8;

async function offer(cell: HTMLTableCellElement): Promise<void> {
  const module = cell.closest<HTMLElement>("[data-cells]")?.dataset["cells"];
  const id = cell.closest<HTMLElement>("tr")?.dataset["id"];
  if (!module || !id || cell.ariaBusy === "true" || document.querySelector(".moves")) return;
  const there = placeOf(cell);
  const address = `${module}/${id}/stage`;
  focusCell(cell);
  cell.ariaBusy = "true";
  const found = (await part(address))?.querySelector<HTMLElement>(".moves");
  there()?.removeAttribute("aria-busy");
  const beside = there();
  if (!found || !beside) return;
  const menu = document.importNode(found, true);
  show(menu, beside, there);
  menu.addEventListener("submit", (event) => {
    event.preventDefault();
    const to = (event.submitter as HTMLButtonElement | null)?.value ?? "";
    const { moves = "" } = beside.dataset;
    menu.hidePopover();
    void make(address, { by: moves, to, next: location.pathname + location.search }, id, there);
  });
}

type There = () => HTMLTableCellElement | undefined;

async function make(address: string, fields: Record<string, string>, id: string, there: There): Promise<void> {
  there()?.setAttribute("aria-busy", "true");
  const done = await ask(address, fields);
  there()?.removeAttribute("aria-busy");
  if (done) await redraw(id);
  // Whoever went on elsewhere is not called back.
  if (isIdle()) focusCell(there());
}

/** Below its cell, or above it where there is no room. */
function show(menu: HTMLElement, cell: HTMLElement, there: There): void {
  menu.setAttribute("popover", "auto");
  document.body.append(menu);
  menu.showPopover();
  const [at, size] = [cell.getBoundingClientRect(), menu.getBoundingClientRect()];
  const { clientWidth: width, clientHeight: height } = document.documentElement;
  const above = at.bottom + size.height + MARGIN > height && at.top - size.height > MARGIN;
  menu.style.left = `${Math.max(MARGIN, Math.min(at.left, width - size.width - MARGIN))}px`;
  menu.style.top = `${above ? at.top - size.height : at.bottom}px`;
  (menu.querySelector<HTMLElement>("button") ?? menu).focus();
  menu.addEventListener("keydown", (event) => step(event, menu));
  menu.addEventListener("toggle", (event) => {
    if ((event as ToggleEvent).newState !== "closed") return;
    const hadFocus = menu.contains(document.activeElement) || document.activeElement === document.body;
    menu.remove();
    if (hadFocus) focusCell(there());
  });
}

function step(event: KeyboardEvent, menu: HTMLElement): void {
  const buttons = [...menu.querySelectorAll<HTMLElement>("button")];
  const here = buttons.indexOf(document.activeElement as HTMLElement);
  if (event.code === "ArrowDown") buttons[Math.min(here + 1, buttons.length - 1)]?.focus();
  else if (event.code === "ArrowUp") buttons[Math.max(here - 1, 0)]?.focus();
  else if (event.key === "Escape") menu.hidePopover();
  else if (event.key === "Tab") return menu.hidePopover();
  else return;
  event.preventDefault();
  event.stopPropagation();
}

function cellOf(target: EventTarget | null): HTMLTableCellElement | null {
  return target instanceof Element ? target.closest<HTMLTableCellElement>(CELL) : null;
}

document.addEventListener("click", (event) => {
  const cell = cellOf(event.target);
  if (!cell || event.button !== 0 || (event.target as Element).closest("a, button, input, label")) return;
  if (getSelection()?.isCollapsed === false) return;
  void offer(cell);
});

document.addEventListener("keydown", (event) => {
  const cell = cellOf(event.target);
  if (!cell || event.target !== cell || !does(event, "edit")) return;
  event.preventDefault();
  void offer(cell);
});
