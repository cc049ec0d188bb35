// A letter is written from a record, taken back, changed, and stands in the record's story; in both languages, with and without
// script.
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
