// An act on many records that takes a while: how far it is, and a button that stops it. The form that began it waits for its end
// as without script; where that page was left, the next one shows how far it is and tells its end.
import { element } from "./page";
import { toast } from "./toast";
import { above, end as tellNoMore } from "./waiting";
import { fact, say } from "./words";

/** Milliseconds after which it is told. */
const PATIENCE = 600;
const AGAIN = 400;
/** How often nothing is heard of it before it is taken for ended. */
const DEAF = 5;

interface Heard {
  done: number;
  all: number;
  /** What came of one that nobody waited for. */
  ended?: Parameters<typeof toast>[0];
}

interface Told {
  bar: HTMLProgressElement;
  words: HTMLElement;
  stop: HTMLButtonElement;
}

let told: Told | undefined;
let timer = 0;

function tell(): Told {
  if (told?.bar.isConnected) return told;
  const bar = element("progress");
  const words = element("span", { role: "status" });
  const stop = element("button", { type: "button", class: "btn small" }, say("stop"));
  stop.addEventListener("click", () => {
    stop.disabled = true;
    stop.textContent = say("stopping");
    void fetch("/me/act/stop", { method: "POST" }).catch(() => (stop.disabled = false));
  });
  tellNoMore();
  above().append(element("div", { class: "waiting acting" }, bar, words, stop));
  return (told = { bar, words, stop });
}

function end(): void {
  clearTimeout(timer);
  told?.bar.closest(".acting")?.remove();
  told = undefined;
}

async function look(deaf: number): Promise<void> {
  const answer = await fetch("/me/act", { headers: { "HX-Request": "true" } }).catch(() => undefined);
  if (answer?.status !== 200 || answer.redirected) {
    if (deaf >= DEAF) return end();
    timer = window.setTimeout(() => void look(deaf + 1), AGAIN);
    return;
  }
  const { done, all, ended } = (await answer.json()) as Heard;
  if (ended) {
    end();
    return toast(ended);
  }
  const { bar, words } = tell();
  bar.max = all;
  bar.value = done;
  words.textContent = say("acting", { done, all });
  bar.setAttribute("aria-label", words.textContent);
  timer = window.setTimeout(() => void look(0), AGAIN);
}

document.addEventListener(
  "submit",
  (event) => {
    const form = event.target instanceof HTMLFormElement ? event.target.getAttribute("action") : null;
    if (!form || !/^\/[a-z_0-9]+\/bulk$/.test(form)) return;
    end();
    timer = window.setTimeout(() => void look(0), PATIENCE);
  },
  true,
);
// Back to the page as it was left, or the answer stands in it: nothing is waited for but an act that another page has left.
addEventListener("pageshow", () => {
  end();
  if (fact("acting") === "true") void look(DEAF);
});
