// A buyer: orders without scripts, pays, takes the ticket, cancels; in both languages; and the page is light.
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { check, checkFit, follow, open, text } from "./browser.mjs";
import { conference, order, start } from "./plenary.mjs";
import { pay } from "./season.mjs";

let plenary, made;
before(async () => {
  plenary = await start();
  made = await conference(plenary);
});
after(() => plenary.stop());

const LIMIT = 100 * 1024;

/** Counts what comes over the wire. */
async function weigh(page) {
  const wire = await page.context().newCDPSession(page);
  let bytes = 0;
  await wire.send("Network.enable");
  wire.on("Network.loadingFinished", (loaded) => (bytes += loaded.encodedDataLength));
  return () => bytes;
}

const amount = (page, name) => page.locator(`.field:has(> label:has-text("${name}")) select`);

for (const [locale, words] of Object.entries({
  ru: { hall: "Участник, офлайн", email: /Проверьте адрес почты/, consent: /Без согласия/, required: /Заполните это поле/, waiting: /Ждём оплату/, due: /10 000 ₽/, paid: /Оплата получена/, cancel: "Отменить заказ", cancelled: /Заказ отменён/ },
  en: { hall: "Участник, офлайн", email: /e-mail/i, consent: /consent/i, required: /filled in/, waiting: /waiting for/i, due: /RUB 10,000/, paid: /ticket/i, cancel: "Cancel the order", cancelled: /cancelled/i },
})) {
  test(`one ticket is ordered on a phone without scripts, ${locale}`, async () => {
    const { page, complaints, close } = await open({ locale, screen: "phone", script: false });
    const weight = await weigh(page);
    await page.goto(`${plenary.url}/e/javavesna27?utm_source=letter`);
    assert.equal(await page.locator("html").getAttribute("lang"), locale);
    const form = weight();
    assert.ok(form > 0 && form < LIMIT, `the form weighs ${form} bytes`);

    await amount(page, words.hall).selectOption("1");
    await page.fill("#buyer_email", "пётр@@почта");
    await page.fill("#buyer_phone", "8 (921) 123-45-67");
    await follow(page, () => page.click("main button.main-action"));
    assert.match(await page.locator("#buyer_email-error").innerText(), words.email);
    assert.match(await page.locator("#buyer_name-error").innerText(), words.required);
    assert.match(await page.locator("#consent-error").innerText(), words.consent);
    assert.equal(await page.inputValue("#buyer_email"), "пётр@@почта");
    assert.equal(await page.inputValue("#buyer_phone"), "8 (921) 123-45-67");
    assert.equal(await amount(page, words.hall).inputValue(), "1");
    await checkFit(page, `public-wrong-${locale}-phone-light`);

    await page.fill("#buyer_name", "Пётр Великанов");
    await page.fill("#buyer_email", `petr-${locale}@example.org`);
    await page.check("[name=consent]");
    const before = weight();
    await page.click("main button.main-action");
    await page.waitForURL(/\/p\/o\//);
    assert.ok(weight() - before < LIMIT, "the order's page");
    const said = await text(page);
    assert.match(said, words.waiting);
    assert.match(said, words.due);

    const { data: [stored] } = await plenary.api("GET", "/api/v1/orders?sort=-created_at&limit=1");
    assert.deepEqual([stored.source.utm_source, stored.locale, stored.buyer_phone], ["letter", locale, "+79211234567"]);
    await pay(plenary.api, stored.number);
    await page.reload();
    assert.match(await text(page), words.paid);
    const ticket = await page.request.get(new URL(await page.getByRole("link", { name: "PDF" }).getAttribute("href"), plenary.url).href);
    assert.equal(ticket.headers()["content-type"], "application/pdf");
    assert.equal((await ticket.body()).subarray(0, 5).toString(), "%PDF-");
    assert.equal(await page.getByRole("link", { name: words.cancel }).count(), 0, "a paid order is the organiser's to cancel");
    assert.deepEqual(complaints, []);
    await close();
  });

  test(`an order is cancelled after a question, ${locale}`, async () => {
    const { public_url: address } = await order(plenary, made.online, "Яна Юдина", `yana-${locale}@example.org`);
    const { page, complaints, close } = await open({ locale, script: false });
    await page.goto(address);
    await page.getByRole("link", { name: words.cancel }).click();
    // The page that asks has come.
    await page.getByRole("button", { name: words.cancel }).waitFor();
    await page.locator(".sheet .btn:not(.danger)").click();
    await page.waitForURL(address);
    await follow(page, () => page.getByRole("link", { name: words.cancel }).click());
    await follow(page, () => page.getByRole("button", { name: words.cancel }).click());
    assert.equal(page.url(), address);
    assert.match(await text(page), words.cancelled);
    await checkFit(page, `public-cancelled-${locale}-desktop-light`);
    assert.deepEqual(complaints, []);
    await close();
  });
}

test("several tickets: who comes is asked, and the other language is one click away", async () => {
  const { page, complaints, close } = await open({ locale: "ru", screen: "phone" });
  await page.goto(`${plenary.url}/e/javavesna27`);
  await follow(page, () => page.getByRole("link", { name: "English" }).click());
  assert.equal(await page.locator("html").getAttribute("lang"), "en");
  await amount(page, "Участник, офлайн").selectOption("2");
  await page.fill("#buyer_name", "Мария Кюри");
  await page.fill("#buyer_email", "maria@example.org");
  await page.check("[name=consent]");
  await page.click("main button.main-action");
  const first = page.locator("[name$='.0.name']");
  await first.fill("Ирен Кюри");
  await page.locator("[name$='.0.email']").fill("не почта");
  await check(page, "public-attendees-en-phone-light");
  await page.click("main button.main-action");
  await page.locator("[name$='.0.email'][aria-invalid]").waitFor();
  assert.equal(await first.inputValue(), "Ирен Кюри");
  assert.equal(await page.inputValue("#buyer_name"), "Мария Кюри");
  await page.locator("[name$='.0.email']").fill("irene@example.org");
  await page.click("main button.main-action");
  await page.waitForURL(/\/p\/o\//);
  assert.equal(await page.locator("html").getAttribute("lang"), "en", "the language is remembered");
  assert.match(await text(page), /Ирен Кюри/);
  assert.deepEqual(complaints, []);
  await close();
});

test("sold out is said before and after the last seat is gone", async () => {
  const { api, url } = plenary;
  const event = await api("POST", "/api/v1/events", { name: "Камерный вечер", slug: "chamber", status: "on_sale", kind: "course" });
  const type = await api("POST", "/api/v1/ticket_types", { event: event.id, name: "Место", quota: 1, price_tiers: [{ price: { amount: "100.00", currency: "RUB" }, from: null, until: null }] });
  const { page, complaints, close } = await open({ locale: "ru", script: false });
  await page.goto(`${url}/e/chamber`);
  await page.fill("#buyer_name", "Опоздавший");
  await page.fill("#buyer_email", "late@example.org");
  await page.check("[name=consent]");
  const body = JSON.stringify({ buyer: { name: "Первый", email: "first@example.org" }, tickets: [{ ticket_type: type.id }] });
  const first = await fetch(`${url}/api/public/v1/events/chamber/orders`, { method: "POST", headers: { "content-type": "application/json" }, body });
  assert.equal((await first.json()).status, "pending");
  await follow(page, () => page.click("main button.main-action"));
  assert.match(await text(page), /Все билеты проданы/);
  await checkFit(page, "public-sold-out-ru-desktop-light");
  await page.goto(`${url}/e/chamber`);
  assert.match(await text(page), /Распродано/);
  assert.equal(await page.locator("main form").count(), 0);
  assert.equal(await page.getByRole("link", { name: "Встать в лист ожидания" }).count(), 1);
  await page.goto(`${url}/e/no-such-event`);
  assert.match(await text(page), /\S/);
  await checkFit(page, "public-missing-ru-desktop-light");
  assert.deepEqual(complaints, []);
  await close();
});
