// A Plenary of its own for each test file: the real program with an empty store in a temporary folder. PLENARY_DATABASE=postgres puts the
// store into a throw-away PostgreSQL server.
import { spawn, execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { language } from "./languages.mjs";
import { database } from "./postgres.mjs";

const program = process.env.PLENARY_PROGRAM ?? fail("PLENARY_PROGRAM names the program to be tested; run script/test");

const isPostgres = process.env.PLENARY_DATABASE === "postgres";
// The program reads a whole address there.
delete process.env.PLENARY_DATABASE;

export const admin = { email: "anna@example.org", password: "correct-horse-battery" };

/** Starts the program; `setUp: false` leaves the set-up page open. Answers its address, a token and how to end it. */
export async function start({ setUp = true, locale = "ru" } = {}) {
  const data = mkdtempSync(join(tmpdir(), "plenary-browser-"));
  const place = ["--data", data, ...(isPostgres ? ["--database", await database()] : [])];
  const run = (...args) => execFileSync(program, [...args, ...place], { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] }).trim();
  let token;
  if (setUp) {
    run("init", "--admin-email", admin.email, "--admin-password", admin.password, "--organisation", "Ява-клуб", "--locale", locale, "--sandbox");
    token = run("token", "create", "--user", admin.email, "--name", "tests");
  }
  const child = spawn(program, ["serve", ...place, "--listen", "127.0.0.1:0"], { stdio: ["ignore", "pipe", "inherit"] });
  const url = await listening(child);
  const api = async (method, path, body) => {
    const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
    const answer = await fetch(url + path, { method, headers, body: body && JSON.stringify(body) });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
    return text ? JSON.parse(text) : undefined;
  };
  // The workspace keeps its language, money and zone; who works here reads in that of the run.
  if (setUp && language !== "ru") await api("PATCH", "/api/v1/me", { locale: language });
  return { url, token, api, stop: () => ended(child, data) };
}

/** The sample data in a language, served; who signs in stands in `visitor`. Answers its address and how to end it. */
export async function demo(locale) {
  const data = mkdtempSync(join(tmpdir(), "plenary-demo-"));
  const child = spawn(program, ["demo", "--locale", locale, "--data", data, "--listen", "127.0.0.1:0"], { stdio: ["ignore", "pipe", "inherit"] });
  return { url: await listening(child), stop: () => ended(child, data) };
}

/** The administrator of the sample data. */
export const visitor = { email: "demo@plenary.example", password: "plenary-demo" };

/** The address that a program started just now says it listens on. */
async function listening(child) {
  const first = await new Promise((resolve, reject) => {
    createInterface({ input: child.stdout }).once("line", resolve);
    child.once("exit", (code) => reject(new Error(`plenary ended with ${code}`)));
  });
  return first.replace("listening on ", "");
}

/** Ends a program and takes its folder away. */
const ended = (child, data) => new Promise((resolve) => {
  const tooLong = setTimeout(() => child.kill("SIGKILL"), 5_000);
  child.once("exit", () => {
    clearTimeout(tooLong);
    resolve(rmSync(data, { recursive: true, force: true }));
  });
  child.kill("SIGTERM");
});

/** A conference on sale with two ticket types. */
export async function conference({ api }) {
  const event = await api("POST", "/api/v1/events", {
    name: "JavaВесна 2027", slug: "javavesna27", kind: "conference", starts_on: "2027-04-13", ends_on: "2027-04-14",
    venue: "Москва, Дворец культуры", capacity: 120, status: "on_sale",
  });
  const price = (amount) => ({ amount, currency: "RUB" });
  const type = (name, quota, tiers) => api("POST", "/api/v1/ticket_types", { event: event.id, name, quota, price_tiers: tiers });
  const tier = (amount, from, until) => ({ price: price(amount), from, until });
  const change = new Date(Date.now() + 10 * 24 * 3600 * 1000).toISOString().replace(/\.\d+Z$/, "Z");
  const hall = await type("Участник, офлайн", 100, [tier("10000.00", null, change), tier("14000.00", change, null)]);
  const online = await type("Участник, онлайн", 20, [tier("4000.00", null, null)]);
  return { event, hall, online };
}

/** An order as a site's back end sends it. */
export async function order({ url }, ticketType, name, email) {
  const body = { buyer: { name, email }, tickets: [{ ticket_type: ticketType.id }] };
  const headers = { "content-type": "application/json" };
  const answer = await fetch(`${url}/api/public/v1/events/javavesna27/orders`, { method: "POST", headers, body: JSON.stringify(body) });
  return answer.json();
}

function fail(sentence) {
  throw new Error(sentence);
}
