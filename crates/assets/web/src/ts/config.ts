// Settings htmx reads once, from a meta tag, when it is imported; so this module is imported before it.
// Addresses and steps back are the business of the pages alone (history).
// Nothing is animated from what it was to what it is (defaultSettleDelay): that would write styles into elements.
// Failures of the server (5xx) don't replace what is on the page: what was typed stays, a toast tells.
const settings = { includeIndicatorCSS: false, prefix: "", noSwap: [204, 304, "5xx"], history: false, defaultSettleDelay: 0 };

const meta = document.createElement("meta");
meta.name = "htmx-config";
meta.content = JSON.stringify(settings);
document.head.append(meta);

export {};
