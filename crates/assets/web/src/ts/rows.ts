// A list that was left is found again as it was: as many rows as had come in, scrolled to where one was. Kept in this tab.
import "./tab";

/** A list has one place, whichever of its records is open beside it. */
function key(): string {
  const address = new URL(location.href);
  for (const name of ["open", "done", "many"]) address.searchParams.delete(name);
  return `rows ${address.pathname}${address.search}`;
}

interface Place {
  rows: number;
  top: number;
}

const rows = (): number => document.querySelectorAll(".grid[data-cells] tbody tr[data-id]").length;

/** What scrolls: the box of the table, on narrow screens the document. */
function scroller(): Element {
  const box = document.querySelector(".list > .scroll");
  return box && box.scrollHeight > box.clientHeight && getComputedStyle(box).overflowY !== "visible" ? box : (document.scrollingElement ?? document.documentElement);
}

// Noted as one scrolls: asked for when the page goes, it would have to be laid out once more, while the next one waits.
let scrolled = 0;
document.addEventListener(
  "scroll",
  ({ target }) => {
    if (target === document) scrolled = document.scrollingElement?.scrollTop ?? 0;
    else if (target instanceof Element && target.matches(".list > .scroll")) scrolled = target.scrollTop;
  },
  { capture: true, passive: true },
);

function keep(): void {
  if (rows() === 0) return;
  sessionStorage.setItem(key(), JSON.stringify({ rows: rows(), top: scrolled } satisfies Place));
}
addEventListener("pagehide", keep);

async function restore(): Promise<void> {
  const [navigation] = performance.getEntriesByType("navigation") as PerformanceNavigationTiming[];
  const kept = sessionStorage.getItem(key());
  if (!kept || navigation?.type === "navigate") return;
  const { rows: wanted, top } = JSON.parse(kept) as Place;
  while (rows() < wanted && (await grow())) continue;
  scroller().scrollTop = top;
}

/** Waits for the next rows; false when none come. They are asked for by scrolling to where they begin. */
function grow(): Promise<boolean> {
  const more = document.querySelector(".grid tr.more");
  if (!more) return Promise.resolve(false);
  const before = rows();
  more.scrollIntoView();
  return new Promise((resolve) => {
    const done = (): void => {
      document.removeEventListener("htmx:after:swap", done);
      clearTimeout(late);
      resolve(rows() > before);
    };
    const late = setTimeout(done, 5_000);
    document.addEventListener("htmx:after:swap", done);
  });
}

void restore();
