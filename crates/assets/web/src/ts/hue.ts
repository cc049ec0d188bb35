// A colour as text and as a well that picks one: each shows what the other has.
const COLOUR = /^#[0-9a-f]{6}$/i;

document.addEventListener("input", (event) => {
  const changed = event.target;
  const [text, well] = changed instanceof HTMLInputElement ? (changed.closest(".hue")?.querySelectorAll("input") ?? []) : [];
  if (!text || !well) return;
  if (changed === text) {
    if (COLOUR.test(text.value)) well.value = text.value;
    return;
  }
  text.value = well.value;
  text.dispatchEvent(new Event("input", { bubbles: true }));
});

// Whoever picks a colour wants it.
document.addEventListener("input", (event) => {
  const well = event.target;
  const name = well instanceof HTMLInputElement ? well.dataset["ticks"] : undefined;
  const box = name ? (well as HTMLInputElement).form?.elements.namedItem(name) : null;
  if (box instanceof HTMLInputElement) box.checked = true;
});

export {};
