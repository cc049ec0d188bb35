// An organiser opens a sale, and sees how it goes.
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { check, follow, openSignedIn } from "./browser.mjs";
import { either, once, t } from "./languages.mjs";
import { start } from "./plenary.mjs";
import { pay } from "./season.mjs";

let plenary;
before(async () => (plenary = await start()));
after(() => plenary.stop());

const plain = (text) => text.replaceAll(/\s+/g, " ").trim();
const tile = async (page, name) => plain(await page.locator(".metric", { has: page.getByText(name, { exact: true }) }).innerText());

test("an event is made, priced, sold and watched without leaving the interface", async () => {
  const { page, complaints, close } = await openSignedIn(plenary, "/events");
  await follow(page, () => page.locator(".empty a.main-action").click());
  await page.fill("#name", "Школа Rust");
  await page.fill("#slug", "Школа Rust");
  await page.fill("#starts_on", "2027-03-10");
  await page.fill("#ends_on", "2027-03-12");
  await page.fill("#venue", "Санкт-Петербург");
  await page.fill("#capacity", "30");
  await page.selectOption("#status", "on_sale");
  await follow(page, () => page.locator("main button.main-action").click());
  await page.locator("#slug-error").waitFor();
  assert.equal(await page.inputValue("#venue"), "Санкт-Петербург");
  await page.fill("#slug", "rust-school");
  await follow(page, () => page.locator("main button.main-action").click());
  await page.locator("h1", { hasText: "Школа Rust" }).waitFor();
  assert.match(await page.locator("main").innerText(), either(/Тарифов пока нет/, /No ticket types yet/));

  await page.getByRole("link", { name: t("Новый тариф") }).click();
  assert.equal(await page.locator("link-picker", { has: page.locator("#event") }).locator(".chip a").innerText(), "Школа Rust");
  await page.fill("#name", "Слушатель");
  await page.fill("#quota", "20");
  const tier = (row, part) => page.locator(`[name="price_tiers.${row}.${part}"]`);
  await tier(0, "price").fill("10 000,50");
  await tier(0, "until").fill("2027-02-01T00:00");
  await tier(1, "price").fill("дорого");
  await tier(1, "from").fill("2027-02-01T00:00");
  await page.locator("main button.main-action").click();
  await page.locator("#price_tiers-error").waitFor();
  assert.equal(await tier(0, "price").inputValue(), "10 000,50");
  assert.equal(await tier(1, "price").inputValue(), "дорого");
  await check(page, "ticket-type-wrong-ru-desktop-light");
  await tier(1, "price").fill("14000");
  await follow(page, () => page.locator("main button.main-action").click());
  await page.locator(".bars", { hasText: "Слушатель" }).waitFor();
  assert.match(await page.locator("h1").innerText(), /Школа Rust/, "back at the event");
  const { data: [type] } = await plenary.api("GET", "/api/v1/ticket_types");
  assert.deepEqual(type.price_tiers, [
    { price: { amount: "10000.50", currency: "RUB" }, from: null, until: "2027-01-31T21:00:00Z" },
    { price: { amount: "14000.00", currency: "RUB" }, from: "2027-01-31T21:00:00Z", until: null },
  ]);

  const placed = [];
  for (const name of ["Анна", "Олег", "Инна"]) {
    const body = JSON.stringify({ buyer: { name, email: `${placed.length}@example.org` }, tickets: [{ ticket_type: type.id }] });
    placed.push(await (await fetch(`${plenary.url}/api/public/v1/events/rust-school/orders`, { method: "POST", headers: { "content-type": "application/json" }, body })).json());
  }
  await pay(plenary.api, placed[0].number);

  await follow(page, () => page.locator(".side-menu").getByRole("link", { name: "Школа Rust" }).click());
  assert.equal(await tile(page, t("Продано")), either("Продано 1 из 30", "Sold 1 of 30"));
  assert.equal(await tile(page, t("В брони")), either("В брони 2", "Reserved 2"));
  assert.equal(await tile(page, either("Свободно", "Free")), either("Свободно 27", "Free 27"));
  assert.equal(await tile(page, t("Оплачено")), either("Оплачено 10 000,50 ₽", "Paid RUB 10,000.50"));
  assert.equal(await tile(page, t("Ждём оплаты")), either("Ждём оплаты 20 001 ₽ 2 заказа", "Waiting for payment RUB 20,001 2 orders"));
  const types = page.locator(".bars", { hasText: t("По тарифам") });
  assert.match(plain(await types.innerText()), either(/Слушатель 10 000,50 ₽ · до 1 февраля 2027.*, затем 14 000 ₽ 1 из 20 2 в брони/, /Слушатель RUB 10,000.50 · until 1 February 2027.*, then RUB 14,000 1 of 20 2 reserved/));
  const days = page.locator(".bars", { hasText: t("По дням") });
  assert.match(plain(await days.locator("tr").last().innerText()), / 3$/);
  assert.match(await page.locator(".grid").innerText(), /Инна/);

  await page.getByRole("link", { name: either("Страница заказа", "Order form") }).click();
  await page.waitForURL(/\/e\/rust-school$/);
  assert.match(await page.locator("main").innerText(), /Слушатель/);
  assert.deepEqual(complaints, []);
  await close();
});

once("money is booked on the order, in English", async () => {
  const { data } = await plenary.api("GET", `/api/v1/orders?filter=${encodeURIComponent('status == "pending"')}`);
  const { page, complaints, close } = await openSignedIn(plenary, "/orders", { locale: "en" });
  await plenary.api("PATCH", "/api/v1/me", { locale: "en" });
  await page.goto(`${plenary.url}/orders/${data[0].id}`);
  await page.getByRole("link", { name: "Book a payment" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.waitFor();
  await check(page, "payment-dialog-en-desktop-light");
  await dialog.getByRole("button", { name: "Book a payment" }).click();
  await page.locator(".path [aria-current]", { hasText: "Paid" }).waitFor();
  const ticket = await page.request.get(plenary.url + (await page.getByRole("link", { name: "PDF", exact: true }).getAttribute("href")));
  assert.equal(ticket.headers()["content-type"], "application/pdf");
  assert.deepEqual(complaints, []);
  await close();
});
