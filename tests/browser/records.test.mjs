// A record: changed in its place, moved on, and changed by two people at once.
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { check, follow, openSignedIn } from "./browser.mjs";
import { either, once, t } from "./languages.mjs";
import { start } from "./plenary.mjs";

let plenary;
before(async () => (plenary = await start()));
after(() => plenary.stop());

const lead = (name) => plenary.api("POST", "/api/v1/leads", { name, company: "ООО «Ромашка»", email: "lead@example.org", phone: "+79211234567", need: "Стенд" });
const stored = (id) => plenary.api("GET", `/api/v1/leads/${id}`);
const value = (page, label) => page.locator("dl.fields dt", { hasText: label }).locator("xpath=following-sibling::dd[1]");

test("a field is changed in its place", async () => {
  const { id } = await lead("Пётр Иванов");
  const { page, complaints, close } = await openSignedIn(plenary, `/leads/${id}`);
  await value(page, t("Компания")).locator("a.change").click();
  const input = page.locator("dd.edit input[name=company]");
  assert.equal(await input.inputValue(), "ООО «Ромашка»");
  assert.ok(await input.evaluate((control) => control === document.activeElement), "one may type at once");
  await check(page, "lead-in-place-ru-desktop-light");
  await input.fill("ООО «Лютик»");
  await input.press("Enter");
  await page.locator("#toasts").getByText(t("Сохранено")).waitFor();
  assert.equal((await value(page, t("Компания")).innerText()).trim(), "ООО «Лютик»");
  assert.equal((await stored(id)).company, "ООО «Лютик»");
  assert.ok(await value(page, t("Компания")).locator("a").evaluate((link) => link === document.activeElement), "the focus is where it was");

  await value(page, t("Почта")).locator("a.change").click();
  await page.locator("dd.edit").waitFor();
  await page.locator("input[name=email]").fill("нет");
  await page.locator("dd.edit form").evaluate((form) => { form.noValidate = true; });
  await page.locator("dd.edit button").click();
  await page.locator("#email-error").waitFor();
  assert.equal(await page.inputValue("dd.edit input[name=email]"), "нет", "what was typed stays");
  await page.keyboard.press("Escape");
  await page.locator("dd.edit").waitFor({ state: "detached" });
  assert.equal((await stored(id)).email, "lead@example.org");

  await page.reload();
  const told = await page.locator(`section[aria-label='${t("История")}']`).innerText();
  assert.match(told, new RegExp(`${t("Компания")}.*«Ромашка».*«Лютик»`, "s"));
  assert.deepEqual(complaints, []);
  await close();
});

once("a field is changed without scripts", async () => {
  const { id } = await lead("Вера Беглова");
  const { page, close } = await openSignedIn(plenary, `/leads/${id}`, { script: false, locale: "en" });
  await page.locator("a.change", { hasText: "Стенд" }).click();
  await page.fill("[name=need]", "Два стенда");
  await page.locator("main button.main-action").click();
  await page.waitForURL((url) => url.pathname === `/leads/${id}`);
  assert.equal((await stored(id)).need, "Два стенда");
  await close();
});

test("a move asks what it needs, is refused without it, and is told in the story", async () => {
  const { id } = await lead("Иван Шаров");
  const { page, complaints, close } = await openSignedIn(plenary, `/leads/${id}`);
  await follow(page, () => page.locator(".top .actions").getByRole("button", { name: t("Связались") }).click());
  await page.locator(".path [aria-current]", { hasText: t("Контакт установлен") }).waitFor();

  await page.locator(".top summary", { hasText: t("Ещё") }).click();
  await page.locator(".top .pop").getByRole("link", { name: either("Отказ", "Lost") }).click();
  const dialog = page.getByRole("dialog", { name: either("Отказ", "Lost") });
  await dialog.waitFor();
  await check(page, "lead-lose-dialog-ru-desktop-light");
  assert.ok(await dialog.locator(".field [name]").evaluate((control) => control.contains(document.activeElement)), "one may type at once");
  await dialog.locator("form").evaluate((form) => { form.noValidate = true; });
  await dialog.getByRole("button", { name: either("Отказ", "Lost") }).click();
  await dialog.locator(".error").first().waitFor();
  assert.equal((await stored(id)).status, "contacted");
  const reason = dialog.locator("[name=lost_reason]");
  assert.ok(await reason.evaluate((control) => control === document.activeElement), "what is wrong has the focus, in the dialog that was refused");
  assert.equal(new URL(page.url()).pathname, `/leads/${id}`);
  await check(page, "lead-lose-refused-ru-desktop-light");
  if (await reason.evaluate((control) => control.tagName) === "SELECT") await reason.selectOption({ index: 1 });
  else await reason.fill("Нет бюджета");
  await dialog.locator("button.main-action").click();
  await page.locator(".path .lost").waitFor();
  await page.locator("#toasts", { hasText: either("Готово: «Отказ»", "Done: Lost") }).waitFor();
  assert.equal((await stored(id)).status, "lost");
  assert.match(await page.locator(`section[aria-label='${t("История")}']`).innerText(), new RegExp(`${t("Контакт установлен")}\\s*→\\s*${either("Отказ", "Lost")}`));
  assert.deepEqual(complaints, []);
  await close();
});

test("a dialog that is refused stays with what was typed, and the menu that it came from is closed", async () => {
  const { id } = await lead("Софья Лунина");
  await plenary.api("PATCH", `/api/v1/leads/${id}`, { company: null, need: null });
  await plenary.api("POST", `/api/v1/leads/${id}/transitions/contact`, {});
  const { page, complaints, close } = await openSignedIn(plenary, `/leads/${id}`);
  const menu = page.locator(".top details.more");
  const qualify = either("Квалифицировать", "Qualify");
  const inMenu = menu.getByRole("link", { name: either("Отказ", "Lost") });
  await menu.locator("summary").click();
  await inMenu.click();
  await page.getByRole("dialog").waitFor();
  assert.equal(await menu.evaluate((one) => one.open), false, "the menu has done its work");
  await page.keyboard.press("Escape");
  await page.getByRole("dialog").waitFor({ state: "detached" });
  assert.ok(await menu.locator("summary").evaluate((one) => one === document.activeElement), "one is back at its button");

  await page.locator(".top .actions").getByRole("link", { name: qualify }).click();
  const dialog = page.getByRole("dialog");
  await dialog.locator("form").evaluate((form) => { form.noValidate = true; });
  await dialog.locator("[name=company]").fill("ООО «Ромашка»");
  await dialog.locator("button.main-action").click();
  await dialog.locator("#need-error").waitFor();
  assert.equal(await dialog.locator("[name=company]").inputValue(), "ООО «Ромашка»");
  assert.ok(await dialog.locator("[name=need]").evaluate((one) => one === document.activeElement));

  // Somebody else has moved it on meanwhile: why it cannot be is told in the dialog, and what was typed is still there.
  await dialog.locator("[name=need]").fill("Стенд у входа");
  await plenary.api("POST", `/api/v1/leads/${id}/transitions/lose`, { lost_reason: "Нет бюджета" });
  await dialog.locator("button.main-action").click();
  await dialog.locator(".note.bad").waitFor();
  assert.deepEqual([await dialog.locator("[name=company]").inputValue(), await dialog.locator("[name=need]").inputValue()], ["ООО «Ромашка»", "Стенд у входа"]);
  assert.ok(await dialog.locator(".note.bad").evaluate((one) => one === document.activeElement), "what is wrong is read out");
  assert.deepEqual(complaints, []);
  await close();
});

test("in the panel beside a list a refused dialog stays too", async () => {
  const { id } = await lead("Нина Панельная");
  await plenary.api("POST", `/api/v1/leads/${id}/transitions/contact`, {});
  const { page, complaints, close } = await openSignedIn(plenary, `/leads?open=${id}`);
  const panel = page.locator("#panel");
  await panel.locator(".top details.more summary").click();
  await panel.locator(".top details.more").getByRole("link", { name: either("Отказ", "Lost") }).click();
  const dialog = page.getByRole("dialog");
  await dialog.locator("form").evaluate((form) => { form.noValidate = true; });
  await dialog.locator("button.main-action").click();
  await dialog.locator("#lost_reason-error").waitFor();
  await panel.locator(".record").waitFor();
  await dialog.locator("[name=lost_reason]").fill("Нет бюджета");
  await dialog.locator("button.main-action").click();
  await panel.locator(".path .lost").waitFor();
  assert.equal((await stored(id)).status, "lost");
  assert.deepEqual(complaints, []);
  await close();
});

for (const script of [true, false]) {
  test(`of two who change one field the later sees both values, scripts ${script ? "on" : "off"}`, async () => {
    const { id } = await lead("Мария Зорина");
    const { page, complaints, close } = await openSignedIn(plenary, `/leads/${id}`, { script });
    await value(page, t("Компания")).locator("a.change").click();
    await page.fill("main form [name=company]", "Моя компания");
    await plenary.api("PATCH", `/api/v1/leads/${id}`, { company: "Чужая компания", need: "Чужая правка" });
    const save = page.locator("main form:has([name=company]) button.main-action");
    await save.click();
    await page.locator(".conflict", { hasText: "Чужая компания" }).waitFor();
    assert.equal(await page.inputValue("main form [name=company]"), "Моя компания");
    assert.equal((await stored(id)).company, "Чужая компания", "nothing is overwritten unasked");
    await save.click();
    await page.locator("main form [name=company]").waitFor({ state: "detached" });
    const now = await stored(id);
    assert.deepEqual([now.company, now.need], ["Моя компания", "Чужая правка"]);
    assert.deepEqual(complaints, []);
    await close();
  });
}

once("what was typed into a form survives a reload", async () => {
  const { page, complaints, close } = await openSignedIn(plenary, "/leads/new");
  page.on("dialog", (dialog) => dialog.accept());
  await page.fill("#name", "Недописанный лид");
  await page.fill("#email", "не почта");
  await page.reload();
  assert.equal(await page.inputValue("#name"), "Недописанный лид");
  await page.locator("main button.main-action").click();
  await page.locator("#email-error").waitFor();
  assert.equal(await page.inputValue("#name"), "Недописанный лид");
  assert.equal(await page.inputValue("#email"), "не почта");
  await page.fill("#email", "lead2@example.org");
  await page.locator("main button.main-action").click();
  await page.locator("h1", { hasText: "Недописанный лид" }).waitFor();
  assert.deepEqual(complaints, []);
  await close();
});
