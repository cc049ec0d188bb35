// Columns of a list made wider and narrower: by the edge of a head (twice pressed, it fits), and from any cell with Alt, Shift
// and an arrow. They are kept for the user; the page then comes with them.
import { does } from "./bound";
import { isDoor } from "./page";
import { signedOut } from "./session";
import { toast } from "./toast";
import { say } from "./words";

const NARROWEST = 48;
const WIDEST = 1200;
const STEP = 16;
/** Milliseconds in which a further press belongs to the same change. */
const REST = 400;
/** Pixels that a pointer wanders before it means to move. */
const FAR = 3;
/** Beside the words of a head that sorts stands its arrow. */
const ARROW = 16;

/** On narrow screens rows are cards. */
const wide = matchMedia("(min-width: 641px)");

interface Column {
  table: HTMLTableElement;
  index: number;
  column: HTMLTableColElement;
}

function columns(table: HTMLTableElement): HTMLTableColElement[] {
  return [...table.querySelectorAll<HTMLTableColElement>(":scope > colgroup > col")];
}

/** The column that a cell stands in; nothing for cells over several. */
function columnOf(cell: HTMLTableCellElement | null | undefined): Column | undefined {
  const table = cell?.closest<HTMLTableElement>("table.grid[data-cells]");
  const column = table && cell && cell.colSpan === 1 ? columns(table)[cell.cellIndex] : undefined;
  return table && cell && column?.dataset["column"] && wide.matches ? { table, column, index: cell.cellIndex } : undefined;
}

function widthOf({ table, index }: Column): number {
  return table.tHead?.rows[0]?.cells[index]?.getBoundingClientRect().width ?? NARROWEST;
}

/** Every column keeps the width that it has, so that one can be changed, or rows come in, and no other moves. */
function hold(table: HTMLTableElement): void {
  if (table.classList.contains("sized")) return;
  const widths = [...(table.tHead?.rows[0]?.cells ?? [])].map((head) => head.getBoundingClientRect().width);
  columns(table).forEach((column, index) => {
    if (column.dataset["column"]) column.setAttribute("width", String(widths[index] ?? NARROWEST));
  });
  table.classList.add("sized");
}

/** Widths that nobody has set are the page's own again. */
function release(table: HTMLTableElement): void {
  table.classList.remove("sized", "steady");
  for (const column of columns(table)) column.removeAttribute("width");
}

function set(at: Column, width: number): void {
  hold(at.table);
  at.table.classList.remove("steady");
  at.column.setAttribute("width", String(Math.round(Math.min(WIDEST, Math.max(NARROWEST, width)))));
  keepSoon(at.table);
}

/** As wide as the widest of what stands in it. */
function fit(at: Column): void {
  hold(at.table);
  const natural = (cell: HTMLTableCellElement): number => {
    const inside = document.createRange();
    inside.selectNodeContents(cell);
    // The edge fills the head and says nothing of its width.
    const edge = cell.querySelector("[data-edge]");
    if (edge) inside.setEndBefore(edge);
    const { paddingLeft, paddingRight } = getComputedStyle(cell);
    return inside.getBoundingClientRect().width + parseFloat(paddingLeft) + parseFloat(paddingRight) + (cell.ariaSort ? ARROW : 0);
  };
  const cells = [...at.table.rows].map((row) => row.cells[at.index]).filter((cell) => cell?.colSpan === 1) as HTMLTableCellElement[];
  at.table.classList.add("fitting");
  const widest = Math.ceil(Math.max(...cells.map(natural)));
  at.table.classList.remove("fitting");
  set(at, widest + 1);
}

let kept: HTMLTableElement | undefined;
let timer = 0;

function keepSoon(table: HTMLTableElement): void {
  kept = table;
  clearTimeout(timer);
  timer = window.setTimeout(() => void keep(), REST);
}

async function keep(): Promise<void> {
  clearTimeout(timer);
  const group = kept?.querySelector<HTMLElement>(":scope > colgroup");
  const address = group?.dataset["widths"];
  if (!kept || !address) return;
  const widths = columns(kept).filter((column) => column.dataset["column"]).map((column) => `${column.dataset["column"]}:${Math.round(Number(column.getAttribute("width")))}`);
  kept = undefined;
  const body = new URLSearchParams({ widths: widths.join(","), view: group.dataset["view"] ?? "" });
  const answer = await fetch(address, { method: "POST", body, headers: { "HX-Request": "true" }, keepalive: true }).catch(() => undefined);
  if (answer && isDoor(answer)) return signedOut();
  if (!answer?.ok) toast({ text: say(answer ? "failed" : "offline"), tone: "bad" });
}
addEventListener("pagehide", () => void keep());

// Rows that come in while one scrolls are wider or narrower than those before them: the columns stay as they are, until
// the window is another.
document.addEventListener(
  "scroll",
  ({ target }) => {
    const table = target instanceof Element ? target.querySelector<HTMLTableElement>(":scope > table.grid[data-cells]:not(.sized):has(tr.more)") : null;
    if (!table || !wide.matches) return;
    hold(table);
    table.classList.add("steady");
  },
  { capture: true, passive: true },
);
addEventListener("resize", () => document.querySelectorAll<HTMLTableElement>("table.grid.steady").forEach(release));

document.addEventListener("pointerdown", (event) => {
  const edge = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-edge]") : null;
  const at = columnOf(edge?.closest<HTMLTableCellElement>("th"));
  if (!edge || !at || event.button !== 0 || !event.isPrimary) return;
  event.preventDefault();
  const [from, width] = [event.clientX, widthOf(at)];
  let moves = false;
  const move = ({ clientX }: PointerEvent): void => {
    moves ||= Math.abs(clientX - from) > FAR;
    if (moves) set(at, width + clientX - from);
  };
  const end = (): void => {
    edge.classList.remove("held");
    edge.removeEventListener("pointermove", move);
    edge.removeEventListener("pointerup", end);
    edge.removeEventListener("pointercancel", end);
  };
  edge.classList.add("held");
  edge.setPointerCapture(event.pointerId);
  edge.addEventListener("pointermove", move);
  edge.addEventListener("pointerup", end);
  edge.addEventListener("pointercancel", end);
});

document.addEventListener("dblclick", (event) => {
  const edge = event.target instanceof Element ? event.target.closest("[data-edge]") : null;
  const at = columnOf(edge?.closest<HTMLTableCellElement>("th"));
  if (at) fit(at);
});

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || !does(event, "width")) return;
  const here = document.activeElement;
  const at = here?.matches("input:not([type=checkbox]), textarea, select") ? undefined : columnOf(here?.closest<HTMLTableCellElement>("th, td"));
  if (!at) return;
  if (event.code === "ArrowLeft") set(at, widthOf(at) - STEP);
  else if (event.code === "ArrowRight") set(at, widthOf(at) + STEP);
  else fit(at);
  event.preventDefault();
});
