// Contract and invoice of a deal: what is missing is said, they are issued and sent from its page and from the phone's menu, signed and paid; in both
// languages.
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { check, follow, look, openSignedIn } from "./browser.mjs";
import { start } from "./plenary.mjs";

let plenary;
before(async () => {
  plenary = await start();
  await plenary.api("PATCH", "/api/v1/meta/organisation", { legal_entities: [] });
});
after(() => plenary.stop());

const make = (module, fields) => plenary.api("POST", `/api/v1/${module}`, fields);
const rub = (amount) => ({ amount, currency: "RUB" });
const seller = { name: "ООО Причал", inn: "7736207543", kpp: "773601001", address: "Москва, Причальная, 1", vat_rate: "22" };
const client = { inn: "7707083893", kpp: "773601001", legal_address: "Москва, Арбат, 1" };

async function sponsorship(name, fields, email) {
  const account = await make("accounts", { name, ...fields });
  const contact = await make("contacts", { name: "Анна Котова", email, account: account.id });
  const deal = await make("deals", { name, pipeline: "sponsorship", account: account.id, contact: contact.id, amount: rub("122000.00") });
  await plenary.api("POST", "/api/v1/sandbox/clock", { advance: "PT1S" });
  return { deal, account };
}

test("missing, filled in, issued beside the check list, sent, signed, paid: in Russian", async () => {
  const { deal, account } = await sponsorship("Ромашка", {}, "kotova@romashka.example");
  const { page, complaints, close } = await openSignedIn(plenary, `/deals/${deal.id}`);
  const documents = page.locator("aside", { hasText: "Чтобы сделка состоялась" });
  await documents.getByRole("link", { name: "Выставить счёт" }).focus();
  await page.keyboard.press("Enter");
  const sheet = page.getByRole("dialog");
  for (const missing of ["ИНН", "Юридический адрес", "Реквизиты нашего юрлица"]) await sheet.getByRole("link", { name: missing }).waitFor();
  assert.equal(await sheet.getByRole("button", { name: "Выставить счёт" }).count(), 0, "nothing to press");
  await check(page, "papers-missing-ru-desktop-light");

  await plenary.api("PATCH", `/api/v1/accounts/${account.id}`, client);
  await plenary.api("PATCH", "/api/v1/meta/organisation", { legal_entities: [seller] });
  await page.reload();
  await page.locator("details.menu summary", { hasText: "Ещё" }).click();
  await page.locator("details.menu").getByRole("link", { name: "Выпустить договор" }).click();
  await follow(page, () => sheet.getByRole("button", { name: "Выпустить договор" }).click());
  await page.locator(".toast").waitFor();
  await documents.getByRole("link", { name: "Выставить счёт" }).click();
  await sheet.getByRole("checkbox", { name: /kotova@romashka\.example/ }).check();
  await check(page, "papers-issue-ru-desktop-light");
  await follow(page, () => sheet.getByRole("button", { name: "Выставить счёт" }).click());
  await page.locator(".toast", { hasText: "kotova@romashka.example" }).waitFor();
  const { data: letters } = await plenary.api("GET", "/api/v1/sandbox/outbox?to=kotova@romashka.example");
  assert.deepEqual(letters.map((letter) => letter.attachments.map((file) => file.name)), [["invoice-1.pdf", "contract-1.pdf"]]);
  assert.equal(await documents.getByRole("link", { name: "Выставить счёт" }).count(), 0, "it stands");

  const { data: contracts } = await plenary.api("GET", "/api/v1/contracts");
  await page.goto(`${plenary.url}/contracts/${contracts[0].id}`);
  await page.getByRole("link", { name: "PDF" }).waitFor();
  await page.getByRole("link", { name: "Подписан", exact: true }).click();
  await sheet.waitFor();
  await check(page, "papers-sign-ru-desktop-light");
  await sheet.getByRole("button", { name: "Подписан" }).click();
  await page.locator(".path [aria-current]", { hasText: "Подписан" }).waitFor();
  await check(page, "papers-contract-ru-desktop-light");
  const { data: invoices } = await plenary.api("GET", "/api/v1/invoices");
  await page.goto(`${plenary.url}/invoices/${invoices[0].id}`);
  await page.getByRole("link", { name: "Внести платёж", exact: true }).click();
  await sheet.waitFor();
  await check(page, "papers-payment-ru-desktop-light");
  await sheet.getByRole("button", { name: "Внести платёж" }).click();
  await page.locator(".path [aria-current]", { hasText: "Оплачен" }).waitFor();
  // A paper is called by what it is, its day and its client, wherever it is named.
  const name = /^Счёт № 1 от \d{1,2} \S+ \d{4}.* — Ромашка$/;
  const plain = async (one) => (await one.innerText()).replaceAll("\u00a0", " ").trim();
  assert.match(await plain(page.locator("h1")), name);
  await page.goto(`${plenary.url}/invoices`);
  // Where day and client have columns of their own, they are said there.
  assert.equal(await plain(page.locator("tbody .name a").first()), "Счёт № 1");
  await page.goto(`${plenary.url}/invoices?columns=number,status`);
  assert.match(await plain(page.locator("tbody .name a").first()), name);
  await page.goto(`${plenary.url}/invoices?as=board`);
  assert.equal(await page.locator(".card", { hasText: "Счёт № 1" }).locator(".about").count(), 0, "a card says them once");
  await page.goto(`${plenary.url}/accounts/${account.id}`);
  assert.match(await plain(page.locator(`.item a[href="/invoices/${invoices[0].id}"]`)), name);
  await page.keyboard.press("Control+KeyK");
  await page.locator("#palette:modal input").fill("1");
  assert.match(await plain(page.locator(`#palette [href="/invoices/${invoices[0].id}"] b`)), name);
  await page.keyboard.press("Escape");
  const told = await plenary.api("GET", `/api/v1/deals/${deal.id}`);
  assert.ok(told.contract_signed_on && told.paid_on, "both days stand on the deal");
  assert.deepEqual(complaints, []);
  await close();
});

for (const [screen, theme] of [["desktop", "dark"], ["phone", "light"]]) {
  test(`issued from the menu in English, ${screen}, ${theme}`, async () => {
    await plenary.api("PATCH", "/api/v1/me", { locale: "en" });
    await plenary.api("PATCH", "/api/v1/meta/organisation", { legal_entities: [seller] });
    const { deal } = await sponsorship(`Northlight ${screen}`, { ...client, country: "RU" }, `anna@${screen}.example`);
    const { page, complaints, close } = await openSignedIn(plenary, `/deals/${deal.id}`, { locale: "en-GB", screen, theme });
    await page.locator("details.menu summary", { hasText: "More" }).click();
    await look(page, screen, theme);
    await page.locator("details.menu").getByRole("link", { name: "Issue invoice" }).click();
    const sheet = page.getByRole("dialog");
    await sheet.getByRole("button", { name: "Issue invoice" }).waitFor();
    await check(page, `papers-issue-en-${screen}-${theme}`);
    await follow(page, () => sheet.getByRole("button", { name: "Issue invoice" }).click());
    await page.locator(".toast").waitFor();
    await page.locator("details.menu summary", { hasText: "More" }).click();
    await page.locator("details.menu").getByRole("link", { name: "Send documents" }).click();
    await sheet.getByRole("button", { name: "Send documents" }).click();
    await page.locator(".toast", { hasText: `anna@${screen}.example` }).waitFor();
    await plenary.api("PATCH", "/api/v1/me", { locale: "ru" });
    assert.deepEqual(complaints, []);
    await close();
  });
}
