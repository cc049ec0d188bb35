// A new record in a dialog over the page, of the module the page is about or of the one that was made last.
import htmx from "htmx.org";
import { forget } from "./guard";
import { makeable } from "./palette";

const LAST = "quick module";

/** Opens the form of a module; false when there is nothing to be made. */
export async function quickAdd(module?: string): Promise<void> {
  const offered = document.querySelector<HTMLAnchorElement>("#main [data-new]");
  if (!module && offered) return open(offered.pathname + offered.search);
  const modules = await makeable();
  const last = module ?? localStorage.getItem(LAST) ?? "leads";
  const chosen = modules.includes(last) ? last : modules[0];
  if (chosen) await open(`/${chosen}/new`);
}

async function open(address: string): Promise<void> {
  await htmx.ajax("GET", address, { target: "body", swap: "beforeend" });
  const dialog = document.querySelector<HTMLDialogElement>("dialog.quick");
  dialog?.querySelector<HTMLElement>(".body :is(input:not([type=hidden]), select, textarea)")?.focus();
}

document.addEventListener("change", (event) => {
  const choice = event.target;
  if (!(choice instanceof HTMLSelectElement) || choice.dataset["quickModule"] === undefined) return;
  const [form, dialog] = [choice.form, choice.closest("dialog")];
  if (!form || !dialog) return;
  localStorage.setItem(LAST, choice.value);
  // What was typed goes along, where the other module has such a field.
  const typed = new URLSearchParams([...new FormData(form)].filter(([, value]) => value !== "").map(([name, value]): [string, string] => [name, String(value)]));
  forget(form);
  void htmx.ajax("GET", `/${choice.value}/new?${typed}`, { target: dialog, swap: "outerHTML" });
});

// A free hour or day of a calendar is filled in over it: its form knows when.
document.addEventListener("click", (event) => {
  const free = (event.target as Element).closest<HTMLAnchorElement>("[data-calendar] a.add");
  if (!free || event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  void open(free.pathname + free.search);
});

document.addEventListener("click", (event) => {
  const shut = (event.target as Element).closest<HTMLElement>("[data-close]");
  const form = shut?.closest("form");
  if (shut?.dataset["close"] === "forget" && form) forget(form);
  shut?.closest("dialog")?.close();
});
document.addEventListener("htmx:finally:request", (event) => {
  const form = event.target;
  if (form instanceof HTMLFormElement && form.matches("dialog.quick > form") && event.detail.ctx.response?.status === 204) form.closest("dialog")?.close();
});
