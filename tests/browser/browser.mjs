// Debian's Chromium, and what every page is checked for.
import { after } from "node:test";
import assert from "node:assert/strict";
import AxeBuilder from "@axe-core/playwright";
import { chromium } from "playwright-core";
import { language } from "./languages.mjs";
import { admin } from "./plenary.mjs";

const flags = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];

export const screens = { desktop: { width: 1440, height: 900 }, tablet: { width: 1024, height: 768 }, phone: { width: 390, height: 844 } };

// One browser for a test file; every visitor has cookies of their own.
let launched;
const launch = () => (launched ??= chromium.launch({ executablePath: "/usr/bin/chromium", args: flags }));
after(async () => (await launched)?.close());

/** A visitor's window. `complaints` gathers console errors, what the policy of the page refused included. */
export async function open({ locale = { ru: "ru-RU", en: "en-GB" }[language], screen = "desktop", theme = "light", script = true, touch = false } = {}) {
  const context = await (await launch()).newContext({ locale, viewport: screens[screen], colorScheme: theme, javaScriptEnabled: script, hasTouch: touch, reducedMotion: "reduce", timezoneId: "Europe/Moscow" });
  context.setDefaultTimeout(10_000);
  // A page says nowhere that it has begun to hear of what others do.
  await context.addInitScript(() => {
    const Stream = window.EventSource;
    window.EventSource = class extends Stream {
      constructor(...told) {
        super(...told);
        this.addEventListener("ready", () => (window.isListening = true));
      }
    };
  });
  const page = await context.newPage();
  const complaints = [];
  // That an answer was a refusal is no fault of the page: forms answer 422 with what is wrong.
  const isRefusal = (text) => /status of 4\d\d/.test(text);
  page.on("console", (message) => message.type() === "error" && !isRefusal(message.text()) && complaints.push(`${page.url()} ${message.text()}`));
  page.on("pageerror", (error) => complaints.push(`${page.url()} ${error}`));
  return { page, complaints, close: () => context.close() };
}

/** Signs the administrator in and goes on to `path`. */
export async function signIn(page, url, path = "/") {
  await page.goto(`${url}/sign-in?next=${encodeURIComponent(path)}`);
  await page.fill("#email", admin.email);
  await page.fill("#password", admin.password);
  // A press waits for the next page itself, and not so long.
  await page.click("button.main-action", { noWaitAfter: true });
  // With its scripts at work: what is pressed before means something else.
  await page.waitForURL((address) => address.pathname !== "/sign-in", { timeout: 30_000 });
}

/** A window of somebody signed in. */
export async function openSignedIn({ url }, path, options) {
  const visit = await open(options);
  await signIn(visit.page, url, path);
  return visit;
}

/** Until a page hears of what others do, so that they do it by then. */
export const listening = (page) => page.waitForFunction(() => window.isListening);

/** Does what leads to another page, or to the same one anew, and waits until that is there with its scripts: what is pressed before means something else. */
export const follow = (page, act) => Promise.all([page.waitForEvent("load"), act()]);

/** A moment in which nothing is to happen: of that there is no sign to wait for. */
export const moment = (page, time = 500) => page.waitForTimeout(time);

/** Holds what is asked of an address until it is let go, by the function that is answered. */
export async function hold(page, address, method = "POST") {
  let go;
  const isLetGo = new Promise((resolve) => (go = resolve));
  await page.route(address, async (route) => {
    if (route.request().method() === method) await isLetGo;
    await route.continue();
  });
  return go;
}

/** What is written in the main part of a page, once all of it is there. */
export async function text(page) {
  await page.waitForLoadState();
  return (await page.locator("main").innerText()).replaceAll("\u00a0", " ");
}

const levels = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];

/** Nobody is kept out: no serious or critical finding of axe, no sideways scrolling, no text key left untranslated. Needs scripts. */
export async function check(page, name) {
  await checkFit(page, name);
  await assertNoFinding(page, name);
}

/** The cheap part of `check`. */
export async function checkFit(page, name) {
  await page.waitForLoadState();
  await picture(page, name);
  await assertFits(page, name);
}

/** The page as a screen and a theme show it; to be set before the page is opened, so that no colour is still on its way. */
export async function look(page, screen, theme) {
  await page.setViewportSize(screens[screen]);
  await page.emulateMedia({ colorScheme: theme });
}

async function assertNoFinding(page, name) {
  // There are no frames, so axe may work in the page alone: several times faster.
  const found = await new AxeBuilder({ page }).setLegacyMode().withTags(levels).analyze();
  const grave = found.violations.filter((finding) => ["serious", "critical"].includes(finding.impact));
  const places = (finding) => finding.nodes.map((node) => `${node.target} ${node.any[0]?.message ?? ""}`).join("\n    ");
  assert.equal(grave.map((finding) => `${name}: ${finding.id} at\n    ${places(finding)}`).join("\n"), "");
}

async function assertFits(page, name) {
  const { overflow, keys } = await page.evaluate(() => ({
    overflow: document.documentElement.scrollWidth - document.documentElement.clientWidth,
    keys: document.body.innerText.match(/\b(?:error|list|field|order|event|operator|page)-[a-z]+\b/g) ?? [],
  }));
  assert.ok(overflow <= 0, `${name}: scrolls sideways by ${overflow}px`);
  assert.equal(keys.join(", "), "", `${name}: untranslated`);
}

async function picture(page, name) {
  if (process.env.PLENARY_SHOTS) await page.screenshot({ path: `${process.env.PLENARY_SHOTS}/${name.replace("-ru-", `-${language}-`)}.png`, fullPage: true });
}
