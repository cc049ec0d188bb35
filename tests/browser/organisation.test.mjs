// The organisation's page: whoever picks a colour wants it.
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { check, openSignedIn } from "./browser.mjs";
import { start } from "./plenary.mjs";

let plenary;
before(async () => (plenary = await start()));
after(() => plenary.stop());

for (const locale of ["ru", "en"]) {
  test(`a picked colour is ticked and survives a refusal of another field, ${locale}`, async () => {
    await plenary.api("PATCH", "/api/v1/me", { locale });
    const { page, complaints, close } = await openSignedIn(plenary, "/settings/organisation", { locale: locale === "ru" ? "ru-RU" : "en-GB" });
    await page.waitForURL(/organisation/);
    const box = page.locator("#organisation [name=has_accent]");
    await box.uncheck();
    await page.locator("#organisation [name=accent]").fill("#aa3300");
    assert.equal(await box.isChecked(), true);
    const sender = await page.inputValue("#sender");
    await page.fill("#sender", "nobody");
    await page.locator("#organisation .main-action").click();
    await page.locator("#sender-error").waitFor();
    assert.equal(await page.inputValue("#organisation [name=accent]"), "#aa3300");
    assert.equal(await box.isChecked(), true);
    await check(page, `organisation-refused-${locale}-desktop-light`);
    await page.fill("#sender", sender);
    await page.fill("#payment_wait", "3");
    await page.selectOption("[name=payment_wait_unit]", "hours");
    await page.locator("#organisation .main-action").click();
    await page.waitForURL(/saved=true/);
    const kept = await plenary.api("GET", "/api/v1/meta/organisation");
    assert.deepEqual([kept.accent, kept.payment_wait], ["#aa3300", "PT3H"]);
    assert.deepEqual(complaints, []);
    await close();
  });
}
