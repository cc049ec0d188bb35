// Settings htmx reads once, from a meta tag, when it is imported; so this module is imported before it.
// Failures of the server (5xx) don't replace what is on the page: what was typed stays, a toast tells.
const settings = { includeIndicatorCSS: false, prefix: "", noSwap: [204, 304, "5xx"], extensions: "sse" };

const meta = document.createElement("meta");
meta.name = "htmx-config";
meta.content = JSON.stringify(settings);
document.head.append(meta);

export {};
