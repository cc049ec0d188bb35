// A menu opens below its button; what would hang over the edge of the window, or of the part of the page that clips it, is moved
// in. It stays there when its content is fetched and grows.
const MENU = "details.menu";
const MARGIN = 8;

/** What clips a menu sideways: the page beside the bar at the side, a record beside its list, a dialog. */
function bounds(menu: Element): [left: number, right: number] {
  const clips = menu.closest("dialog, .beside, .main")?.getBoundingClientRect();
  const width = document.documentElement.clientWidth;
  return [Math.max(0, clips?.left ?? 0) + MARGIN, Math.min(width, clips?.right ?? width) - MARGIN];
}

function fit(menu: Element): void {
  const pop = menu.querySelector<HTMLElement>(":scope > .pop");
  if (!pop) return;
  pop.style.translate = "";
  const { left, right } = pop.getBoundingClientRect();
  const [from, to] = bounds(menu);
  const by = right > to ? Math.max(to - right, from - left) : Math.max(0, from - left);
  if (by !== 0) pop.style.translate = `${Math.round(by)}px 0`;
}

const grows = new ResizeObserver((entries) => {
  for (const { target } of entries) if (target.parentElement?.matches(`${MENU}[open]`)) fit(target.parentElement);
});

function opened(menu: Element): void {
  const pop = menu.querySelector(":scope > .pop");
  if (pop) grows.observe(pop);
  fit(menu);
}

document.addEventListener(
  "toggle",
  (event) => {
    const menu = event.target;
    if (!(menu instanceof HTMLDetailsElement) || !menu.matches(MENU)) return;
    const pop = menu.querySelector(":scope > .pop");
    if (menu.open) opened(menu);
    else if (pop) grows.unobserve(pop);
  },
  true,
);
addEventListener("resize", () => document.querySelectorAll(`${MENU}[open]`).forEach(fit));
document.querySelectorAll(`${MENU}[open]`).forEach(opened);
