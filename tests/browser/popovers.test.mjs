// What lies over the page has the keyboard to itself, and what is to be filled in is ready for it.
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { moment, openSignedIn } from "./browser.mjs";
import { t } from "./languages.mjs";
import { start } from "./plenary.mjs";

let plenary;
before(async () => {
  plenary = await start();
  await plenary.api("POST", "/api/v1/leads", { name: "Под Меню", company: "Было" });
});
after(() => plenary.stop());

test("the name of a view is typed at once, and letters over an open menu are no commands", async () => {
  const { page, complaints, close } = await openSignedIn(plenary, "/leads");
  await page.waitForURL(/leads/);
  const quick = page.locator("dialog.quick");
  const menu = page.locator("details.keep");
  for (const open of [() => menu.locator("summary").click(), () => menu.locator("summary").press("Enter")]) {
    await open();
    await page.waitForFunction(() => document.activeElement?.id === "new-view-name");
    await page.keyboard.type("cfj");
    assert.equal(await page.inputValue("#new-view-name"), "cfj");
    // Where nothing is typed they mean nothing either.
    await menu.locator("button.main-action").focus();
    for (const key of ["KeyC", "KeyF", "KeyJ", "KeyX", "Slash"]) await page.keyboard.press(key);
    await moment(page, 300);
    assert.equal(await quick.count(), 0);
    assert.equal(await page.locator("#palette:modal").count(), 0);
    assert.ok(await menu.locator("button.main-action").evaluate((button) => button === document.activeElement), "the focus stays in the menu");
    await page.fill("#new-view-name", "");
    await menu.locator("button.main-action").focus();
    await page.keyboard.press("Escape");
    assert.equal(await menu.evaluate((details) => details.open), false);
  }
  await page.keyboard.press("KeyC");
  await quick.waitFor();
  assert.deepEqual(complaints, []);
  await close();
});

test("over a user's menu and over a dialog they mean nothing either", async () => {
  const { page, complaints, close } = await openSignedIn(plenary, "/leads");
  await page.waitForURL(/leads/);
  for (const summary of await page.locator(".side-foot details.menu > summary, .bar details.menu:not([data-load]) > summary").all()) {
    if (!(await summary.isVisible())) continue;
    await summary.click();
    await summary.focus();
    await page.keyboard.press("KeyC");
    await page.keyboard.press("KeyX");
    await moment(page, 150);
    assert.equal(await page.locator("dialog[open]").count(), 0, await summary.innerText());
    await page.keyboard.press("Escape");
  }
  await page.keyboard.press("?");
  await page.locator("#shortcuts:modal").waitFor();
  await page.keyboard.press("KeyC");
  await moment(page, 150);
  assert.equal(await page.locator("dialog.quick").count(), 0);
  assert.deepEqual(complaints, []);
  await close();
});

test("that the server is away is said once, and no longer when it answers", async () => {
  const { id } = await plenary.api("POST", "/api/v1/leads", { name: "Обрыв Связи", company: "Было" });
  const { page, close } = await openSignedIn(plenary, `/leads/${id}`);
  await page.waitForURL(/leads\/.+/);
  const told = page.locator(".toast.bad", { hasText: t("Нет связи. Введённое осталось на месте.") });
  const isAway = (route) => (route.request().method() === "POST" ? route.abort() : route.fallback());
  await page.route(/edit\?field=company/, isAway);
  await page.locator("dl.fields dd", { hasText: "Было" }).locator("a.change").click();
  await page.fill("dd.edit [name=company]", "Стало");
  for (let time = 0; time < 3; time += 1) {
    await page.press("dd.edit [name=company]", "Enter");
    await told.waitFor();
    await moment(page, 200);
    assert.equal(await told.count(), 1, "one of a kind");
  }
  await page.unroute(/edit\?field=company/, isAway);
  await page.press("dd.edit [name=company]", "Enter");
  await page.locator("dl.fields dd", { hasText: "Стало" }).waitFor();
  assert.equal(await told.count(), 0, "it is no longer true");

  // The whole connection, as a browser tells it.
  await page.context().setOffline(true);
  await page.locator("dl.fields dd", { hasText: "Стало" }).locator("a.change").click();
  await told.waitFor();
  await page.context().setOffline(false);
  await told.waitFor({ state: "detached" });
  await close();
});
