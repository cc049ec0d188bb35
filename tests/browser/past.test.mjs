// The past of a record and what is done to it: saved by leaving, told with its way back, read to its beginning, seen as it
// stood, field by field; by keyboard and pointer, in both languages, on a phone.
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { check, follow, look, moment, openSignedIn } from "./browser.mjs";
import { start } from "./plenary.mjs";

let plenary;
before(async () => (plenary = await start()));
after(() => plenary.stop());

const WORDS = {
  ru: { saved: "Сохранено", undo: "Вернуть как было", moved: "Контакт установлен", move: "Связались", more: "Ещё", older: "Показать более раннее", stood: "Так запись выглядела", back: "Вернуться к сегодняшнему виду", past: "История поля «Компания»" },
  en: { saved: "Saved", undo: "Undo", moved: "Contacted", move: "Contacted", more: "More", older: "Show older", stood: "This is how the record stood", back: "Back to now", past: "History of the field “Company”" },
};

const lead = async (more) => (await plenary.api("POST", "/api/v1/leads", { name: "Пётр Иванов", company: "Вектор", email: "lead@example.org", ...more })).id;
const stored = (id) => plenary.api("GET", `/api/v1/leads/${id}`);
const field = (page, name) => page.locator(`dl.fields a.change[href$="field=${name}"]`);
const speak = (locale) => plenary.api("PATCH", "/api/v1/me", { locale });
const sent = (page) => {
  const requests = [];
  page.on("request", (request) => request.method() === "POST" && requests.push(request.url()));
  return requests;
};

for (const locale of ["ru", "en"]) {
  const words = WORDS[locale];

  test(`leaving a field saves it, Esc leaves it as it was, ${locale}`, async () => {
    await speak(locale);
    const id = await lead();
    const { page, complaints, close } = await openSignedIn(plenary, `/leads/${id}`);
    const posts = sent(page);
    await field(page, "company").click();
    await page.fill("dd.edit [name=company]", "Ядро");
    await page.locator("h1").click();
    const toast = page.locator("#toasts .toast", { hasText: words.saved });
    await toast.waitFor();
    await page.locator("dd.edit").waitFor({ state: "detached" });
    assert.equal((await stored(id)).company, "Ядро");
    assert.equal(posts.length, 1, "once");

    // Nothing is sent where nothing changed; Esc drops what was typed.
    await field(page, "company").click();
    await page.locator("dd.edit [name=company]").waitFor();
    await page.locator("h1").click();
    await page.locator("dd.edit").waitFor({ state: "detached" });
    await field(page, "company").focus();
    await page.keyboard.press("Enter");
    await page.locator("dd.edit [name=company]").waitFor();
    await page.keyboard.type("Эпсилон");
    await page.keyboard.press("Escape");
    await page.locator("dd.edit").waitFor({ state: "detached" });
    assert.equal(posts.length, 1, posts.join("\n"));

    // From one field straight to the next: the first is saved, one types in the second at once.
    await field(page, "company").click();
    await page.fill("dd.edit [name=company]", "Сигма");
    await field(page, "need").click();
    await page.waitForFunction(() => document.activeElement?.getAttribute("name") === "need");
    await page.locator("dd.edit [name=company]").waitFor({ state: "detached" });
    assert.equal((await stored(id)).company, "Сигма");
    await page.keyboard.press("Escape");
    await page.locator("dd.edit").waitFor({ state: "detached" });

    // What is refused is told at the field, and what was typed stays; it is not sent again before it changes.
    await field(page, "email").click();
    await page.fill("dd.edit [name=email]", "нет");
    await page.locator("h1").click();
    await page.locator("#email-error").waitFor();
    assert.equal(await page.inputValue("dd.edit [name=email]"), "нет");
    await check(page, `past-refused-${locale}-desktop-light`);
    const before = posts.length;
    await page.locator("dd.edit [name=email]").focus();
    await page.locator("h1").click();
    await moment(page);
    assert.equal(posts.length, before);
    await page.fill("dd.edit [name=email]", "new@example.org");
    await page.locator("h1").click();
    await page.locator("dd.edit").waitFor({ state: "detached" });
    assert.equal((await stored(id)).email, "new@example.org");

    await page.locator("#toasts .toast").last().getByRole("button", { name: words.undo }).click();
    await field(page, "email").getByText("lead@example.org").waitFor();
    assert.deepEqual(complaints, []);
    await close();
  });

  test(`a move is told with its way back, on the page and beside the list, ${locale}`, async () => {
    await speak(locale);
    const id = await lead({ name: `Ход ${locale}` });
    const { page, complaints, close } = await openSignedIn(plenary, `/leads/${id}`);
    await page.locator(".top .actions").getByRole("button", { name: words.move }).click();
    const toast = page.locator("#toasts .toast", { hasText: words.moved });
    await toast.waitFor();
    await check(page, `past-moved-${locale}-desktop-light`);
    await follow(page, () => toast.getByRole("button", { name: words.undo }).click());
    assert.equal(page.url(), `${plenary.url}/leads/${id}`);
    assert.equal((await stored(id)).status, "new");

    await page.goto(`${plenary.url}/leads`);
    await page.locator("[data-rows] tbody .name a", { hasText: `Ход ${locale}` }).click();
    const panel = page.locator("#panel");
    await panel.locator(".top .actions").getByRole("button", { name: words.move }).click();
    await toast.waitFor();
    assert.equal((await stored(id)).status, "contacted");
    await follow(page, () => toast.getByRole("button", { name: words.undo }).click());
    assert.match(page.url(), /\/leads\?open=/);
    assert.equal((await stored(id)).status, "new");
    assert.deepEqual(complaints, []);
    await close();
  });

  test(`the record as it stood and the history of a field, ${locale}`, async () => {
    await speak(locale);
    const id = await lead();
    await plenary.api("PATCH", `/api/v1/leads/${id}`, { company: "Ядро" });
    const { page, complaints, close } = await openSignedIn(plenary, `/leads/${id}`);
    // By keyboard: from the name of the field to its history and back.
    await page.locator('dl.fields a.past[href$="field=company"]').focus();
    await page.keyboard.press("Enter");
    const dialog = page.getByRole("dialog", { name: words.past });
    await dialog.waitFor();
    assert.match(await dialog.locator(".changes li").first().innerText(), /Вектор\s*→\s*Ядро/);
    await check(page, `past-field-${locale}-desktop-light`);
    await page.keyboard.press("Escape");
    await dialog.waitFor({ state: "detached" });

    await page.locator(".top summary", { hasText: words.more }).click();
    await check(page, `past-asked-${locale}-desktop-light`);
    await follow(page, () => page.locator(".top .as-of button").click());
    await page.locator(".note.warn", { hasText: words.stood }).waitFor();
    assert.equal(await page.locator("main a.change, main form[method=post]").count(), 0, "nothing is changed there");
    await check(page, `past-stood-${locale}-desktop-light`);
    await look(page, "phone", "dark");
    await page.reload();
    await check(page, `past-stood-${locale}-phone-dark`);
    await page.getByRole("link", { name: words.back }).click();
    await page.waitForURL(`${plenary.url}/leads/${id}`);
    await check(page, `past-record-${locale}-phone-dark`);
    assert.deepEqual(complaints, []);
    await close();
  });

  test(`a long story is read to its beginning, ${locale}`, async () => {
    await speak(locale);
    const id = await lead();
    for (let number = 0; number < 105; number += 1) await plenary.api("PATCH", `/api/v1/leads/${id}`, { company: `Компания ${number}` });
    const { page, complaints, close } = await openSignedIn(plenary, `/leads/${id}`);
    const older = page.getByRole("link", { name: words.older });
    await older.waitFor();
    assert.equal(await page.locator(".story .line").count(), 100);
    await older.focus();
    await page.keyboard.press("Enter");
    await older.waitFor({ state: "detached" });
    assert.equal(await page.locator(".story .line").count(), 106);
    await check(page, `past-older-${locale}-desktop-light`);
    assert.deepEqual(complaints, []);
    await close();
  });
}

test("without script what was done is told as well, and taken back", async () => {
  await speak("en");
  const id = await lead();
  const { page, close } = await openSignedIn(plenary, `/leads/${id}`, { script: false, locale: "en-GB", screen: "phone" });
  await page.locator(".top .actions").getByRole("button", { name: WORDS.en.move }).click();
  const toast = page.locator("#toasts .toast", { hasText: WORDS.en.moved });
  await toast.waitFor();
  await toast.getByRole("button", { name: WORDS.en.undo }).click();
  await page.waitForURL(`${plenary.url}/leads/${id}`);
  assert.equal((await stored(id)).status, "new");
  await close();
});

test("who answers for a record stands over it and is changed there", async () => {
  await speak("ru");
  await plenary.api("POST", "/api/v1/meta/users", { name: "Борис Ким", email: "boris@example.org", roles: ["head_of_sales"], password: "another-long-password", locale: "ru" });
  const id = await lead();
  const { page, complaints, close } = await openSignedIn(plenary, `/leads/${id}`);
  await page.locator(".top a.answers").focus();
  await page.keyboard.press("Enter");
  const dialog = page.getByRole("dialog", { name: "Ответственный" });
  await dialog.waitFor();
  await check(page, "past-owner-ru-desktop-light");
  await dialog.locator("[role=combobox]").fill("Борис");
  await dialog.getByRole("option", { name: "Борис Ким" }).click();
  await dialog.locator("button.main-action").click();
  await page.locator(".top .answers", { hasText: "Борис Ким" }).waitFor();
  await page.locator("#toasts .toast", { hasText: "Сохранено" }).waitFor();
  await look(page, "phone", "light");
  await check(page, "past-owner-ru-phone-light");
  assert.deepEqual(complaints, []);
  await close();
});
