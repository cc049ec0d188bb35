// What strangers open from a letter, with script at work so that axe can judge it: nobody is kept out, on a desk or on a phone.
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { check, open } from "./browser.mjs";
import { language } from "./languages.mjs";
import { start } from "./plenary.mjs";

let plenary, pages;
before(async () => {
  plenary = await start();
  pages = await letters();
});
after(() => plenary.stop());

/** Makes what letters are sent about; answers the pages that they lead to. */
async function letters() {
  const { api, url } = plenary;
  const stranger = async (path, body) => (await fetch(url + path, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) })).json();
  const tick = () => api("POST", "/api/v1/sandbox/clock", { advance: "PT1S" });
  const link = async (to, part) => {
    const { data } = await api("GET", `/api/v1/sandbox/outbox?to=${to}`);
    return data.map(({ text }) => text.match(new RegExp(`/p/${part}/\\S+`))?.[0]).find(Boolean);
  };
  const lead = await api("POST", "/api/v1/leads", { name: "Ольга Лебедева", email: "olga@example.org" });
  await api("POST", "/api/v1/surveys/send", { survey: "decline", about: { module: "leads", id: lead.id } });
  const fields = { subject: "Пропуск на стенд", body: "Где взять пропуск?", channel: "web_form", from_name: "Вера Ли", email: "asks@example.org", locale: language };
  await api("POST", "/api/v1/intake", { source: "form", module: "cases", fields });
  const event = await api("POST", "/api/v1/events", { name: "Камерный вечер", slug: "hall", status: "on_sale", kind: "course" });
  const type = await api("POST", "/api/v1/ticket_types", { event: event.id, name: "Место", quota: 1, price_tiers: [{ price: { amount: "100.00", currency: "RUB" }, from: null, until: null }] });
  const sold = await stranger("/api/public/v1/events/hall/orders", { buyer: { name: "Первый", email: "first@example.org" }, tickets: [{ ticket_type: type.id }] });
  for (const who of ["anna", "vera"]) await stranger("/api/public/v1/events/hall/waiting-list", { ticket_type: type.id, name: "Анна Белова", email: `${who}@example.org` });
  // Its seat is offered to whoever waits first.
  await stranger(`/api/public/v1/orders/${new URL(sold.public_url).pathname.split("/").at(-1)}/cancel`, {});
  await tick();
  const offered = await link("anna@example.org", "o");
  return [
    ["guest-survey", await link("olga@example.org", "s")],
    ["guest-request", await link("asks@example.org", "c")],
    ["guest-place", await link("vera@example.org", "w")],
    ["guest-agree", `${offered}/agree`],
    ["guest-decline", `${offered}/decline`],
  ];
}

for (const [screen, theme] of [["desktop", "light"], ["phone", "dark"], ["phone", "light"]]) {
  test(`the pages that letters lead to, ${screen}, ${theme}`, async () => {
    const { page, complaints, close } = await open({ screen, theme });
    for (const [name, path] of pages) {
      await page.goto(plenary.url + path);
      assert.equal(new URL(page.url()).pathname, path, "it stands for itself");
      assert.equal(await page.locator("html").getAttribute("lang"), language);
      await page.locator("main form").first().waitFor();
      await check(page, `${name}-ru-${screen}-${theme}`);
    }
    assert.deepEqual(complaints, []);
    await close();
  });
}
