// A possible duplicate is told beside the field once it is left, in the quick form and on the page of a new record.
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { check, openSignedIn } from "./browser.mjs";
import { start } from "./plenary.mjs";

let plenary;
before(async () => {
  plenary = await start();
  await plenary.api("POST", "/api/v1/leads", { name: "Анна Зорина", email: "anna@java.example", phone: "+79211234567" });
});
after(() => plenary.stop());

for (const [locale, screen, says] of [["ru", "desktop", "Такая почта уже есть"], ["en", "phone", "Somebody has this e-mail address already"]]) {
  test(`who is known is told and can be saved again, ${locale}, ${screen}`, async () => {
    await plenary.api("PATCH", "/api/v1/me", { locale });
    const { page, complaints, close } = await openSignedIn(plenary, "/leads", { locale: locale === "ru" ? "ru-RU" : "en-GB", screen });
    await page.waitForURL(/leads/);
    page.on("dialog", (dialog) => dialog.accept());
    await page.keyboard.press("KeyC");
    for (const form of ["dialog.quick form", "#new-record"]) {
      if (form === "#new-record") await page.goto(`${plenary.url}/contacts/new`);
      const root = page.locator(form);
      await root.locator("[name=email]").fill("Anna@java.example");
      await page.keyboard.press("Tab");
      const told = root.locator(".known", { hasText: says });
      await told.waitFor();
      assert.match(await told.getByRole("link", { name: "Анна Зорина" }).getAttribute("href"), /^\/leads\/[0-9a-f-]{36}$/);
      await check(page, `known-${form.includes("quick") ? "quick" : "page"}-${locale}-${screen}-light`);
      await root.locator("[name=phone]").fill("8 (921) 123-45-67");
      await page.keyboard.press("Tab");
      await page.waitForFunction((form) => document.querySelectorAll(`${form} .known`).length === 2, form);
      // What was told outlives a refusal of something else.
      if (form === "dialog.quick form") {
        await root.locator("[name=name]").fill("");
        await root.locator("button.main-action").click();
        await root.locator("#name-error").waitFor();
        assert.equal(await root.locator(".known").count(), 2);
        await check(page, `known-refused-${locale}-${screen}-light`);
      }
      // Somebody else's address is nobody's yet.
      await root.locator("[name=email]").fill("boris@java.example");
      await page.keyboard.press("Tab");
      await page.waitForFunction((form) => document.querySelectorAll(`${form} .known`).length === 1, form);
      await root.locator("[name=email]").fill("anna@java.example");
      await root.locator("[name=name]").fill("Анна Ещё Раз");
      await page.evaluate(() => sessionStorage.clear());
      if (form === "#new-record") await root.locator("button.main-action").click();
      else await page.keyboard.press("Escape");
    }
    await page.locator("h1", { hasText: "Анна Ещё Раз" }).waitFor();
    assert.deepEqual(complaints, []);
    await close();
  });
}
