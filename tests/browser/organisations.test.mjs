// An organisation buys tickets without scripts: asks on the event's page, fills in the questionnaire of the letter, takes the invoice, sends a
// list of names, agrees to a new price.
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { check, checkFit, follow, open, text } from "./browser.mjs";
import { conference, start } from "./plenary.mjs";

let plenary, made;
before(async () => {
  plenary = await start();
  made = await conference(plenary);
  // Invoices are of somebody.
  const seller = { name: "ООО «Причал»", inn: "7736207543", kpp: "773601001", address: "Москва", bik: "044525225", bank_name: "Банк", bank_account: "40702810138250123017", corr_account: "30101810400000000225", vat_rate: "22" };
  await plenary.api("PATCH", "/api/v1/meta/organisation", { name: "Ява-клуб", legal_entities: [seller] });
});
after(() => plenary.stop());

const letters = async (to) => (await plenary.api("GET", `/api/v1/sandbox/outbox?to=${to}`)).data;
const link = (letter, place) => letter.text.match(new RegExp(`https?://\\S+/${place}/\\S+`))[0];

for (const [locale, screen, words] of [
  ["ru", "phone", { offer: "Билеты для организации", inn: /Проверьте ИНН/, required: /Заполните это поле/, taken: /Заявка принята/, too_many: /Осталось 20 мест: выберите меньше/, waiting: /Ждём оплату/, invoice: /Счёт № \d/, line: /Строка 3: Проверьте адрес/, changed: /Цена изменилась/, agree: "Согласиться" }],
  ["en", "desktop", { offer: "Tickets for an organisation", inn: /INN/, required: /filled in/, taken: /was received/, too_many: /\d+ seats are left: choose fewer/, waiting: /waiting for/i, invoice: /Invoice \d/, line: /Line 3: /, changed: /price has changed/, agree: "Agree" }],
]) {
  test(`from the request to the names, ${locale}`, async () => {
    const email = `vera-${locale}@example.org`;
    const { page, complaints, close } = await open({ locale, screen, script: false });
    await page.goto(`${plenary.url}/e/javavesna27`);
    await follow(page, () => page.getByRole("link", { name: words.offer }).click());
    await checkFit(page, `organisations-request-${locale}-${screen}-light`);
    await page.fill("#company_inn", "7707083894");
    await page.fill("#contact_email", email);
    await page.fill("#contact_name", "Вера Орлова");
    await page.check("[name=consent]");
    await follow(page, () => page.click("main button.main-action"));
    assert.match(await page.locator("#company_inn-error").innerText(), words.inn);
    assert.match(await page.locator("#company_name-error").innerText(), words.required);
    assert.equal(await page.inputValue("#company_inn"), "7707083894");
    await page.fill("#company_name", "Ромашка");
    await page.fill("#company_inn", locale === "ru" ? "7707083893" : "7736207543");
    await follow(page, () => page.click("main button.main-action"));
    assert.match(await text(page), words.taken);

    const [questionnaire] = await letters(email);
    await page.goto(link(questionnaire, "p/s"));
    const field = (key) => page.locator(`[id='a.${key}']`);
    const fault = (key) => page.locator(`[id='a.${key}-error']`).innerText();
    const kind = page.locator("[name='a.lines.0.ticket_type']");
    const count = page.locator("[name='a.lines.0.quantity']");
    await kind.selectOption(made.online.id);
    await count.fill("99");
    await field("kpp").fill("773601001");
    await field("address").fill("Москва, Причал, 1");
    await follow(page, () => page.click("main button.main-action"));
    assert.match(await fault("lines.0.quantity"), words.too_many);
    assert.equal(await count.inputValue(), "99");
    await checkFit(page, `organisations-questionnaire-${locale}-${screen}-light`);
    await count.fill("3");
    await follow(page, () => page.click("main button.main-action"));
    const invoiced = (await letters(email)).find((letter) => letter.template === "group_invoiced");
    const order = link(invoiced, "p/o");
    await page.goto(order);
    assert.match(await text(page), words.waiting);
    assert.match(await text(page), words.invoice);
    await checkFit(page, `organisations-order-${locale}-${screen}-light`);
    const invoice = await page.request.get(new URL(await page.getByRole("link", { name: "PDF" }).getAttribute("href"), plenary.url).href);
    assert.equal((await invoice.body()).subarray(0, 5).toString(), "%PDF-");

    // A list: what is wrong is told line by line, and nothing is half done.
    const list = (text) => ({ name: "list.csv", mimeType: "text/csv", buffer: Buffer.from(text) });
    await page.goto(`${order}/names`);
    await page.setInputFiles("#list", list("ФИО;Почта\nАнна Белова;anna@example.org\nБорис;boris@@\n"));
    await follow(page, () => page.locator("form[enctype] button").click());
    assert.match(await text(page), words.line);
    assert.equal(await page.locator("[name^='name.']").first().inputValue(), "");
    await page.setInputFiles("#list", list("ФИО;Почта\nАнна Белова;anna@example.org\nБорис Лосев;\n"));
    await page.locator("form[enctype] button").click();
    await page.waitForURL(order);
    assert.match(await text(page), /Анна Белова[\s\S]*Борис Лосев/);
    assert.deepEqual(complaints, []);
    await close();
  });
}

test("a new price is agreed to after a question", async () => {
  const { api, url } = plenary;
  const email = "price@example.org";
  const body = JSON.stringify({ company: { name: "Лютик", inn: "7710140679" }, contact: { name: "Пётр", email } });
  const asked = await fetch(`${url}/api/public/v1/events/javavesna27/group-orders`, { method: "POST", headers: { "content-type": "application/json" }, body });
  assert.equal(asked.status, 201);
  const { data: [deal] } = await api("GET", "/api/v1/deals?sort=-created_at&limit=1");
  const order = await api("POST", `/api/v1/deals/${deal.id}/questionnaire`, {
    lines: [{ ticket_type: made.online.id, quantity: 2 }], name: "ООО Лютик", inn: "7710140679", kpp: "773601001", address: "Москва",
  });
  await api("PATCH", `/api/v1/ticket_types/${made.online.id}`, { price_tiers: [{ price: { amount: "5000.00", currency: "RUB" }, from: null, until: null }] });
  await api("POST", "/api/v1/sandbox/clock", { advance: "P1DT1H" });
  const repriced = (await letters(email)).find((letter) => letter.template === "group_repriced");
  const { page, complaints, close } = await open({ locale: "ru", screen: "phone" });
  await page.goto(order.public_url);
  assert.match(await text(page), /Цена изменилась/);
  await check(page, "organisations-price-ru-phone-light");
  await page.goto(`${link(repriced, "p/o").split("/agree")[0]}/agree`);
  assert.match(await text(page), /Согласиться с новой ценой, 10 000 ₽/);
  await page.getByRole("button", { name: "Согласиться" }).click();
  await page.waitForURL(order.public_url);
  assert.doesNotMatch(await text(page), /Цена изменилась/);
  assert.deepEqual(complaints, []);
  await close();
});
