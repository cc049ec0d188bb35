// Remembers whether the side bar is folded; on narrow screens the same box opens the menu, which is not remembered.
const YEAR = 60 * 60 * 24 * 365;
const wide = matchMedia("(min-width: 801px)");
const box = document.querySelector<HTMLInputElement>("#side-toggle");

function settle(): void {
  if (box) box.checked = wide.matches && /(?:^|; )side=folded(?:;|$)/.test(document.cookie);
}

box?.addEventListener("change", () => {
  if (wide.matches) document.cookie = `side=${box.checked ? "folded" : "open"}; path=/; max-age=${YEAR}; samesite=lax`;
});
wide.addEventListener("change", settle);
settle();

/** Makes what is inside the side bar visible: unfolds it, or opens the menu of a narrow screen. */
export function showSide(): void {
  if (box) box.checked = !wide.matches;
}
