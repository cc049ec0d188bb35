// Ticking rows: the box in the head ticks all, Shift ticks a range, and [data-picked] shows how many. Cards have no
// head: [data-pick-all] does what its box does.
import { number } from "./words";

let last: HTMLInputElement | undefined;

function boxes(table: Element): HTMLInputElement[] {
  return [...table.querySelectorAll<HTMLInputElement>("tbody .pick input")];
}

document.addEventListener("click", (event) => {
  const box = event.target;
  if (!(box instanceof HTMLInputElement) || !box.matches(".grid .pick input")) return;
  const table = box.closest("table");
  if (!table) return;
  const all = boxes(table);
  const head = table.querySelector<HTMLInputElement>("thead .pick input");
  if (box === head) {
    for (const one of all) one.checked = head.checked;
  } else {
    if (event.shiftKey && last && all.includes(last)) {
      const [from, to] = [all.indexOf(last), all.indexOf(box)].sort((a, b) => a - b);
      for (const one of all.slice(from, (to ?? 0) + 1)) one.checked = box.checked;
    }
    last = box;
  }
  count(table);
});

function count(table: Element): void {
  const all = boxes(table);
  const head = table.querySelector<HTMLInputElement>("thead .pick input");
  const picked = all.filter((one) => one.checked).length;
  if (head) {
    head.checked = picked > 0 && picked === all.length;
    head.indeterminate = picked > 0 && picked < all.length;
  }
  const every = document.querySelector<HTMLInputElement>("[data-pick-all]");
  if (every && head) [every.checked, every.indeterminate] = [head.checked, head.indeterminate];
  const whole = table.closest(".list")?.querySelector<HTMLInputElement>("[data-all]:checked")?.dataset["all"];
  for (const output of table.closest(".list")?.querySelectorAll("[data-picked]") ?? []) output.textContent = whole ?? number(picked);
}

/** Counts again after rows were drawn anew. */
export function recount(): void {
  document.querySelectorAll("table.grid:has(.pick)").forEach(count);
}

document.addEventListener("change", (event) => {
  const every = event.target;
  if (every instanceof Element && every.matches("[data-all]")) return recount();
  if (!(every instanceof HTMLInputElement) || !every.matches("[data-pick-all]")) return;
  const head = document.querySelector<HTMLInputElement>(".grid thead .pick input");
  if (head && head.checked !== every.checked) head.click();
});

// Boxes are empty once their form is reset, which comes after this.
document.addEventListener("reset", () => setTimeout(recount));
