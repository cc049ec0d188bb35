// From an empty folder to a workspace with a sample, first steps and packs: by pointer and keyboard, in both languages.
import { after, test } from "node:test";
import assert from "node:assert/strict";
import { check, checkFit, look, open, openSignedIn } from "./browser.mjs";
import { admin, start } from "./plenary.mjs";

const running = [];
const started = async (options) => {
  const plenary = await start(options);
  running.push(plenary);
  return plenary;
};
after(() => Promise.all(running.map((plenary) => plenary.stop())));

for (const [locale, tag, removed] of [["ru-RU", "ru", /Пример данных убран/], ["en-GB", "en", /sample data is gone/]]) {
  test(`a sample is asked for, looked at and removed (${tag})`, async () => {
    const { url } = await started({ setUp: false });
    const { page, complaints, close } = await open({ locale });
    await page.goto(`${url}/set-up`);
    await check(page, `first-run-${tag}-desktop-light`);
    await page.fill("#organisation", "Ява-клуб");
    // The choice is made by keyboard: conference, exhibition, and back.
    await page.focus("[name=organises]:checked");
    await page.keyboard.press("ArrowDown");
    assert.ok(await page.isChecked("[name=organises][value=exhibition]"));
    await page.keyboard.press("ArrowUp");
    assert.ok(await page.isChecked("[name=organises][value=conference]"));
    await page.check("[name=sample]");
    await page.fill("#name", "Анна Смирнова");
    await page.fill("#email", admin.email);
    await page.fill("#password", admin.password);
    await page.keyboard.press("Enter");
    // A whole season is written, and taken away again.
    const slow = { timeout: 60_000 };
    await page.waitForURL(`${url}/start`, slow);
    await check(page, `first-steps-${tag}-desktop-light`);
    assert.ok((await page.locator(".first-steps .done").count()) >= 4, "the sample has done some of it");
    await look(page, "phone", "dark");
    await page.reload();
    await check(page, `first-steps-${tag}-phone-dark`);
    await look(page, "desktop", "light");

    await page.goto(`${url}/deals`);
    await checkFit(page, `sample-deals-${tag}-desktop-light`);
    await page.goto(`${url}/settings/organisation`);
    await page.locator(".sample-bar a").focus();
    await page.keyboard.press("Enter");
    await page.waitForURL(`${url}/settings/sample`);
    await check(page, `sample-removal-${tag}-desktop-light`);
    await page.click("button.danger", { noWaitAfter: true });
    await page.waitForURL(`${url}/start?removed=true`, slow);
    assert.match(await page.locator("main").innerText(), removed);
    assert.equal(await page.locator(".sample-bar").count(), 0);
    await page.goto(`${url}/orders`);
    assert.equal(await page.locator("tbody a[href^='/orders/']").count(), 0);

    await page.goto(`${url}/start`);
    await page.click(`form[action="/start"] button`);
    await page.waitForURL(`${url}/orders`);
    await page.click(".side-foot summary");
    await page.click(".side-foot a[href='/start']");
    await page.waitForURL(`${url}/start`);
    assert.deepEqual(complaints, []);
    await close();
  });
}

const manifest = 'name = "extra"\nlabel = { ru = "Ещё", en = "Extra" }\nversion = 1\nrequires = ["crm"]\n';
const leads = 'extends = "leads"\nfields = [ { name = "motto", type = "text" } ]\n';
const file = (name, text) => ({ name, mimeType: "application/json", buffer: Buffer.from(text) });
const bundle = (files) => file("extra.pack.json", JSON.stringify({ files }));

test("a pack is uploaded, seen line by line, applied, downloaded and taken back", async () => {
  const plenary = await started();
  for (const locale of ["ru-RU", "en-GB"]) {
    const { page, complaints, close } = await openSignedIn(plenary, "/settings/packs", { locale });
    await check(page, `packs-${locale}-desktop-light`);
    await page.setInputFiles("#files", bundle({ "pack.toml": "name = 1 2" }));
    await page.click("#upload button");
    await page.locator(".pack-fault").first().waitFor();
    assert.match(await page.locator(".pack-fault").innerText(), /pack\.toml[\s\S]*line 1/);
    await check(page, `packs-wrong-${locale}-desktop-light`);

    await page.setInputFiles("#files", bundle({ "pack.toml": manifest, "modules/leads.toml": leads }));
    await page.click("#upload button");
    await page.locator(".pack-file").first().waitFor();
    await page.locator(".pack-file summary").first().focus();
    await page.keyboard.press("Enter");
    await check(page, `packs-plan-${locale}-desktop-light`);
    await look(page, "phone", "dark");
    await check(page, `packs-plan-${locale}-phone-dark`);
    await look(page, "desktop", "light");
    await page.click("main button.main-action");
    await page.waitForURL(/settings\/packs\/extra\?done=true/);
    await check(page, `packs-one-${locale}-desktop-light`);
    const [download] = await Promise.all([page.waitForEvent("download"), page.click("a[download]")]);
    assert.equal(download.suggestedFilename(), "extra-1.pack.json");
    await page.locator("a[href*='/past/']").first().click();
    await page.locator(".pack-lines").first().waitFor({ state: "attached" });
    await check(page, `packs-past-${locale}-desktop-light`);
    await look(page, "phone", "dark");
    await check(page, `packs-past-${locale}-phone-dark`);
    await look(page, "desktop", "light");
    await page.click("main button.main-action");
    await page.waitForURL(/settings\/packs\?done=true/);
    assert.equal(await page.locator("a[href='/settings/packs/extra']").count(), 0);
    assert.deepEqual(complaints, []);
    await close();
  }
});
