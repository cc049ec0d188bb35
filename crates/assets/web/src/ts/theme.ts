// Auto, light or dark. A cookie remembers it, so that the server can write data-theme and nothing flashes.
const YEAR = 60 * 60 * 24 * 365;

document.addEventListener("change", (event) => {
  const input = event.target;
  if (!(input instanceof HTMLInputElement) || input.name !== "theme" || !input.closest("[data-theme-switch]")) return;
  const chosen = input.value;
  if (chosen === "auto") delete document.documentElement.dataset["theme"];
  else document.documentElement.dataset["theme"] = chosen;
  document.cookie = `theme=${chosen}; path=/; max-age=${YEAR}; samesite=lax`;
});

export {};
