// A page that does not come at once: what stands stays, a line says that one is on the way, and a button stops it.
import { does } from "./bound";
import { element } from "./page";
import { say } from "./words";

/** Milliseconds after which waiting is told. */
const PATIENCE = 300;
/** After so long the server has answered or given up, or what came was a file. */
const LONGEST = 25_000;
let timer = 0;

function begin(address: string): void {
  end();
  const parameters = new URL(address, location.href).searchParams;
  const seeks = parameters.has("q") || parameters.has("filter");
  timer = setTimeout(() => tell(say(seeks ? "searching" : "opening")), PATIENCE);
}

function end(): void {
  clearTimeout(timer);
  for (const told of document.querySelectorAll(".waiting")) told.remove();
}

function tell(words: string): void {
  const stop = element("button", { type: "button", class: "btn small" }, say("stop"));
  stop.addEventListener("click", () => {
    window.stop();
    end();
  });
  timer = setTimeout(end, LONGEST);
  document.body.append(element("div", { class: "waiting", role: "status" }, element("progress", { class: "loading" }), element("span", {}, words), stop));
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
  if (address) begin(address);
});
addEventListener("submit", (event) => {
  const form = event.target;
  if (!event.defaultPrevented && form instanceof HTMLFormElement && form.method === "get" && !form.target) begin(`?${new URLSearchParams([...new FormData(form)].map(([name, value]): [string, string] => [name, String(value)]))}`);
});
addEventListener("keydown", (event) => does(event, "close") && end());
addEventListener("pageshow", end);
