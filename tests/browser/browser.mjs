// Debian's Chromium, and what every page is checked for.
import { chromium } from "playwright-core";
import AxeBuilder from "@axe-core/playwright";
import assert from "node:assert/strict";

const flags = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];

export const screens = { desktop: { width: 1440, height: 900 }, tablet: { width: 1024, height: 768 }, phone: { width: 390, height: 844 } };

export async function open({ locale = "ru-RU", screen = "desktop", theme = "light", script = true } = {}) {
  const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: flags });
  const context = await browser.newContext({ locale, viewport: screens[screen], colorScheme: theme, javaScriptEnabled: script, reducedMotion: "reduce" });
  const page = await context.newPage();
  const complaints = [];
  page.on("console", (message) => message.type() === "error" && complaints.push(message.text()));
  page.on("pageerror", (error) => complaints.push(String(error)));
  return { page, complaints, close: () => browser.close() };
}

/** Nobody is kept out: no serious or critical finding of axe, no sideways scrolling, no text key left untranslated. */
export async function check(page, name) {
  const found = await new AxeBuilder({ page }).withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]).analyze();
  const grave = found.violations.filter((finding) => ["serious", "critical"].includes(finding.impact));
  assert.deepEqual(grave.map((finding) => `${finding.id}: ${finding.nodes.map((node) => node.target).join(" | ")}`), [], `${name}: axe`);
  const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  assert.ok(overflow <= 0, `${name}: scrolls sideways by ${overflow}px`);
  if (process.env.PLENARY_SHOTS) await page.screenshot({ path: `${process.env.PLENARY_SHOTS}/${name}.png`, fullPage: true });
}
