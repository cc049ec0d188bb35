// The line below a list follows what stands in it once scrolling has brought more.
import { nextOf } from "./trail";
import { number } from "./words";

const standing = (): number => document.querySelectorAll("[data-rows] tbody tr[data-id]").length;

function follow(): void {
  const pager = document.querySelector<HTMLElement>(".list .pager");
  const told = pager?.querySelector<HTMLElement>("[data-shown]");
  const rows = standing();
  if (!pager || !told || rows === 0) return;
  const { shown = "", first = "1", found } = told.dataset;
  const last = Number(first) - 1 + rows;
  told.textContent = shown.replace("{to}", number(found ? Math.min(last, Number(found)) : last));
  const way = pager.querySelector<HTMLAnchorElement>("[rel=next]");
  if (!way) return;
  // The way on that the page was written with leads to what has come in.
  way.removeAttribute("rel");
  const next = nextOf(document);
  if (next) {
    way.href = next;
    way.rel = "next";
  } else {
    way.removeAttribute("href");
    way.setAttribute("aria-disabled", "true");
  }
}

let before = standing();

document.addEventListener("htmx:after:swap", () => {
  if (standing() !== before) follow();
  before = standing();
});
