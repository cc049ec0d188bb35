// Menus and dialogs lie over the page; Esc takes off one layer at a time, a click elsewhere closes menus.
const OPEN_MENUS = "details.menu[open]";

function lastMenu(): HTMLDetailsElement | undefined {
  return [...document.querySelectorAll<HTMLDetailsElement>(OPEN_MENUS)].at(-1);
}

/** Whether a menu, a dialog or a list of choices lies over the page: then single letters are no commands. */
export function isCovered(): boolean {
  return document.querySelector(`dialog[open], ${OPEN_MENUS}, :popover-open`) !== null;
}

// What is to be filled in is ready for it once it is open. `toggle` does not bubble.
document.addEventListener(
  "toggle",
  (event) => {
    const menu = event.target;
    if (menu instanceof HTMLDetailsElement && menu.matches(OPEN_MENUS)) menu.querySelector<HTMLElement>(":scope > .pop [data-first]")?.focus();
  },
  true,
);

/** Closes the topmost layer; false when there was none. An open dialog is left to the browser, which closes it itself. */
export function closeLayer(): boolean {
  const menu = lastMenu();
  const dialog = [...document.querySelectorAll<HTMLDialogElement>("dialog[open]")].at(-1);
  if (menu && (!dialog || dialog.contains(menu))) {
    menu.open = false;
    menu.querySelector("summary")?.focus();
    return true;
  }
  if (dialog) return false;
  // What somebody else has saved meanwhile is put away from anywhere.
  const edited = document.activeElement?.closest(".edit") ?? [...document.querySelectorAll(".edit:has(.conflict)")].at(-1);
  const cancel = edited?.querySelector<HTMLElement>("[data-cancel]");
  if (cancel) cancel.click();
  // On wide screens a ticked toggle means that the menu is folded, which is no layer.
  const opened = matchMedia("(max-width: 800px)").matches ? document.querySelector<HTMLInputElement>("#side-toggle:checked") : null;
  if (!cancel && opened) opened.checked = false;
  return Boolean(cancel ?? opened);
}

/** Whether somebody types into a menu, or has typed. */
function isFilledIn(menu: Element): boolean {
  const controls = menu.querySelectorAll<HTMLInputElement | HTMLTextAreaElement>(":scope > .pop :is(input, textarea)");
  return [...controls].some((control) => control === document.activeElement || control.value !== control.defaultValue);
}

/** A menu from which a dialog is opened has done its work; one that is being filled in waits below it. */
function closeMenus(): void {
  for (const menu of document.querySelectorAll<HTMLDetailsElement>(OPEN_MENUS)) {
    if (isFilledIn(menu)) continue;
    // The focus comes back to where the menu was opened.
    if (menu.contains(document.activeElement)) menu.querySelector("summary")?.focus();
    menu.open = false;
  }
}

/** A dialog the server wrote open becomes modal, and goes away for good when it is closed. */
function makeModal(): void {
  for (const dialog of document.querySelectorAll<HTMLDialogElement>("dialog[open][data-modal]:not(:modal)")) {
    dialog.removeAttribute("open");
    closeMenus();
    dialog.showModal();
    dialog.addEventListener("close", () => dialog.remove(), { once: true });
  }
}
document.addEventListener("htmx:after:swap", makeModal);
makeModal();

document.addEventListener("click", (event) => {
  const target = event.target;
  if (!(target instanceof Element)) return;
  for (const menu of document.querySelectorAll<HTMLDetailsElement>(OPEN_MENUS)) {
    if (!menu.contains(target)) menu.open = false;
  }
  const opens = target.closest<HTMLElement>("[data-opens]")?.dataset["opens"];
  const dialog = opens ? document.getElementById(opens) : null;
  if (dialog instanceof HTMLDialogElement) {
    event.preventDefault();
    closeMenus();
    dialog.showModal();
  }
  // A click on the veil lands on the dialog itself.
  if (target instanceof HTMLDialogElement && outside(target, event)) target.close();
});

function outside(dialog: HTMLDialogElement, { clientX: x, clientY: y }: MouseEvent): boolean {
  const { left, right, top, bottom } = dialog.getBoundingClientRect();
  return x < left || x > right || y < top || y > bottom;
}
