// What does not come at once: what stands stays, and a line says what is waited for. A page on its way can be stopped by a button.
import { does } from "./bound";
import { element } from "./page";
import { say } from "./words";

/** Milliseconds after which waiting is told. */
const PATIENCE = 300;
/** After so long the server has answered or given up, or what came was a file. */
const LONGEST = 25_000;
let timer = 0;

interface Told {
  /** What its button does; without it there is none. */
  stop?: () => void;
  /** Milliseconds after which nothing is waited for any more … */
  longest?: number;
  /** … and what is done then. */
  given?: () => void;
}

/** Tells after a moment that something is waited for, until `end`. */
export function begin(words: string, told: Told = {}): void {
  end();
  timer = setTimeout(() => tell(words, told), PATIENCE);
}

/** Nothing is waited for. */
export function end(): void {
  clearTimeout(timer);
  for (const told of document.querySelectorAll(".waiting:not(.acting)")) told.remove();
}

/** Over what is shown; a dialog lies over everything else. */
export function above(): Element {
  return document.querySelector("dialog[open]:modal") ?? document.body;
}

function tell(words: string, { stop, longest = LONGEST, given }: Told): void {
  timer = setTimeout(() => {
    end();
    given?.();
  }, longest);
  // How far an act on many is says more.
  if (document.querySelector(".acting")) return;
  const line = element("div", { class: "waiting", role: "status" }, element("progress", { class: "loading" }), element("span", {}, words));
  if (stop) {
    const button = element("button", { type: "button", class: "btn small" }, say("stop"));
    button.addEventListener("click", stop);
    line.append(button);
  }
  above().append(line);
}

function opening(address: string): void {
  const parameters = new URL(address, location.href).searchParams;
  const seeks = parameters.has("q") || parameters.has("filter");
  begin(say(seeks ? "searching" : "opening"), { stop });
}

function stop(): void {
  window.stop();
  end();
}

/** Where a press leads: another page of ours in this window, or nowhere. */
function leads(event: MouseEvent): string {
  const link = event.target instanceof Element ? event.target.closest<HTMLAnchorElement>("#main a[href], .side a[href]") : null;
  const isPlain = !event.defaultPrevented && event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey;
  const isPage = link && link.origin === location.origin && !link.target && !link.hasAttribute("download") && !link.hash;
  return isPlain && isPage ? link.href : "";
}

addEventListener("click", (event) => {
  const address = leads(event);
  if (address) opening(address);
});
addEventListener("submit", (event) => {
  const form = event.target;
  if (!event.defaultPrevented && form instanceof HTMLFormElement && form.method === "get" && !form.target) opening(`?${new URLSearchParams([...new FormData(form)].map(([name, value]): [string, string] => [name, String(value)]))}`);
});
addEventListener("keydown", (event) => does(event, "close") && end());
addEventListener("pageshow", end);
