// What administrators shape: fields, layouts, the logo and the colour; and the order form in a page of another site.
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { check, checkFit, look, open, openSignedIn, signIn } from "./browser.mjs";
import { either, once, t } from "./languages.mjs";
import { conference, start } from "./plenary.mjs";

let plenary, event;
before(async () => {
  plenary = await start();
  ({ event } = await conference(plenary));
  await plenary.api("POST", "/api/v1/meta/modules", { name: "hotels", label: { ru: "Гостиницы", en: "Hotels" } });
});
after(() => plenary.stop());

/** A site on another port, whose only page holds these lines of HTML. */
async function site(lines) {
  const server = createServer((_, answer) => {
    answer.setHeader("content-type", "text/html; charset=utf-8");
    answer.end(`<!doctype html><html lang="ru"><title>Сайт</title><h1>Наша конференция</h1>${lines}`);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { url: `http://127.0.0.1:${server.address().port}/`, stop: () => new Promise((resolve) => { server.closeAllConnections(); server.close(resolve); }) };
}

test("a field is said in a form that shows what its type needs", async () => {
  const { page, complaints, close } = await openSignedIn(plenary, "/settings/modules/hotels");
  await page.waitForURL(/hotels/);
  const form = page.locator("#new-field");
  const shown = (id) => form.locator(id).isVisible();
  assert.deepEqual([await shown("#scale"), await shown("#choices"), await shown("#series")], [false, false, true]);
  await form.locator("#type").selectOption("decimal");
  assert.deepEqual([await shown("#scale"), await shown("#min"), await shown("#series")], [true, true, false]);
  await form.locator("#type").selectOption("choice");
  assert.deepEqual([await shown("#scale"), await shown("#choices")], [false, true]);
  await form.locator("[name=label_ru]").fill("Питание");
  await form.locator("#name").fill("board");
  await form.locator("[name='option.0.value']").fill("full");
  await form.locator("[name='option.0.ru']").fill("Полное");
  await form.locator("[name='option.1.value']").fill("none");
  await form.locator("[name='option.1.ru']").fill("Нет");
  await form.getByRole("button", { name: either("Ниже: 1", "Down: 1") }).waitFor({ state: "attached" });
  // From the beginning: the index that stays in sight lies over what has been scrolled away.
  await page.locator("h1").first().evaluate((title) => title.scrollIntoView());
  await check(page, "field-form-ru-desktop-light");
  await form.locator("[name='option.1.ru']").press("Enter");
  await page.getByRole("link", { name: "Питание" }).first().click();
  await page.waitForURL(/fields\/board/);
  await page.getByRole("button", { name: either("Ниже: Полное", "Down: Полное") }).click();
  await page.waitForFunction(() => document.querySelector("[name='option.0.value']")?.value === "none");
  await page.getByRole("button", { name: t("Что изменится") }).click();
  await page.getByText(t("Пока ничего не изменено.")).waitFor();
  await check(page, "field-ru-desktop-light");
  await page.locator("footer.actions").getByRole("button", { name: t("Сохранить") }).click();
  await page.waitForURL((url) => url.pathname === "/settings/modules/hotels");
  const fields = await plenary.api("GET", "/api/v1/meta/modules/hotels/fields");
  assert.deepEqual(fields.data.find((field) => field.name === "board").options.map((option) => option.value), ["none", "full"]);
  assert.deepEqual(complaints, []);
  await close();
});

once("a layout is arranged without script", async () => {
  const { page, close } = await open({ script: false, locale: "en-US" });
  await signIn(page, plenary.url, "/settings/modules/leads");
  await page.waitForURL(/leads/);
  await page.locator("#layout").getByRole("button", { name: /^(Добавить группу|Add a group)$/ }).click();
  await page.waitForURL(/layout/);
  const groups = page.locator("#layout [name^='group.'][name$='.ru']");
  await groups.last().fill("Своё");
  const last = String((await groups.count()) - 1);
  await page.locator("[name='place.source']").selectOption(last);
  await page.locator("#layout footer .main-action").click();
  await page.waitForURL((url) => url.pathname === "/settings/modules/leads");
  const leads = await plenary.api("GET", "/api/v1/meta/modules/leads");
  assert.deepEqual(leads.groups.at(-1), { label: { ru: "Своё", en: "Своё" }, fields: ["source"] });
  await close();
});

once("settings of a module fit every screen", async () => {
  const { page, close } = await openSignedIn(plenary, "/settings/modules/leads");
  for (const [screen, theme] of [["desktop", "dark"], ["tablet", "light"], ["phone", "light"], ["phone", "dark"]]) {
    await look(page, screen, theme);
    await page.goto(`${plenary.url}/settings/modules/leads`);
    await checkFit(page, `layout-ru-${screen}-${theme}`);
  }
  await check(page, "layout-ru-phone-dark-whole");
  await page.goto(`${plenary.url}/settings/organisation`);
  await check(page, "logo-ru-phone-dark");
  await close();
});

once("the organisation's colour is read in light and dark", async () => {
  await plenary.api("PATCH", "/api/v1/meta/organisation", { accent: "#ffe600" });
  for (const theme of ["light", "dark"]) {
    const { page, complaints, close } = await open({ theme, locale: "en-US" });
    await page.goto(`${plenary.url}/e/javavesna27`);
    await check(page, `accent-public-en-desktop-${theme}`);
    await signIn(page, plenary.url, "/settings/modules/hotels");
    await page.waitForURL(/hotels/);
    await check(page, `accent-settings-desktop-${theme}`);
    assert.deepEqual(complaints, []);
    await close();
  }
  await plenary.api("PATCH", "/api/v1/meta/organisation", { accent: null });
});

test("the order form works inside another site", async () => {
  const staff = await openSignedIn(plenary, `/events/${event.id}`);
  await staff.page.waitForURL(/events/);
  await staff.page.locator("summary", { hasText: t("Форма заказа на Вашем сайте") }).click();
  const lines = (await staff.page.locator("#embed-code").inputValue()).replaceAll(/https?:\/\/[^/"]+/g, plenary.url);
  assert.equal(await staff.page.locator("[data-copies]").isVisible(), true);
  await check(staff.page, "embed-code-ru-desktop-light");
  await staff.close();

  const outer = await site(lines);
  const { page, complaints, close } = await open({ screen: "phone" });
  await page.goto(outer.url);
  const form = page.frameLocator("iframe");
  await form.locator("#buyer_name").waitFor();
  await page.waitForFunction(() => document.querySelector("iframe").style.height.endsWith("px"));
  await form.locator("select[name^='count.']").first().selectOption("1");
  await form.locator("button.main-action").click();
  await form.locator(".note.bad").waitFor();
  await form.locator("#buyer_name").fill("Пётр Ли");
  await form.locator("#buyer_email").fill("petr@example.org");
  await form.locator("[name=consent]").check();
  await form.locator("button.main-action").click();
  const way = form.getByRole("link", { name: t("Открыть страницу заказа") });
  await way.waitFor();
  const [order] = await Promise.all([page.context().waitForEvent("page"), way.click()]);
  await order.waitForURL(/\/p\/o\//);
  assert.equal(order.url().includes("placed"), false);
  await order.locator("h1", { hasText: "JavaВесна" }).waitFor();
  assert.deepEqual(complaints, []);
  await close();
  await outer.stop();
});

test("no other page stands in a frame", async () => {
  for (const path of ["/e/javavesna27", "/sign-in"]) {
    const outer = await site(`<iframe src="${plenary.url}${path}" title="x"></iframe>`);
    const { page, close } = await open();
    await page.goto(outer.url);
    const frame = page.frames().find((frame) => frame !== page.mainFrame());
    await frame.waitForLoadState().catch(() => {});
    assert.equal(await page.frameLocator("iframe").locator("main.sheet").count(), 0, path);
    await close();
    await outer.stop();
  }
});

test("the interface can be installed", async () => {
  const { page, complaints, close } = await openSignedIn(plenary, "/leads");
  await page.waitForURL(/leads/);
  const manifest = await page.evaluate(async () => (await fetch(document.querySelector("link[rel=manifest]").href)).json());
  assert.equal(manifest.name, "Ява-клуб");
  const devtools = await page.context().newCDPSession(page);
  const { errors } = await devtools.send("Page.getAppManifest");
  assert.deepEqual(errors, []);
  assert.deepEqual(complaints, []);
  await close();
});
