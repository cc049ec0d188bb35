// Somebody who agreed to news gets them by a rule, unsubscribes by one press without a script, and whoever writes to them is told.
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { check, open, openSignedIn } from "./browser.mjs";
import { start } from "./plenary.mjs";

let plenary;
before(async () => {
  plenary = await start();
  const { api } = plenary;
  await api("POST", "/api/v1/meta/letters", { name: "news", label: "News", subject: "News", text: "News\n\n{{ unsubscribe.url }}", marketing: true });
  const then = [{ do: "letter", template: "news", to: "email" }];
  await api("POST", "/api/v1/meta/rules", { name: "tell", module: "leads", when: { event: "created" }, then });
});
after(() => plenary.stop());

for (const [locale, options, words] of [
  ["ru", { locale: "ru-RU" }, { stop: "Отписаться", again: "Снова получать", warned: "больше не хочет", status: "Отозвано" }],
  ["en", { locale: "en-GB", screen: "phone", theme: "dark" }, { stop: "Unsubscribe", again: "Get them again", warned: "wants no news", status: "Withdrawn" }],
]) {
  test(`agreed, unsubscribed, told: ${locale}`, async () => {
    const { api, url } = plenary;
    await api("PATCH", "/api/v1/me", { locale });
    const email = `reader.${locale}@example.org`;
    const consent = await api("POST", "/api/v1/consents", { email, text: "Пишите мне / Write to me" });
    const lead = await api("POST", "/api/v1/leads", { name: `Reader ${locale}`, email });
    await api("POST", "/api/v1/sandbox/clock", { advance: "PT1S" });
    const { data } = await api("GET", `/api/v1/sandbox/outbox?to=${email}`);
    const path = data[0].text.match(/\/p\/u\/\S+/)[0];

    const looked = await open(options);
    await looked.page.goto(url + path);
    await looked.page.getByRole("button", { name: words.stop }).waitFor();
    await check(looked.page, `guest-consent-${locale}`);
    assert.deepEqual(looked.complaints, []);
    await looked.close();

    const { page, close } = await open({ ...options, script: false });
    await page.goto(url + path);
    await page.getByRole("button", { name: words.stop }).click();
    await page.getByRole("button", { name: words.again }).waitFor();
    assert.match(await page.locator("main").innerText(), new RegExp(email.replaceAll(".", "\\.")));
    await close();
    assert.equal((await api("GET", `/api/v1/consents/${consent.id}`)).status, "withdrawn");

    const staff = await openSignedIn(plenary, `/consents/${consent.id}`, options);
    await staff.page.getByText(words.status).first().waitFor();
    await check(staff.page, `consent-record-${locale}`);
    await staff.page.goto(`${url}/leads/${lead.id}/write`);
    await staff.page.getByText(words.warned).first().waitFor();
    await check(staff.page, `write-opted-out-${locale}`);
    assert.deepEqual(staff.complaints, []);
    await staff.close();
  });
}
