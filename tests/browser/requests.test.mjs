// A request from the site's form: its letter leads to a page, without scripts; what is added there stands with the case.
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { check, checkFit, follow, open, openSignedIn, text } from "./browser.mjs";
import { start } from "./plenary.mjs";

let plenary;
before(async () => { plenary = await start(); });
after(() => plenary.stop());

const tick = () => plenary.api("POST", "/api/v1/sandbox/clock", { advance: "PT1S" });

for (const [locale, screen, words] of [
  ["ru", "phone", { way: /Как шли дела[\s\S]*Получение подтверждено/, until: /Ответим: /, nothing: "Напишите, что добавить.", kept: /Получили, добавили к обращению/, again: /В работе/ }],
  ["en", "desktop", { way: /How it went[\s\S]*Acknowledged/, until: /We will answer by: /, nothing: "Write what you want to add.", kept: /Received, and added to your request/, again: /In progress/ }],
]) {
  test(`whoever asked sees where it stands and adds to it, ${locale}`, async () => {
    const { api, url } = plenary;
    const email = `asks-${locale}@example.org`;
    const fields = { subject: "Пропуск на стенд", body: "Где взять пропуск?", channel: "web_form", from_name: "Вера Ли", email, locale };
    const { made } = await api("POST", "/api/v1/intake", { source: "form", module: "cases", fields });
    await tick();
    const letter = (await api("GET", `/api/v1/sandbox/outbox?to=${email}`)).data.find((it) => it.template === "case_received");
    const { page, complaints, close } = await open({ locale, screen, script: false });
    await page.goto(url + letter.text.match(/\/p\/c\/\S+/)[0]);
    assert.match(await text(page), words.way);
    assert.match(await text(page), words.until);
    await checkFit(page, `request-${locale}-${screen}-light`);
    await page.emulateMedia({ colorScheme: "dark" });
    await checkFit(page, `request-${locale}-${screen}-dark`);
    await page.emulateMedia({ colorScheme: "light" });
    await page.fill("#text", "   \n ");
    await follow(page, () => page.click("main button.main-action"));
    assert.ok((await text(page)).includes(words.nothing));
    await checkFit(page, `request-nothing-${locale}-${screen}-light`);

    for (const move of ["start", "wait"]) await api("POST", `/api/v1/cases/${made.id}/transitions/${move}`, {});
    await page.reload();
    assert.doesNotMatch(await text(page), words.until, "time stands still");
    await page.fill("#text", "Нужны два пропуска <b>7</b>");
    await follow(page, () => page.click("main button.main-action"));
    assert.match(await text(page), words.kept);
    assert.match(await text(page), words.again);
    await checkFit(page, `request-kept-${locale}-${screen}-light`);
    assert.deepEqual(complaints, []);
    await close();

    const staff = await openSignedIn(plenary, `/cases/${made.id}`);
    await staff.page.getByText("Показать текст").first().click();
    assert.match(await text(staff.page), /Нужны два пропуска <b>7<\/b>/);
    await check(staff.page, `request-case-${locale}-desktop-light`);
    assert.deepEqual(staff.complaints, []);
    await staff.close();
  });
}
