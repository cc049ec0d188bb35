// Letters of a site are set up, tried out and switched on by whoever administers; without script as well.
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { check, checkFit, look, openSignedIn, text } from "./browser.mjs";
import { start } from "./plenary.mjs";

let plenary;
before(async () => { plenary = await start(); });
after(() => plenary.stop());

const LETTERS = "/settings/site-letters";

for (const [locale, words] of [
  ["ru", { would: /Письмо читается/, refused: /ждало бы среди отклонённых заявок/, none: /Ни одна из подписей не найдена/, on: /Читаются/, name: "Имя", email: "Почта" }],
  ["en", { would: /The letter can be read/, refused: /would wait among the rejected requests/, none: /None of the labels was found/, on: /Read/, name: "Name", email: "E-mail" }],
]) {
  test(`letters of a site from their set-up to their end, ${locale}`, async () => {
    await plenary.api("PATCH", "/api/v1/me", { locale });
    const { page, complaints, close } = await openSignedIn(plenary, LETTERS);
    await page.fill("#label_ru", "Сайт");
    await page.fill("#label_en", "Site");
    await page.fill("#name", `site_${locale}`);
    await page.fill("#from", "robot@shop.example");
    await page.selectOption("#module", "leads");
    await check(page, `site-letters-${locale}-desktop-light`);
    await page.click("#new-site-letter .main-action");
    await page.waitForURL(new RegExp(`site-letters/site_${locale}`));

    await page.fill("#read-name", words.name);
    await page.fill("#read-email", words.email);
    await page.check("[name=active]");
    await page.click("#site-letter .main-action");
    await page.waitForURL(/saved=true/);
    assert.match(await text(page), words.on);

    await page.fill("#text", `${words.name}: Анна Котова\n${words.email}: anna@a.example`);
    await page.click("#trial button");
    await page.locator("#trial .note.good").waitFor();
    assert.match(await text(page), words.would);
    await check(page, `site-letter-tried-${locale}-desktop-light`);
    await look(page, "phone", "dark");
    await checkFit(page, `site-letter-tried-${locale}-phone-dark`);
    await look(page, "desktop", "light");
    await page.fill("#text", "...");
    await page.click("#trial button");
    await page.locator("#trial .note.bad").waitFor();
    assert.match(await text(page), words.refused);
    assert.match(await text(page), words.none);

    // What cannot be is told beside its control.
    await page.fill("#from", "nobody");
    await page.click("#site-letter .main-action");
    await page.locator("#from-error").waitFor();
    await check(page, `site-letter-refused-${locale}-desktop-light`);
    await page.click("form[action$='/delete'] button");
    await page.waitForURL(/site-letters$/);
    assert.deepEqual(complaints, []);
    await close();
  });
}
