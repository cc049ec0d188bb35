// A mailbox is set up, tried, changed and taken away by whoever administers; where a letter is has a page of its own.
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { check, checkFit, follow, look, open, openSignedIn, signIn, text } from "./browser.mjs";
import { start } from "./plenary.mjs";

let plenary;
before(async () => { plenary = await start(); });
after(() => plenary.stop());

const MAILBOXES = "/settings/mailboxes";
const fill = async (page, fields) => {
  for (const [name, value] of Object.entries(fields)) await page.fill(`[name=${name}]`, value);
};

for (const [locale, words] of [
  ["ru", { sandbox: /Из песочницы ничего не уходит/, anew: /Введите пароль заново/, first: /Ещё не проверялся|Выключен/, empty: /ещё не было ни одного письма/, none: /Ничего не найден/, shared: "Общий", hidden: /Что видят коллеги: Только что письмо было/ }],
  ["en", { sandbox: /Nothing leaves a sandbox/, anew: /Give the password anew/, first: /Not looked into yet|Switched off/, empty: /No letter has been seen here yet/, none: /Nothing found. A/, shared: "Shared", hidden: /What colleagues see: That there was a letter/ }],
]) {
  test(`a mailbox from its set-up to its end, ${locale}`, async () => {
    await plenary.api("PATCH", "/api/v1/me", { locale });
    const { page, complaints, close } = await openSignedIn(plenary, MAILBOXES);
    await check(page, `mailboxes-${locale}-desktop-light`);
    await fill(page, { name: `Office ${locale}`, host: "mail.example.org", login: "office@example.org", password: "for-programs" });
    await page.click("#new-mailbox .main-action");
    await page.waitForURL(/mailboxes\/[0-9a-f-]{36}/);
    assert.match(await text(page), words.first);
    assert.equal(await page.inputValue("#password"), "", "it is not given back");
    assert.ok(!(await page.content()).includes("for-programs"));
    await check(page, `mailbox-${locale}-desktop-light`);
    await look(page, "phone", "dark");
    await page.reload();
    await checkFit(page, `mailbox-${locale}-phone-dark`);
    await look(page, "desktop", "light");

    await page.click("form[action$='/try'] button");
    await page.locator(".note.bad").waitFor();
    assert.match(await text(page), words.sandbox);
    // Another server would be shown the password.
    const at = (await plenary.api("GET", "/api/v1/meta/mailboxes")).data.find(({ name }) => name === `Office ${locale}`);
    await page.goto(`${plenary.url}${MAILBOXES}/${at.id}`);
    await page.fill("#host", "elsewhere.example.org");
    await page.click("#mailbox .main-action");
    await page.locator("#password-error").waitFor();
    assert.match(await page.locator("#password-error").innerText(), words.anew);
    await check(page, `mailbox-refused-${locale}-desktop-light`);

    // What colleagues see of its letters, and who sees all of them.
    await page.goto(`${plenary.url}${MAILBOXES}/${at.id}`);
    assert.ok(await page.isChecked("#visibility [value=full]"), "everything, until somebody says less");
    // What was refused is a draft, and came back.
    await page.fill("#host", at.host);
    await page.check("#visibility [value=metadata]");
    await page.locator("#readers input").first().check();
    await page.click("#mailbox .main-action");
    await page.waitForURL(/saved=true/);
    assert.ok(await page.isChecked("#visibility [value=metadata]") && await page.locator("#readers input").first().isChecked());
    await check(page, `mailbox-hidden-${locale}-desktop-light`);
    const kept = (await plenary.api("GET", "/api/v1/meta/mailboxes")).data.find(({ id }) => id === at.id);
    assert.deepEqual([kept.visibility, kept.readers.users.length, kept.readers.teams.length], ["metadata", 1, 0]);
    await page.goto(`${plenary.url}${MAILBOXES}/${at.id}`);
    await page.locator("#readers input").first().uncheck();
    await page.click("#mailbox .main-action");
    await page.waitForURL(/saved=true/);
    await page.goto(`${plenary.url}${MAILBOXES}`);
    assert.match(await text(page), words.hidden);
    await check(page, `mailboxes-hidden-${locale}-desktop-light`);

    await page.goto(`${plenary.url}${MAILBOXES}/${at.id}/letters`);
    assert.match(await text(page), words.empty);
    await check(page, `mailbox-letters-${locale}-desktop-light`);
    await page.fill("main [name=q]", "letter-1@example.org");
    await page.press("main [name=q]", "Enter");
    await page.waitForURL(/q=letter-1/);
    assert.match(await text(page), words.none);
    assert.deepEqual(complaints, []);
    await close();
  });
}

test("a mailbox is taken away without scripts, and who may not sees none", async () => {
  await plenary.api("PATCH", "/api/v1/me", { locale: "ru" });
  const { page, complaints, close } = await open({ script: false, screen: "phone" });
  await signIn(page, plenary.url, MAILBOXES);
  await follow(page, () => page.getByRole("link", { name: "Office ru" }).click());
  await page.click("details.apart summary");
  await follow(page, () => page.click("details.apart button.danger"));
  assert.doesNotMatch(await text(page), /Office ru/);
  await checkFit(page, "mailboxes-ru-phone-light");
  assert.deepEqual(complaints, []);
  await close();
});
