// The waiting list without scripts: somebody joins it where seats are sold out, sees the letter's order when one comes free, takes or leaves
// it; staff see the line on the event's page. And a rule that is called from outside gets its address.
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { check, checkFit, follow, open, openSignedIn, text } from "./browser.mjs";
import { start } from "./plenary.mjs";

let plenary;
before(async () => { plenary = await start(); });
after(() => plenary.stop());

const letters = async (to) => (await plenary.api("GET", `/api/v1/sandbox/outbox?to=${to}`)).data;

for (const [locale, screen, words] of [
  ["ru", "phone", { join: "Встать в лист ожидания", wrong: /Проверьте|адрес/, taken: /Вы в листе ожидания/, free: /Для Вас освободились места/, take: "Взять места", leave: "Отказаться от мест", pay: /Как оплатить/, gone: /снята/i, place: /Ваше место: 2/, out: "Выйти из листа", left: /Вы не ждёте мест/ }],
  ["en", "desktop", { join: "Join the waiting list", wrong: /e-mail/i, taken: /You are on the waiting list/, free: /Seats have come free for you/, take: "Take the seats", leave: "Leave the seats", pay: /How to pay/, gone: /freed|annulled/i, place: /Your place: 2/, out: "Leave the waiting list", left: /You are not on the waiting list/ }],
]) {
  test(`from sold out to a seat, ${locale}`, async () => {
    const { api, url } = plenary;
    const slug = `hall-${locale}`;
    const event = await api("POST", "/api/v1/events", { name: "Камерный вечер", slug, status: "on_sale", kind: "course" });
    const type = await api("POST", "/api/v1/ticket_types", { event: event.id, name: "Место", quota: 1, price_tiers: [{ price: { amount: "100.00", currency: "RUB" }, from: null, until: null }] });
    const body = JSON.stringify({ buyer: { name: "Первый", email: `first-${locale}@example.org` }, tickets: [{ ticket_type: type.id }] });
    const first = await (await fetch(`${url}/api/public/v1/events/${slug}/orders`, { method: "POST", headers: { "content-type": "application/json" }, body })).json();
    const { page, complaints, close } = await open({ locale, screen, script: false });
    for (const who of ["anna", "vera", "boris"]) {
      await page.goto(`${url}/e/${slug}`);
      await page.getByRole("link", { name: words.join }).click();
      await page.fill("#name", "Анна Белова");
      await page.fill("#email", "anna@@");
      await page.check("[name=consent]");
      await page.click("main button.main-action");
      assert.match(await page.locator("#email-error").innerText(), words.wrong);
      assert.equal(await page.inputValue("#name"), "Анна Белова");
      await checkFit(page, `line-join-${locale}-${screen}-light`);
      await page.fill("#email", `${who}-${locale}@example.org`);
      await follow(page, () => page.click("main button.main-action"));
      assert.match(await text(page), words.taken);
    }
    await checkFit(page, `line-joined-${locale}-${screen}-light`);
    // The letter on joining leads to a page of one's own; whoever leaves there makes room in the line.
    const joined = (await letters(`vera-${locale}@example.org`)).find((letter) => letter.template === "waiting_joined").text.match(/\/p\/w\/\S+/)[0];
    await page.goto(url + joined);
    assert.match(await text(page), words.place);
    await checkFit(page, `line-place-${locale}-${screen}-light`);
    await follow(page, () => page.getByRole("button", { name: words.out }).click());
    assert.match(await text(page), words.left);
    await checkFit(page, `line-left-${locale}-${screen}-light`);
    await fetch(first.public_url.replace(/^https?:\/\/[^/]+/, url).replace("/p/o/", "/api/public/v1/orders/") + "/cancel", { method: "POST", headers: { "content-type": "application/json" }, body: "{}" });
    await api("POST", "/api/v1/sandbox/clock", { advance: "PT1S" });

    const link = async (who) => (await letters(`${who}-${locale}@example.org`)).find((letter) => letter.template === "order_offered").text.match(/\/p\/o\/\S+/)[0];
    await page.goto(url + await link("anna"));
    assert.match(await text(page), words.free);
    assert.doesNotMatch(await text(page), words.pay);
    await checkFit(page, `line-offer-${locale}-${screen}-light`);
    await follow(page, () => page.getByRole("link", { name: words.leave }).click());
    await checkFit(page, `line-leave-${locale}-${screen}-light`);
    await follow(page, () => page.click("main button.danger"));
    await api("POST", "/api/v1/sandbox/clock", { advance: "PT1S" });
    await page.goto(url + await link("boris"));
    await follow(page, () => page.getByRole("link", { name: words.take }).click());
    await follow(page, () => page.click("main button.main-action"));
    assert.match(await text(page), words.pay);
    assert.deepEqual(complaints, []);
    await close();
  });
}

test("staff see the line, and a rule has its address once", async () => {
  const { api, url } = plenary;
  const event = await api("POST", "/api/v1/events", { name: "Большой вечер", slug: "grand", status: "on_sale", kind: "course" });
  const type = await api("POST", "/api/v1/ticket_types", { event: event.id, name: "Место", quota: 1, price_tiers: [{ price: { amount: "100.00", currency: "RUB" }, from: null, until: null }] });
  const send = (path, body) => fetch(`${url}/api/public/v1/events/grand/${path}`, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) });
  await send("orders", { buyer: { name: "Первый", email: "first@example.org" }, tickets: [{ ticket_type: type.id }] });
  for (const name of ["Вера Ли", "Глеб Шум"]) await send("waiting-list", { ticket_type: type.id, name, email: `${name === "Вера Ли" ? "vera" : "gleb"}@example.org` });
  const { page, complaints, close } = await openSignedIn(plenary, `/events/${event.id}`);
  assert.match(await text(page), /Лист ожидания[\s\S]*Вера Ли[\s\S]*Глеб Шум/);
  await check(page, "line-event-ru-desktop-light");
  const { data: [waiting] } = await api("GET", "/api/v1/waiting_list?limit=1");
  await page.goto(`${url}/waiting_list/${waiting.id}`);
  assert.match(await text(page), /Вера Ли|Глеб Шум/);
  await check(page, "line-entry-ru-desktop-light");

  await api("POST", "/api/v1/meta/rules", { name: "shop", label: { ru: "Заявка с сайта", en: "Request" }, module: "outside_calls", when: { event: "called" }, then: [{ do: "create", module: "leads", fields: { name: "body.text('name')" } }] });
  await page.goto(`${url}/settings/rules/shop`);
  assert.match(await text(page), /Вызвали адрес правила[\s\S]*Адреса пока нет/);
  await page.getByRole("button", { name: "Создать новый адрес" }).click();
  const address = (await page.locator("#address code").innerText()).match(/\/hooks\/\S+/)[0];
  await check(page, "line-address-ru-desktop-light");
  const answer = await fetch(url + address, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify({ name: "Анна с сайта" }) });
  assert.equal(answer.status, 202);
  await api("POST", "/api/v1/sandbox/clock", { advance: "PT1S" });
  await page.goto(`${url}/settings/rules/shop`);
  assert.doesNotMatch(await text(page), new RegExp(address));
  await page.goto(`${url}/leads`);
  assert.match(await text(page), /Анна с сайта/);
  await page.goto(`${url}/outside_calls`);
  assert.match(await text(page), /shop/);
  const { data: [call] } = await api("GET", "/api/v1/outside_calls?limit=1");
  await page.goto(`${url}/outside_calls/${call.id}`);
  assert.match(await text(page), /shop/);
  await check(page, "line-call-ru-desktop-light");
  assert.deepEqual(complaints, []);
  await close();
});
