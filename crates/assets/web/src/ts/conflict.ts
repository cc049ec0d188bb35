// The choice between what one typed and what somebody else has saved meanwhile gets the focus when it comes, wherever the
// field was left for; only whoever types elsewhere by then is not called away.
const faced = new WeakSet<Element>();

function isTypedInto(active: Element | null): boolean {
  return active !== null && active.matches("input:not([type=checkbox], [type=radio]), textarea, select") && !active.closest(".edit:has(.conflict)");
}

export function faceConflict(): void {
  const fresh = [...document.querySelectorAll(".edit .conflict")].filter((conflict) => !faced.has(conflict));
  for (const conflict of fresh) faced.add(conflict);
  if (!isTypedInto(document.activeElement)) fresh.at(-1)?.querySelector<HTMLElement>("input:checked")?.focus();
}

document.addEventListener("htmx:after:swap", faceConflict);
