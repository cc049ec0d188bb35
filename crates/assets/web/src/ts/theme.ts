// Auto, light or dark; rows roomy or compact. Cookies remember it, so that the server can write it and nothing flashes.
const YEAR = 60 * 60 * 24 * 365;
/** Switches, and the choice that is the absence of the attribute. */
const SWITCHES = { theme: "auto", density: "roomy" } as const;

document.addEventListener("change", (event) => {
  const input = event.target;
  if (!(input instanceof HTMLInputElement) || !input.closest("[data-theme-switch], [data-density-switch]")) return;
  const name = input.name as keyof typeof SWITCHES;
  if (input.value === SWITCHES[name]) delete document.documentElement.dataset[name];
  else document.documentElement.dataset[name] = input.value;
  document.cookie = `${name}=${input.value}; path=/; max-age=${YEAR}; samesite=lax`;
});

export {};
