// A form: built from nothing, tried out, filled in on a phone without script, framed by another site, seen as a lead.
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { check, checkFit, follow, hold, open, openSignedIn } from "./browser.mjs";
import { start } from "./plenary.mjs";

const LIMIT = 100 * 1024;

let plenary;
before(async () => (plenary = await start()));
after(() => plenary.stop());

/** The leads with that address. */
const leads = async (email) => (await plenary.api("GET", `/api/v1/leads?filter=${encodeURIComponent(`email == "${email}"`)}`)).data;

test("a form is built, tried out and put in use", async () => {
  const { page, complaints, close } = await openSignedIn(plenary, "/settings/forms");
  await check(page, "forms-ru-desktop-light");
  await page.fill("#label_ru", "Стенд");
  await page.fill("#label_en", "A stand");
  await page.fill("#name", "stand");
  await page.getByRole("button", { name: "Создать форму" }).click();
  await page.waitForURL(/forms\/stand$/);
  await page.getByRole("link", { name: "Новое поле" }).click();
  await page.selectOption("#field", "need");
  await page.fill("#label_ru", "Что нужно?");
  await page.fill("#label_en", "What do you need?");
  await page.fill("#if", "nothing ==");
  await page.getByRole("button", { name: "Сохранить" }).click();
  await page.locator("main [role=alert]").waitFor();
  await check(page, "form-field-refused-ru-desktop-light");
  await page.fill("#if", "has(email)");
  await follow(page, () => page.getByRole("button", { name: "Сохранить" }).click());
  await page.fill("#consent_ru", "Согласен на обработку данных");
  await page.fill("#consent_en", "I agree to the processing of my data");
  await page.fill("#thanks_ru", "Спасибо!");
  await page.fill("#thanks_en", "Thank you!");
  await page.getByText("Используется").last().click();
  await follow(page, () => page.getByRole("button", { name: "Сохранить" }).click());
  await page.locator("#embed-code").waitFor();
  await check(page, "form-builder-ru-desktop-light");
  await page.goto(`${plenary.url}/settings/forms/stand/test`);
  await checkFit(page, "form-test-ru-desktop-light");
  assert.deepEqual(complaints, []);
  await close();
});

for (const [locale, screen, theme, words] of [
  ["ru", "phone", "light", { need: "Что нужно?", thanks: "Спасибо!" }],
  ["en", "desktop", "dark", { need: "What do you need?", thanks: "Thank you!" }],
]) {
  test(`a form is filled in without script (${locale}, ${screen}, ${theme})`, async () => {
    const email = `guest-${locale}@example.org`;
    const guest = await open({ locale, screen, theme, script: false });
    const wire = await guest.page.context().newCDPSession(guest.page);
    let bytes = 0;
    await wire.send("Network.enable");
    wire.on("Network.loadingFinished", (loaded) => (bytes += loaded.encodedDataLength));
    await guest.page.goto(`${plenary.url}/forms/stand?utm_source=walk`);
    assert.ok(bytes > 0 && bytes < LIMIT, `the form weighs ${bytes} bytes`);
    await checkFit(guest.page, `form-${locale}-${screen}-${theme}`);
    await guest.page.fill("[id='a.name']", "Ольга Лебедева");
    await guest.page.fill("[id='a.email']", "olga-at-example");
    await guest.page.click("main button.main-action");
    await guest.page.locator("[id='a.email-error']").waitFor();
    await guest.page.locator("#consent-error").waitFor();
    await checkFit(guest.page, `form-wrong-${locale}-${screen}-${theme}`);
    await guest.page.fill("[id='a.email']", email);
    await guest.page.check("#consent");
    await guest.page.click("main button.main-action");
    await guest.page.getByText(words.need).waitFor();
    assert.equal(await guest.page.inputValue("[id='a.name']"), "Ольга Лебедева");
    assert.ok(await guest.page.isChecked("#consent"));
    await guest.page.fill("[id='a.need']", "<b>Стенд</b>");
    await guest.page.click("main button.main-action");
    await guest.page.getByText(words.thanks).waitFor();
    await checkFit(guest.page, `form-sent-${locale}-${screen}-${theme}`);
    await guest.close();
    const [lead] = await leads(email);
    assert.deepEqual([lead.name, lead.need, lead.source], ["Ольга Лебедева", "<b>Стенд</b>", "walk"]);
  });
}

test("another site frames the form, and tells where its visitor came from", async () => {
  const lines = `<iframe src="${plenary.url}/forms/stand?embed=1&lang=ru" title="x" width="100%" height="900"></iframe><script async src="${plenary.url}/embed.js"></script>`;
  const site = createServer((_, answer) => answer.writeHead(200, { "content-type": "text/html" }).end(`<!doctype html><title>x</title>${lines}`));
  await new Promise((ready) => site.listen(0, "127.0.0.1", ready));
  const landing = `http://localhost:${site.address().port}/stands?utm_source=site`;
  const guest = await open({ locale: "ru", screen: "desktop" });
  // The site's script comes when the form has been there for long: it is told all the same.
  const come = await hold(guest.page, "**/embed.js", "GET");
  await guest.page.goto(landing, { waitUntil: "commit" });
  const frame = guest.page.frameLocator("iframe");
  await frame.locator("[id='a.name']").fill("Пётр Ли");
  await guest.page.frame({ url: /embed=1/ }).waitForLoadState();
  come();
  await guest.page.waitForFunction(() => document.querySelector("iframe").style.height.endsWith("px"));
  await guest.page.frame({ url: /embed=1/ }).waitForFunction((landing) => document.querySelector("[name=landing_page]").value === landing, landing);
  await frame.locator("[id='a.email']").fill("framed@example.org");
  await frame.locator("#consent").check();
  await frame.locator("main button.main-action").click();
  await frame.locator("[id='a.need']").fill("Стенд");
  await frame.locator("main button.main-action").click();
  await frame.getByText("Спасибо!").waitFor();
  await guest.close();
  site.close();
  const [lead] = await leads("framed@example.org");
  assert.equal(lead.source, "site");
});

test("a colleague sees the lead with what came", async () => {
  const [lead] = await leads("guest-ru@example.org");
  const seen = await openSignedIn(plenary, `/leads/${lead.id}`);
  await seen.page.getByText("Стенд").first().waitFor();
  await seen.page.getByText(/Форма на сайте · guest-ru@example\.org/).waitFor();
  await check(seen.page, "form-lead-ru-desktop-light");
  assert.deepEqual(seen.complaints, []);
  await seen.close();
});
