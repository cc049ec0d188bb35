// A gateway is set up, an SMS is written from a record, taken back and said otherwise, and stands in the record's story; in
// both languages, light and dark.
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
  ru: { write: "Написать СМС", text: "Текст", send: "Отправить", undo: "Вернуть как было" },
  en: { write: "Write an SMS", text: "Text", send: "Send", undo: "Undo" },
};

for (const [language, options] of [["ru", {}], ["en", { locale: "en-GB", screen: "phone", theme: "dark" }]]) {
  const words = WORDS[language];
  test(`a gateway, an SMS written, taken back, said otherwise: ${language}`, async () => {
    await plenary.api("PATCH", "/api/v1/me", { locale: language });
    const { page, complaints, close } = await openSignedIn(plenary, "/settings/lines", options);
    await page.fill("#name", `Gateway ${language}`);
    await page.selectOption("#kind", "http");
    await page.fill("#secret", "a key of the gateway");
    await page.fill("#hook_secret", "a word of both");
    await page.fill("#address", "https://sms.example.org/send");
    await page.fill("#body", '{"to": "{to}", "text": "{text}"}');
    await page.click("#new-line .main-action");
    await page.waitForURL(/lines\/[0-9a-f-]{36}/);
    const shown = await page.content();
    assert.ok(!shown.includes("a key of the gateway") && !shown.includes("a word of both"), "they are not given back");
    assert.match(await page.locator("main code").first().innerText(), /\/api\/hooks\/messages\/[0-9a-f-]{36}$/);
    assert.equal((await page.inputValue("#body")).trim(), '{"to": "{to}", "text": "{text}"}');
    await check(page, `gateway-${language}`);

    const phone = language === "ru" ? "+79211234567" : "+79217654321";
    const lead = await plenary.api("POST", "/api/v1/leads", { name: `Анна ${language}`, phone });
    await page.goto(`${plenary.url}/leads/${lead.id}`);
    await page.getByRole("link", { name: words.write }).click();
    const sheet = page.getByRole("dialog");
    await sheet.getByLabel(words.text, { exact: true }).fill("<b>2027</b>");
    await check(page, `text-form-${language}`);
    await sheet.getByRole("button", { name: words.send }).click();
    await page.locator(".toast").getByRole("button", { name: words.undo }).click();

    // Taken back it is said otherwise.
    await page.waitForURL(/\/reword$/);
    const text = page.getByLabel(words.text, { exact: true });
    assert.equal((await text.inputValue()).trim(), "<b>2027</b>");
    await check(page, `text-again-${language}`);
    await text.fill("2028");
    await page.getByRole("button", { name: words.send }).click();
    await page.waitForURL((url) => !url.pathname.endsWith("/reword"));
    await page.goto(`${plenary.url}/leads/${lead.id}`);
    await page.locator(".timeline .letter", { hasText: "2028" }).first().waitFor();
    await page.goto(`${plenary.url}/outbox`);
    await page.getByRole("link", { name: "2028" }).first().waitFor();
    assert.deepEqual(complaints, []);
    await close();
  });
}
