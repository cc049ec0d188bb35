// Links are chosen from what the server finds while one types: a text with a list under it (a combobox), and what is chosen
// before it. The control that the server wrote, a <select> or boxes to tick, stays and carries what is sent; without script
// it is all there is. Arrows choose, Enter takes, Esc closes the list, Backspace takes the last one away.
import htmx from "htmx.org";
import { element, page } from "./page";
import { placeUnder } from "./under";
import { say } from "./words";

/** Milliseconds without a letter before the server is asked. */
const PAUSE = 90;
/** Names of what was chosen in this tab, for drafts that come back: by value the name and the page. */
const NAMES = "picked names";
const REMEMBERED = 100;

interface Choice {
  value: string;
  name: string;
  at: string;
}

let open: LinkPicker | undefined;
/** For whom a record is being made in a dialog over the page. */
let making: { picker: LinkPicker; module: string } | undefined;
let lists = 0;

function names(): Record<string, [name: string, at: string]> {
  return JSON.parse(sessionStorage.getItem(NAMES) ?? "{}") as Record<string, [string, string]>;
}

function remember({ value, name, at }: Choice): void {
  const { [value]: _, ...others } = names();
  const kept: [string, [string, string]][] = [...Object.entries(others).slice(1 - REMEMBERED), [value, [name, at]]];
  try {
    sessionStorage.setItem(NAMES, JSON.stringify(Object.fromEntries(kept)));
  } catch {
    // The room is full: a draft that comes back shows no name.
  }
}

class LinkPicker extends HTMLElement {
  private carrier: HTMLElement | undefined;
  private readonly chips = element("span", { class: "chips" });
  private readonly entry = element("input", { type: "text", class: "entry", role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", autocomplete: "off", autocapitalize: "off", spellcheck: "false" });
  private readonly list = element("div", { role: "listbox", class: "picks", popover: "manual" });
  private readonly status = element("span", { class: "visually-hidden", role: "status" });
  private asked = new AbortController();
  private waiting: ReturnType<typeof setTimeout> | undefined;
  private active: HTMLElement | undefined;
  /** What was typed last has no answer yet. */
  private isAsking = false;
  /** Enter came before the answer. */
  private isEager = false;
  private isRequired = false;

  connectedCallback(): void {
    const carrier = this.querySelector<HTMLElement>("select, .many");
    if (this.carrier || !carrier) return;
    this.carrier = carrier;
    this.isRequired = carrier.hasAttribute("required");
    carrier.hidden = true;
    // The text is what labels and errors lead to from now on.
    for (const name of ["id", "aria-describedby", "aria-invalid"]) {
      const value = carrier.getAttribute(name);
      carrier.removeAttribute(name);
      if (value !== null) this.entry.setAttribute(name, value);
    }
    carrier.removeAttribute("required");
    const label = this.dataset["label"] ?? "";
    this.list.id = `picks-${(lists += 1)}`;
    this.list.setAttribute("aria-label", label);
    this.entry.setAttribute("aria-label", label);
    this.entry.setAttribute("aria-controls", this.list.id);
    this.classList.add("on");
    this.prepend(this.chips, this.entry, this.list, this.status);
    this.listen();
    this.draw();
  }

  private listen(): void {
    const { entry, list } = this;
    entry.addEventListener("input", (event) => {
      // What is looked for is no value of the form.
      event.stopPropagation();
      clearTimeout(this.waiting);
      this.isAsking = true;
      this.waiting = setTimeout(() => void this.ask(), PAUSE);
    });
    entry.addEventListener("change", (event) => event.stopPropagation());
    entry.addEventListener("keydown", (event) => this.press(event));
    entry.addEventListener("click", () => void this.ask());
    entry.addEventListener("focus", () => {
      if (this.closest(".in-cell")) void this.ask();
    });
    entry.addEventListener("blur", () => {
      // A window that is left is not a control that is left.
      if (!document.hasFocus()) return;
      this.shut();
      entry.value = "";
    });
    list.addEventListener("mousedown", (event) => {
      // The list is pressed before the text loses the focus.
      event.preventDefault();
      // An answer that came now would take what is pressed from under the pointer.
      this.rest();
    });
    list.addEventListener("click", (event) => {
      const option = (event.target as Element).closest<HTMLElement>("[role=option]");
      if (option) this.take(option);
    });
    this.addEventListener("click", (event) => {
      if (event.target === this) entry.focus();
    });
  }

  get isOne(): boolean {
    return this.carrier instanceof HTMLSelectElement;
  }

  private boxes(): HTMLInputElement[] {
    return [...(this.carrier?.querySelectorAll<HTMLInputElement>("input[type=checkbox]") ?? [])];
  }

  private choices(): Choice[] {
    const { carrier } = this;
    if (carrier instanceof HTMLSelectElement) {
      const option = carrier.selectedOptions[0];
      return option?.value ? [{ value: option.value, name: option.text, at: option.dataset["at"] ?? "" }] : [];
    }
    const ticked = this.boxes().filter((box) => box.checked);
    return ticked.map((box) => ({ value: box.value, name: box.parentElement?.textContent?.trim() ?? "", at: box.dataset["at"] ?? "" }));
  }

  /** Makes room for a value that the server did not write into the control, without choosing it. */
  private admit({ value, name, at }: Choice): void {
    const { carrier } = this;
    if (this.room(value)) return;
    if (carrier instanceof HTMLSelectElement) return carrier.append(element("option", { value, "data-at": at }, name));
    const box = element("input", { type: "checkbox", name: this.dataset["name"] ?? "", value, "data-at": at });
    carrier?.append(element("label", { class: "option" }, box, name));
  }

  /** The option or box of a value. */
  private room(value: string): HTMLOptionElement | HTMLInputElement | undefined {
    const { carrier } = this;
    return carrier instanceof HTMLSelectElement ? [...carrier.options].find((option) => option.value === value) : this.boxes().find((box) => box.value === value);
  }

  /** Draws what is chosen. */
  draw(): void {
    const choices = this.choices();
    this.chips.replaceChildren(...choices.map((choice) => this.chip(choice)));
    this.entry.required = this.isRequired && choices.length === 0;
    this.entry.placeholder = choices.length === 0 || !this.isOne ? say("pick") : "";
  }

  private chip({ value, name, at }: Choice): HTMLElement {
    const words = at ? element("a", { href: at, target: "_blank", rel: "noopener" }, name) : element("span", {}, name);
    const label = say("unpick", { name });
    const drop = element("button", { type: "button", "aria-label": label, title: label }, "×");
    drop.addEventListener("click", () => {
      this.drop(value);
      this.entry.focus();
    });
    return element("span", { class: "chip" }, words, drop);
  }

  private drop(value: string): void {
    if (this.carrier instanceof HTMLSelectElement) this.carrier.value = "";
    else for (const box of this.boxes()) if (box.value === value) box.checked = false;
    this.tell();
  }

  /** Chooses a value: in place of the other one, or besides the others. */
  put(choice: Choice): void {
    remember(choice);
    this.admit(choice);
    this.entry.value = "";
    this.shut();
    const room = this.room(choice.value);
    if (!room) return;
    // What the server offers without a question has more in its words than the name.
    room.dataset["at"] = choice.at;
    if (room instanceof HTMLOptionElement) {
      room.text = choice.name;
      room.selected = true;
    } else {
      room.checked = true;
      room.parentElement?.replaceChildren(room, choice.name);
      // They are sent in the order in which they were chosen.
      if (room.parentElement) this.carrier?.append(room.parentElement);
    }
    this.tell();
  }

  /** Draws it anew, and says to the form that it has changed. */
  private tell(): void {
    this.draw();
    for (const type of ["input", "change"]) this.carrier?.dispatchEvent(new Event(type, { bubbles: true }));
  }

  /** A draft comes back: what was chosen in it can be put into the control. */
  expect(values: readonly [name: string, value: string][]): void {
    const known = names();
    for (const [name, value] of values) {
      if (name !== this.dataset["name"] || !value) continue;
      const [called, at] = known[value] ?? ["—", ""];
      this.admit({ value, name: called, at });
    }
  }

  private async ask(): Promise<void> {
    const { from } = this.dataset;
    if (!from) return;
    clearTimeout(this.waiting);
    this.asked.abort();
    this.asked = new AbortController();
    this.isAsking = true;
    const { signal } = this.asked;
    const address = new URL(from, location.href);
    const words = this.entry.value.trim();
    address.searchParams.set("q", words);
    const found = await page(address, { partial: true, signal });
    if (signal.aborted || document.activeElement !== this.entry) return;
    if (!found) return this.offline();
    const taken = new Set(this.isOne ? [] : this.choices().map((choice) => choice.value));
    const options = [...document.importNode(found.body, true).querySelectorAll<HTMLElement>("[role=option]")];
    this.show(options.filter((option) => !taken.has(option.dataset["value"] ?? "")), words);
  }

  private offline(): void {
    this.shut();
    this.status.textContent = say("offline");
  }

  private show(options: HTMLElement[], words: string): void {
    const hits = options.filter((option) => option.dataset["value"]);
    const none = element("div", { role: "option", "aria-disabled": "true", class: "none" }, say("unpicked"));
    for (const [index, option] of options.entries()) option.id = `${this.list.id}-${index}`;
    this.list.replaceChildren(...(hits.length > 0 ? [] : [none]), ...options);
    this.status.textContent = hits.length > 0 ? say("picks", { count: hits.length }) : say("unpicked");
    if (open !== this) open?.shut();
    open = this;
    this.entry.setAttribute("aria-expanded", "true");
    if (!this.list.matches(":popover-open")) this.list.showPopover();
    this.place();
    this.choose(words ? (hits[0] ?? options[0]) : undefined);
    const isMeant = this.isEager;
    this.isAsking = this.isEager = false;
    if (isMeant && hits[0]) this.take(hits[0]);
  }

  /** Puts the list under the control, or over it where there is more room. */
  place(): void {
    placeUnder(this.list, this.getBoundingClientRect());
  }

  /** Waits for no answer any more. */
  private rest(): void {
    clearTimeout(this.waiting);
    this.asked.abort();
    this.isAsking = this.isEager = false;
  }

  shut(): void {
    this.rest();
    this.choose(undefined);
    this.entry.setAttribute("aria-expanded", "false");
    if (this.list.matches(":popover-open")) this.list.hidePopover();
    if (open === this) open = undefined;
  }

  private options(): HTMLElement[] {
    return [...this.list.querySelectorAll<HTMLElement>("[role=option]:not([aria-disabled])")];
  }

  private choose(option: HTMLElement | undefined): void {
    this.active?.removeAttribute("aria-selected");
    this.active = option;
    if (!option) return this.entry.removeAttribute("aria-activedescendant");
    option.setAttribute("aria-selected", "true");
    this.entry.setAttribute("aria-activedescendant", option.id);
    option.scrollIntoView({ block: "nearest" });
  }

  private step(by: 1 | -1): void {
    const all = this.options();
    const here = this.active ? all.indexOf(this.active) : by > 0 ? -1 : 0;
    this.choose(all[(here + by + all.length) % all.length]);
  }

  private press(event: KeyboardEvent): void {
    if (event.isComposing || event.ctrlKey || event.metaKey) return;
    const { entry, active } = this;
    const isOpen = this.list.matches(":popover-open");
    const last = this.choices().at(-1);
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      if (isOpen) this.step(event.key === "ArrowDown" ? 1 : -1);
      else void this.ask();
    } else if (event.key === "Enter" && (entry.value.trim() || (isOpen && active))) {
      // What is marked answers what was typed before.
      if (this.isAsking && entry.value.trim()) this.isEager = true;
      else if (isOpen && active) this.take(active);
    } else if (event.key === "Escape" && (isOpen || entry.value)) {
      entry.value = "";
      this.shut();
    } else if (event.key === "Backspace" && !entry.value && last) this.drop(last.value);
    else if (event.key === "Tab" && isOpen && !this.isAsking && entry.value.trim() && active?.dataset["value"]) return this.take(active);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  private take(option: HTMLElement): void {
    const { value, name, at, make, module } = option.dataset;
    if (make) return void this.make(make, module ?? "");
    if (value) this.put({ value, name: name ?? "", at: at ?? "" });
  }

  /** Makes what is not there yet in a dialog over the page. */
  private async make(address: string, module: string): Promise<void> {
    making = { picker: this, module };
    // The cell stays open while the focus is in the dialog.
    this.dataset["making"] = "";
    this.shut();
    await htmx.ajax("GET", address, { target: "body", swap: "beforeend" });
    const dialog = newest();
    if (!dialog) return this.made();
    dialog.querySelector<HTMLElement>(".body :is(input:not([type=hidden]), select, textarea)")?.focus();
  }

  /** The dialog is gone. */
  made(): void {
    making = undefined;
    delete this.dataset["making"];
    if (this.isConnected) this.entry.focus();
  }
}

function newest(): HTMLDialogElement | undefined {
  return [...document.querySelectorAll<HTMLDialogElement>("dialog.quick")].at(-1);
}

/** What the page below has under the same id is called otherwise in a dialog over it: labels and errors lead to its own. */
function setApart(dialog: Element): void {
  for (const one of dialog.querySelectorAll("[id]:not(form)")) {
    const { id } = one;
    if (document.querySelectorAll(`[id="${CSS.escape(id)}"]`).length < 2) continue;
    one.id = `made-${id}`;
    const leading = { for: id, "aria-describedby": id, "aria-labelledby": id, href: `#${id}` };
    for (const [name, value] of Object.entries(leading)) {
      for (const leads of [dialog, ...dialog.querySelectorAll("*")]) {
        if (leads.getAttribute(name) === value) leads.setAttribute(name, value.replace(id, one.id));
      }
    }
  }
}

document.addEventListener("htmx:after:swap", () => {
  const dialog = making ? newest() : undefined;
  if (dialog) setApart(dialog);
});

document.addEventListener("made", (event) => {
  const { module, ...choice } = (event as CustomEvent<Choice & { module: string }>).detail;
  if (making?.module === module) making.picker.put(choice);
});
document.addEventListener(
  "close",
  (event) => {
    if (event.target instanceof HTMLDialogElement && event.target.matches(".quick")) making?.picker.made();
  },
  true,
);

function within(form: EventTarget | null): LinkPicker[] {
  return form instanceof HTMLFormElement ? [...form.querySelectorAll<LinkPicker>("link-picker")] : [];
}

document.addEventListener("draft", (event) => {
  const pickers = within(event.target);
  for (const picker of pickers) picker.expect((event as CustomEvent<[string, string][]>).detail);
  // By then the values are in the controls.
  queueMicrotask(() => pickers.forEach((picker) => picker.draw()));
});
document.addEventListener("reset", (event) => setTimeout(() => within(event.target).forEach((picker) => picker.draw())));
for (const type of ["scroll", "resize"]) {
  addEventListener(
    type,
    (event) => {
      if (open && !(event.target instanceof Element && open.contains(event.target) && event.target.matches(".picks"))) open.place();
    },
    true,
  );
}

customElements.define("link-picker", LinkPicker);
