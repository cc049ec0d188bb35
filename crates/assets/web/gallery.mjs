// Shows gallery.html on this machine, to look at the components while working on them: npm run gallery
// Each screen of the file is a page of its own; {{name}} is an icon, {{> name}} another piece of the file.
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { basename, extname, join } from "node:path";

const bundles = mkdtempSync(join(tmpdir(), "plenary-gallery-"));
const port = Number(process.argv[2] ?? 4180);
const POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; form-action 'self'";

function rebuild() {
  execFileSync(process.execPath, [join(import.meta.dirname, "build.mjs"), bundles, "release"], { stdio: "inherit" });
  const files = readFileSync(join(bundles, "manifest.tsv"), "utf8").split("\n").map((line) => line.split("\t"));
  return Object.fromEntries(files.filter(([kind]) => kind === "file").map(([, logical, name, type]) => [logical, { name, type }]));
}

/** The pieces of gallery.html: `<!-- screen NAME BODY-CLASS -->` up to the next one. */
function pieces() {
  const [, ...parts] = readFileSync(join(import.meta.dirname, "gallery.html"), "utf8").split("<!-- screen ");
  return new Map(parts.map((part) => {
    const end = part.indexOf("-->");
    const [name, ...classes] = part.slice(0, end).trim().split(" ");
    return [name, { body: part.slice(end + 3), classes: classes.join(" ") }];
  }));
}

function page(name, query, files) {
  const all = pieces();
  const { body, classes } = all.get(name);
  const current = query.get("at") ?? name;
  const html = body
    .replace(/\{\{> ([\w-]+)\}\}/g, (_, piece) => all.get(piece).body)
    .replaceAll(` data-page="${current}"`, ' aria-current="page"')
    .replace(/\{\{([\w-]+)( [\w ]+)?\}\}/g, (_, icon, classes) => `<svg class="ic${classes ?? ""}" aria-hidden="true"><use href="/assets/${files["icons.svg"].name}#${icon}"/></svg>`)
    .replaceAll("[[logo]]", `/assets/${files["logo.svg"].name}`);
  const style = classes.startsWith("public") ? "public.css" : "app.css";
  const theme = query.get("theme") ? ` data-theme="${query.get("theme")}"` : "";
  const script = style === "app.css" ? `<script type="module" src="/assets/${files["app.js"].name}"></script>` : "";
  return `<!doctype html><html lang="${query.get("lang") ?? "ru"}"${theme}><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${name}</title>
<link rel="icon" href="/assets/${files["logo.svg"].name}"><link rel="stylesheet" href="/assets/${files[style].name}">${script}
<body class="${classes}" data-say-failed="Не получилось: на сервере ошибка. Введённое осталось на месте." data-say-offline="Нет связи. Введённое осталось на месте." data-say-close="Закрыть">${html}</body></html>`;
}

const files = rebuild();
createServer((request, response) => {
  const url = new URL(request.url, "http://localhost");
  const name = basename(url.pathname);
  const file = join(bundles, name);
  if (url.pathname.startsWith("/assets/") && existsSync(file)) {
    const type = Object.values(files).find((known) => known.name === name)?.type ?? `application/${extname(name).slice(1)}`;
    response.writeHead(200, { "content-type": type }).end(readFileSync(file));
  } else if (url.pathname === "/" || pieces().has(name)) {
    response.writeHead(200, { "content-type": "text/html; charset=utf-8", "content-security-policy": POLICY }).end(page(name || "list", url.searchParams, files));
  } else {
    response.writeHead(404).end();
  }
}).listen(port, "127.0.0.1", () => console.log(`http://127.0.0.1:${port}/list`));
