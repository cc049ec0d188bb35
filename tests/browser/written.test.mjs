// A letter is written from a record, formatted, looked at, taken back, changed, and stands in the record's story; in both languages,
// with and without script.
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { check, openSignedIn } from "./browser.mjs";
import { start } from "./plenary.mjs";

let plenary;
before(async () => {
  plenary = await start();
  await plenary.api("PATCH", "/api/v1/meta/organisation", { letter_wait: 3600 });
});
after(() => plenary.stop());

const WORDS = {
  ru: { write: "Написать письмо", subject: "Тема", text: "Текст", send: "Отправить", undo: "Вернуть как было", outbox: "Исходящие" },
  en: { write: "Write a letter", subject: "Subject", text: "Text", send: "Send", undo: "Undo", outbox: "Outbox" },
};

for (const [language, options] of [["ru", {}], ["en", { locale: "en-GB", screen: "phone", theme: "dark" }]]) {
  const words = WORDS[language];
  test(`written, taken back, sent again: ${language}`, async () => {
    await plenary.api("PATCH", "/api/v1/me", { locale: language });
    const lead = await plenary.api("POST", "/api/v1/leads", { name: `Анна ${language}`, email: `anna.${language}@client.example` });
    const { page, complaints, close } = await openSignedIn(plenary, `/leads/${lead.id}`, options);
    await page.getByRole("link", { name: words.write }).click();
    const sheet = page.getByRole("dialog");
    await sheet.getByLabel(words.subject, { exact: true }).fill("2027");
    await sheet.getByLabel(words.text, { exact: true }).fill("<b>1</b>");
    await check(page, `written-form-${language}`);
    await sheet.getByRole("button", { name: words.send }).click();
    await page.locator(".toast").getByRole("button", { name: words.undo }).click();

    // Taken back it is written on.
    await page.waitForURL(/\/rewrite$/);
    const text = page.getByLabel(words.text, { exact: true });
    assert.equal((await text.inputValue()).trim(), "<b>1</b>");
    await check(page, `rewritten-form-${language}`);
    await text.fill("2");
    await page.getByRole("button", { name: words.send }).click();
    await page.waitForURL((url) => !url.pathname.endsWith("/rewrite"));
    await page.goto(`${plenary.url}/leads/${lead.id}`);
    await page.locator(".timeline .letter", { hasText: "2027" }).first().waitFor();
    await page.goto(`${plenary.url}/outbox`);
    await page.getByRole("heading", { name: words.outbox }).waitFor();
    await page.getByRole("link", { name: "2027" }).first().waitFor();
    await check(page, `outbox-${language}`);
    assert.deepEqual(complaints, []);
    await close();
  });
}

const MARKS = {
  ru: { bold: "Жирный", italic: "Курсив", list: "Список", quote: "Цитата", look: "Посмотреть", looks: "Так выглядит письмо" },
  en: { bold: "Bold", italic: "Italic", list: "List", quote: "Quotation", look: "Preview", looks: "How the letter looks" },
};

for (const [language, options] of [["ru", {}], ["en", { locale: "en-GB", screen: "phone", theme: "dark" }]]) {
  const [words, marks] = [WORDS[language], MARKS[language]];
  test(`formatted by buttons and keys, looked at and told: ${language}`, async () => {
    await plenary.api("PATCH", "/api/v1/me", { locale: language, signature: "Best,\n**Anna**" });
    const lead = await plenary.api("POST", "/api/v1/leads", { name: `Вера ${language}`, email: `vera.${language}@client.example` });
    const { page, complaints, close } = await openSignedIn(plenary, `/leads/${lead.id}`, options);
    await page.getByRole("link", { name: words.write }).click();
    const sheet = page.getByRole("dialog");
    const text = sheet.getByLabel(words.text, { exact: true });
    const button = (name) => sheet.getByRole("button", { name, exact: true });
    const select = (from, to) => text.evaluate((area, [from, to]) => (area.focus(), area.setSelectionRange(from, to)), [from, to]);
    assert.equal(await text.inputValue(), "\n\nBest,\n**Anna**");

    await text.fill("");
    await text.pressSequentially("Hello world");
    await select(0, 5);
    await button(marks.bold).click();
    assert.equal(await text.inputValue(), "**Hello** world");
    await text.press("Control+z");
    assert.equal(await text.inputValue(), "Hello world", "the browser's own undo knows of it");
    await select(6, 11);
    await text.press("Control+i");
    assert.equal(await text.inputValue(), "Hello *world*");
    await text.press("Control+i");
    assert.equal(await text.inputValue(), "Hello world", "a second time takes it away");
    await select(6, 11);
    await text.press("Control+Shift+K");
    await text.pressSequentially("https://a.example");
    assert.equal(await text.inputValue(), "Hello [world](https://a.example)");
    await text.fill("Hello\none\ntwo");
    await select(6, 13);
    await button(marks.list).click();
    assert.equal(await text.inputValue(), "Hello\n\n- one\n- two");
    await button(marks.list).click();
    assert.equal(await text.inputValue(), "Hello\n\none\ntwo");

    // One stop on the way through the form.
    await button(marks.bold).focus();
    await page.keyboard.press("ArrowRight");
    assert.equal(await page.evaluate(() => document.activeElement?.getAttribute("data-mark")), "italic");
    await page.keyboard.press("ArrowLeft");
    await page.keyboard.press("ArrowLeft");
    assert.equal(await page.evaluate(() => document.activeElement?.getAttribute("data-mark")), "quote");

    await button(marks.look).click();
    const look = sheet.getByRole("region", { name: marks.looks });
    await look.getByText("two").waitFor();
    await text.fill("**Strong** <img src=x onerror=\"window.broken=1\">\n\n- 2*3*4\n- [here](https://a.example)\n\n> as you wrote");
    await look.locator("strong", { hasText: "Strong" }).waitFor();
    assert.ok((await look.innerText()).includes("<img src=x") && (await look.innerText()).includes("2*3*4"), await look.innerText());
    assert.equal(await look.locator("a[href='https://a.example']").innerText(), "here");
    await check(page, `formatted-form-${language}`);

    // Enter in a line sends what is written, as before.
    await sheet.getByLabel(words.subject, { exact: true }).fill("Formatted");
    await sheet.getByLabel(words.subject, { exact: true }).press("Enter");
    await page.locator(".toast").waitFor();
    const letter = page.locator(".timeline .letter", { hasText: "Formatted" }).first();
    await letter.locator("summary").click();
    await letter.locator(".formatted strong", { hasText: "Strong" }).waitFor();
    assert.ok((await letter.innerText()).includes("<img src=x"));
    assert.equal(await page.evaluate(() => window.broken), undefined);
    await check(page, `formatted-told-${language}`);
    assert.deepEqual(complaints, []);
    await close();
    await plenary.api("PATCH", "/api/v1/me", { signature: null });
  });
}

test("looked at without script", async () => {
  await plenary.api("PATCH", "/api/v1/me", { locale: "en" });
  const [words, marks] = [WORDS.en, MARKS.en];
  const lead = await plenary.api("POST", "/api/v1/leads", { name: "Оля", email: "olya@client.example" });
  const { page, close } = await openSignedIn(plenary, `/leads/${lead.id}/write`, { locale: "en-GB", script: false });
  assert.equal(await page.getByRole("toolbar").count(), 0, "its buttons would do nothing");
  await page.getByLabel(words.subject, { exact: true }).fill("Plain");
  await page.getByLabel(words.text, { exact: true }).fill("**Strong** <b>words</b>");
  await page.getByRole("button", { name: marks.look, exact: true }).click();
  const look = page.getByRole("region", { name: marks.looks });
  await look.locator("strong", { hasText: "Strong" }).waitFor();
  assert.ok((await look.innerText()).includes("<b>words</b>"));
  assert.equal(await page.getByLabel(words.subject, { exact: true }).inputValue(), "Plain");
  await page.getByRole("button", { name: words.send, exact: true }).click();
  await page.waitForURL((url) => !url.pathname.endsWith("/write"));
  await close();
});
