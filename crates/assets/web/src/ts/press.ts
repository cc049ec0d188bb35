// Nothing is taken from under the pointer: what comes while it is pressed waits until it is let go and the click has been. Else a
// press would begin on one thing and end on another, and nobody would hear of it.
let up: Promise<void> | undefined;
let go: (() => void) | undefined;

addEventListener(
  "pointerdown",
  ({ button }) => {
    if (button === 0) up ??= new Promise((resolve) => (go = resolve));
  },
  true,
);

/** The click comes right after the pointer is up. */
function release(): void {
  if (!up) return;
  setTimeout(() => {
    go?.();
    up = go = undefined;
  });
}
// Scroll bars, and what opens beside the page like the options of a control, keep the end of a press to themselves: what comes
// next tells of it.
for (const type of ["pointerup", "pointercancel", "scroll", "keydown", "change"]) addEventListener(type, release, true);
addEventListener("pointermove", ({ buttons }) => buttons || release());

/** What `fetch` answers, as soon as it is all there and nothing is pressed. */
export async function unpressed(...asked: Parameters<typeof fetch>): Promise<Response> {
  const answer = await fetch(...asked);
  await answer.clone().text();
  await up;
  return answer;
}

document.addEventListener("htmx:config:request", ({ detail: { ctx } }) => Object.assign(ctx, { fetch: unpressed }));
