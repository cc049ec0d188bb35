// Very much at once: a list is read anew as a whole, and where somebody is at work in it only when they say so.
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { check, listening, openSignedIn } from "./browser.mjs";
import { t } from "./languages.mjs";
import { start } from "./plenary.mjs";

let plenary;
before(async () => {
  plenary = await start();
});
after(() => plenary.stop());

/** Leads, made in one act. */
async function leads(name, count) {
  const operations = Array.from({ length: count }, (_, number) => ({ op: "create", fields: { name: `${name} ${number}` } }));
  return plenary.api("POST", "/api/v1/leads/batch", { operations });
}

test("a burst comes into the list by itself", async () => {
  await leads("Первый", 1);
  const { page, complaints, close } = await openSignedIn(plenary, "/leads");
  await page.locator("[data-rows] tbody tr[data-id]").first().waitFor();
  await listening(page);
  await leads("Поток", 300);
  await page.locator("[data-rows] tbody", { hasText: "Поток" }).waitFor();
  assert.equal(await page.locator(".banner, .news").count(), 0);
  assert.deepEqual(complaints, []);
  await close();
});

test("whoever is at work in the list is asked", async () => {
  const { page, complaints, close } = await openSignedIn(plenary, "/leads");
  const row = page.locator("[data-rows] tbody tr[data-id]").first();
  await row.waitFor();
  await listening(page);
  await row.locator(".pick input").click();
  await leads("Ливень", 300);
  const banner = page.locator(".banner[data-about=many]");
  await banner.waitFor();
  assert.equal(await row.locator(".pick input").isChecked(), true, "what was ticked stays ticked");
  await check(page, "burst-ru-desktop-light");
  await banner.getByRole("button", { name: t("Показать") }).press("Enter");
  await page.locator("[data-rows] tbody", { hasText: "Ливень" }).waitFor();
  assert.deepEqual(complaints, []);
  await close();
});
