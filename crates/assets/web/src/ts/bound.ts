// Which keys do what is written down in one place, from which the list behind `?` is made too. Letters are told by place on the
// keyboard, so they work on any layout; Ctrl is ⌘ as well.
import written from "../keys.txt";

const BOUND = new Map(
  written
    .split("\n")
    .filter((line) => line && !line.startsWith("#"))
    .map((line): [string, string[]] => {
      const at = line.indexOf(" ");
      return [line.slice(0, at), line.slice(at + 1).split(" | ")];
    }),
);

const PLACES: Record<string, string> = { KeyB: "B", KeyC: "C", KeyF: "F", KeyH: "H", KeyI: "I", KeyJ: "J", KeyK: "K", KeyR: "R", KeyT: "T", KeyX: "X", Slash: "/" };
const NAMES: Record<string, string> = { ArrowLeft: "←", ArrowRight: "→", ArrowUp: "↑", ArrowDown: "↓", Escape: "Esc" };

/** The Latin meaning of a key: what it types if that is Latin, else what its place types on a Latin keyboard. */
function meaning(event: KeyboardEvent): string {
  if (/^[a-z/?]$/i.test(event.key)) return event.key.toUpperCase();
  if (event.code === "Space") return event.code;
  if (event.key.length > 1) return NAMES[event.key] ?? event.key;
  const place = PLACES[event.code] ?? "";
  // On a Latin layout the slash's place may type something else, and then that is what was meant.
  if (place === "/" && !/[.,ё]/i.test(event.key)) return "";
  return place === "/" && event.shiftKey ? "?" : place;
}

/** What was pressed, as it is written down. */
export function pressed(event: KeyboardEvent): string {
  const key = meaning(event);
  // Some keyboards need Shift for these, others do not.
  const shift = event.shiftKey && !/^[/?]$/.test(key);
  return [(event.ctrlKey || event.metaKey) && "Ctrl", event.altKey && "Alt", shift && "Shift", key].filter(Boolean).join(" ");
}

/** Whether that is what does `what`. */
export function does(event: KeyboardEvent, what: string): boolean {
  return !event.isComposing && (BOUND.get(what)?.includes(pressed(event)) ?? false);
}
