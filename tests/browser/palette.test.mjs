// What the palette found for the last letter takes the place of what it found, or did not find, for the one before.
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { check, moment, openSignedIn } from "./browser.mjs";
import { either, language, t } from "./languages.mjs";
import { start } from "./plenary.mjs";

let plenary;
before(async () => {
  plenary = await start();
  await plenary.api("POST", "/api/v1/leads", { name: "Зоя Журавлёва", company: "Ядро" });
});
after(() => plenary.stop());

test("a fruitless letter is followed by what is found, by recents and commands, and by a palette opened anew", async () => {
  const { page, complaints, close } = await openSignedIn(plenary, "/leads");
  await page.waitForURL(/leads/);
  await page.keyboard.press("Control+KeyK");
  const palette = page.locator("#palette:modal");
  await palette.waitFor();
  const none = palette.getByText(either("Ничего не нашлось", "Nothing found"));
  const found = palette.getByRole("option", { name: /Журавлёва/ });
  const commands = palette.getByRole("group", { name: t("Перейти") });

  await page.keyboard.type("ъ");
  await none.waitFor();
  // Letter by letter, as one types, with answers that come late.
  await page.route(/search\/hits/, async (route) => {
    await new Promise((resolve) => setTimeout(resolve, 120));
    await route.continue();
  });
  await page.keyboard.press("Backspace");
  await commands.waitFor();
  assert.equal(await none.isVisible(), false, "a box that was emptied brings the commands back");
  await page.keyboard.type("журавлева", { delay: 90 });
  await found.waitFor();
  assert.equal(await none.isVisible(), false);

  await palette.locator("input").fill("ъъъ");
  await none.waitFor();
  await palette.locator("input").fill("журавл");
  await found.waitFor();
  assert.equal(await none.isVisible(), false);
  assert.equal(await palette.locator("[aria-selected=true]").count(), 1);

  await palette.locator("input").fill("ъъъ");
  await none.waitFor();
  await page.keyboard.press("Escape");
  await palette.waitFor({ state: "detached" });
  await page.keyboard.press("Control+KeyK");
  await palette.waitFor();
  await commands.waitFor();
  assert.equal(await none.isVisible(), false, "opened anew it says nothing of the last time");
  assert.deepEqual(complaints, []);
  await close();
});

test("an answer to what is no longer asked is dropped, and a server that is away is told", async () => {
  const { page, complaints, close } = await openSignedIn(plenary, "/leads");
  await page.waitForURL(/leads/);
  await page.keyboard.press("Control+KeyK");
  const palette = page.locator("#palette:modal");
  await palette.waitFor();
  let letGo;
  const isLetGo = new Promise((resolve) => (letGo = resolve));
  const fruitless = (told) => decodeURIComponent(told.url()).includes("q=ъ");
  await page.route(/search\/hits/, async (route) => {
    if (fruitless(route.request())) await isLetGo;
    await route.continue();
  });
  const asked = page.waitForRequest(fruitless);
  await palette.locator("input").fill("ъ");
  await asked;
  await palette.locator("input").fill("журавл");
  const found = palette.getByRole("option", { name: /Журавлёва/ });
  await found.waitFor();
  const late = page.waitForResponse(fruitless);
  letGo();
  await (await late).finished();
  await moment(page);
  assert.ok(await found.isVisible(), "the late answer takes nothing away");

  await page.unroute(/search\/hits/);
  await page.route(/search\/hits/, (route) => route.fulfill({ status: 503, body: "" }));
  await palette.locator("input").fill("журав");
  await palette.getByText(either("Нет связи", "No connection")).waitFor();
  assert.deepEqual(complaints.filter((complaint) => !complaint.includes("503")), []);
  await close();
});

test("settings are found by the words of either language, by whoever may open them", async () => {
  const seller = { email: "ksenia@example.org", password: "correct-horse-battery" };
  await plenary.api("POST", "/api/v1/meta/users", { ...seller, name: "Ксения", roles: ["salesperson"], locale: language });
  const { page, complaints, close } = await openSignedIn(plenary, "/leads");
  await page.waitForURL(/leads/);
  await page.keyboard.press("Control+KeyK");
  const palette = page.locator("#palette:modal");
  await palette.waitFor();
  const settings = palette.locator("[data-asked]");
  assert.equal(await settings.isVisible(), false, "there are too many to stand there unasked");
  for (const [words, address] of [
    ["роли", "/settings/roles"], ["roles", "/settings/roles"], ["пользователи", "/settings/users"], ["users", "/settings/users"],
    ["пакеты", "/settings/packs"], ["packs", "/settings/packs"], ["модуль лиды", "/settings/modules/leads"], ["module leads", "/settings/modules/leads"],
  ]) {
    await palette.locator("input").fill(words);
    await settings.locator(`[href="${address}"]`).waitFor();
  }
  await palette.locator("input").fill("rules");
  await check(page, "palette-settings-ru-desktop-light");
  await settings.locator('[href="/settings/rules"]').click();
  await page.waitForURL(/settings\/rules$/);

  await page.request.post(`${plenary.url}/sign-out`, { headers: { origin: plenary.url } });
  await page.goto(`${plenary.url}/sign-in?next=/leads`);
  await page.fill("#email", seller.email);
  await page.fill("#password", seller.password);
  await page.click("button.main-action");
  await page.waitForURL((url) => url.pathname === "/leads");
  await page.keyboard.press("Control+KeyK");
  await palette.waitFor();
  await palette.locator("input").fill(either("настройки", "settings"));
  await settings.locator("[role=option]").first().waitFor();
  assert.deepEqual(await settings.locator("[role=option]").evaluateAll((options) => options.map((option) => option.getAttribute("href"))), ["/views"]);
  assert.deepEqual(complaints, []);
  await close();
});
