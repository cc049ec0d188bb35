// Short messages in the corner: asked for by the server (HX-Trigger: {"toast": {…}}) or by a failed request.
import { say } from "./words";

interface Toast {
  text: string;
  tone?: "good" | "warn" | "bad";
  /** Where it can be looked at. */
  link?: { label: string; href: string };
  /** A button that posts to `href`, with what follows it: mostly "Undo". */
  undo?: { label: string; href: string } | null;
  /** What it is about: there is one of a kind, and it goes when it is no longer true. */
  about?: string;
}

/** The server is away. */
const AWAY = "away";

/** Milliseconds on screen: an undo must stay reachable for half a minute. */
const SHORT = 6_000;
const LONG = 32_000;

/** Shows a message; one with a bad tone stays until it is dismissed. */
export function toast({ text, tone, link, undo, about }: Toast): void {
  const region = document.querySelector("#toasts");
  if (!region || !text) return;
  const box = document.createElement("div");
  box.className = `toast ${tone ?? ""}`;
  const words = document.createElement("span");
  words.textContent = text;
  if (link) words.append(" ", anchor(link));
  box.append(words);
  if (undo) box.append(undoForm(undo));
  box.append(closeButton());
  // Of several in a row that say the same the last one stays.
  for (const other of undo ? region.querySelectorAll(".toast:has(form)") : []) other.remove();
  if (about) {
    drop(about);
    box.dataset["about"] = about;
  }
  region.append(box);
  expire(box);
}

function drop(about: string): void {
  for (const old of document.querySelectorAll(`#toasts > .toast[data-about="${about}"]`)) old.remove();
}

/** Says that the server is away, once for however many requests. */
export function away(): void {
  toast({ text: say("offline"), tone: "bad", about: AWAY });
}

/** The server answers again. */
export function reached(): void {
  drop(AWAY);
}

function anchor({ label, href }: { label: string; href: string }): HTMLAnchorElement {
  const link = document.createElement("a");
  link.className = "link";
  link.href = href;
  link.textContent = label;
  return link;
}

/** A plain form: the page comes back as it is then, or says what stands in the way. */
function undoForm({ label, href }: NonNullable<Toast["undo"]>): HTMLFormElement {
  const form = document.createElement("form");
  form.method = "post";
  form.action = href;
  const next = document.createElement("input");
  [next.type, next.name, next.value] = ["hidden", "next", location.pathname + location.search];
  form.append(next);
  const button = document.createElement("button");
  button.className = "btn small";
  button.textContent = label;
  form.append(button);
  return form;
}

function closeButton(): HTMLButtonElement {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "btn quiet small icon";
  button.textContent = "×";
  button.setAttribute("aria-label", say("close"));
  button.dataset["dismiss"] = "";
  return button;
}

/** Removes a toast after its time, but not while somebody reads it or holds the focus in it. */
function expire(box: Element): void {
  if (box.classList.contains("bad")) return;
  const time = box.querySelector("form") ? LONG : SHORT;
  const leave = (): void => {
    if (box.matches(":hover, :focus-within")) setTimeout(leave, 2_000);
    else box.remove();
  };
  setTimeout(leave, time);
}

document.addEventListener("toast", (event) => toast((event as CustomEvent<Toast>).detail));
document.addEventListener("click", (event) => {
  if (event.target instanceof Element && event.target.closest("[data-dismiss]")) event.target.closest(".toast, .note")?.remove();
});
document.addEventListener("htmx:after:request", reached);
document.addEventListener("htmx:response:error", (event) => {
  if ((event.detail.ctx.response?.status ?? 0) >= 500) toast({ text: say("failed"), tone: "bad" });
});
document.addEventListener("htmx:error", (event) => {
  if ("ctx" in event.detail) away();
});
/** Shows the messages of a page of ours that was fetched: what they take back leads to where one is. */
export function takeOver(fresh: Document): void {
  const region = document.querySelector("#toasts");
  for (const box of fresh.querySelectorAll("#toasts > .toast")) {
    const made = document.importNode(box, true);
    for (const next of made.querySelectorAll<HTMLInputElement>("input[name=next]")) next.value = location.pathname + location.search;
    for (const other of made.querySelector("form") ? (region?.querySelectorAll(".toast:has(form)") ?? []) : []) other.remove();
    region?.append(made);
    expire(made);
  }
}

// Those the server wrote into the page after a redirect. A reload does not tell again what was told in this tab.
const TOLD = "told";
/** Messages that are remembered as told. */
const KEPT = 50;

function isNews(box: Element): boolean {
  const set = box.querySelector("form")?.getAttribute("action");
  if (!set) return true;
  const told = JSON.parse(sessionStorage.getItem(TOLD) ?? "[]") as string[];
  if (told.includes(set)) return false;
  sessionStorage.setItem(TOLD, JSON.stringify([...told, set].slice(-KEPT)));
  return true;
}
for (const box of document.querySelectorAll("#toasts > .toast")) {
  if (isNews(box)) expire(box);
  else box.remove();
}

// That something was taken back is said where one comes back to. The page of an undo that asks or goes on speaks for itself.
const UNDONE = "undone";

document.addEventListener("submit", (event) => {
  if (event.target instanceof HTMLFormElement && event.target.getAttribute("action")?.startsWith("/undo/")) sessionStorage.setItem(UNDONE, "true");
});

/** Says that what was asked to be taken back is. */
export function tellUndone(): void {
  if (sessionStorage.getItem(UNDONE) === null) return;
  sessionStorage.removeItem(UNDONE);
  if (!location.pathname.startsWith("/undo/")) toast({ text: say("undone"), tone: "good" });
}
tellUndone();
