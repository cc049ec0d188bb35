// Who has this e-mail address or telephone number already, told below its control once it is left, in the form of a new record.
import { element, page } from "./page";

/** What was asked for last, by control: an answer to anything else is dropped. */
const asked = new WeakMap<HTMLInputElement, string>();

/** The place below the control; it is there before it is filled, so that it is read out. */
function place(control: HTMLInputElement): Element {
  const field = control.closest(".field") ?? control.parentElement ?? control;
  const present = field.querySelector(":scope > .known-of");
  if (present) return present;
  const made = element("div", { class: "known-of", role: "status" });
  field.append(made);
  return made;
}

function addressOf(target: EventTarget | null): [HTMLInputElement, string] | [] {
  if (!(target instanceof HTMLInputElement) || !["email", "tel"].includes(target.type)) return [];
  const at = target.form?.querySelector<HTMLElement>("[data-known]")?.dataset["known"];
  return at ? [target, at] : [];
}

document.addEventListener("focusin", (event) => {
  const [control] = addressOf(event.target);
  if (control) place(control);
});
document.addEventListener("focusout", (event) => {
  const [control, at] = addressOf(event.target);
  if (control && at) void look(control, at);
});

async function look(control: HTMLInputElement, at: string): Promise<void> {
  const text = control.value.trim();
  if (asked.get(control) === text) return;
  asked.set(control, text);
  const below = place(control);
  if (!text) return below.replaceChildren();
  const found = await page(`${at}?${control.type === "email" ? "email" : "phone"}=${encodeURIComponent(text)}`, { partial: true });
  if (asked.get(control) !== text) return;
  // Without an answer it is asked again next time.
  if (!found) asked.delete(control);
  below.replaceChildren(...(found ? document.importNode(found.body, true).childNodes : []));
}
