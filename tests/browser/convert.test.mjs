// The secretary sorts what came in, a salesperson makes clients of leads, a deal waits for its documents: by keyboard and
// pointer, in both languages.
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { check, follow, look, openSignedIn } from "./browser.mjs";
import { start } from "./plenary.mjs";

let plenary;
before(async () => (plenary = await start()));
after(() => plenary.stop());

const make = (module, fields) => plenary.api("POST", `/api/v1/${module}`, fields);
const letter = (subject, from) => make("messages", { channel: "email", direction: "in", subject, from, from_name: "Анна Котова", text: "Что для этого нужно?" });

test("a lead becomes a client by keyboard; whom we know is chosen, a name alone is not", async () => {
  await make("contacts", { name: "Котова Анна", email: "kotova@romashka.example" });
  await make("accounts", { name: "Ромашка" });
  const { id } = await make("leads", { name: "Анна Котова", company: "Ромашка", email: "kotova@romashka.example" });
  const { page, complaints, close } = await openSignedIn(plenary, `/leads/${id}`);
  await page.getByRole("link", { name: "Сделать клиентом" }).focus();
  await page.keyboard.press("Enter");
  const sheet = page.getByRole("dialog");
  await sheet.getByRole("radio", { name: /Котова Анна/ }).waitFor();
  assert.ok(await sheet.getByRole("radio", { name: /Котова Анна/ }).isChecked(), "the same e-mail");
  const account = sheet.getByRole("radio", { name: /Ромашка.*уже есть/ });
  assert.equal(await account.isChecked(), false, "a name alone is offered");
  await check(page, "convert-ru-desktop-light");
  await account.focus();
  await page.keyboard.press("Space");
  await sheet.getByRole("button", { name: "Сделать клиентом" }).focus();
  await page.keyboard.press("Enter");
  await page.locator(".path [aria-current]", { hasText: "Стал клиентом" }).waitFor();
  const lead = await plenary.api("GET", `/api/v1/leads/${id}`);
  assert.ok(lead.converted_deal, "a deal was opened");
  await check(page, "convert-done-ru-desktop-light");
  assert.deepEqual(complaints, []);
  await close();
});

for (const [screen, theme] of [["desktop", "dark"], ["phone", "light"]]) {
  test(`the sheet and the queue in English, ${screen}, ${theme}`, async () => {
    await plenary.api("PATCH", "/api/v1/me", { locale: "en" });
    const { id } = await make("leads", { name: `Brenda Stone ${screen}` });
    const message = await letter("A very long subject that says at length what somebody wants of us and why they want it now", "brenda@example.org");
    const { page, complaints, close } = await openSignedIn(plenary, `/leads/${id}/convert`, { locale: "en-GB", screen, theme });
    await page.getByRole("heading", { name: "Convert to a client" }).waitFor();
    await look(page, screen, theme);
    await check(page, `convert-page-en-${screen}-${theme}`);
    await page.goto(`${plenary.url}/messages/queue`);
    await page.getByRole("link", { name: /^Case: A very long/ }).first().waitFor();
    await check(page, `queue-en-${screen}-${theme}`);
    const shop = await letter(`A sale at length of everything that anybody could want ${screen}`, "shop@example.org");
    await plenary.api("POST", `/api/v1/messages/${shop.id}/sort`, { into: "nothing", reason: "Advertising of a shop that nobody asked for" });
    await page.goto(`${plenary.url}/messages/queue?part=aside`);
    await page.getByText("Advertising of a shop").first().waitFor();
    await look(page, screen, theme);
    await check(page, `queue-aside-en-${screen}-${theme}`);
    await page.goto(`${plenary.url}/messages/${message.id}`);
    await page.getByRole("link", { name: /^To sales: / }).waitFor();
    await check(page, `queue-message-en-${screen}-${theme}`);
    await plenary.api("PATCH", "/api/v1/me", { locale: "ru" });
    assert.deepEqual(complaints, []);
    await close();
  });
}

test("the secretary sorts: aside and back, to sales, a bad address is said beside its field", async () => {
  const aside = await letter("Реклама", "spam@example.org");
  const sales = await letter("Хотим стать спонсором", "not-an-address");
  const { page, complaints, close } = await openSignedIn(plenary, "/messages/queue");
  await page.getByRole("link", { name: "Отложить: Реклама" }).click();
  const why = page.getByRole("dialog");
  await why.getByLabel("Почему отложено").fill("Рассылка магазина");
  await check(page, "queue-aside-sheet-ru-desktop-light");
  await follow(page, () => why.getByRole("button", { name: "Отложить" }).click());
  await page.locator(".toast").waitFor();
  assert.equal((await plenary.api("GET", `/api/v1/messages/${aside.id}`)).aside_reason, "Рассылка магазина");
  await follow(page, () => page.getByRole("link", { name: "Отложенная почта" }).click());
  await page.getByText("Рассылка магазина").waitFor();
  for (const [word, count] of [["магазина", 1], ["несуществующее", 0]]) {
    await page.getByRole("searchbox", { name: "Найти в отложенной почте" }).fill(word);
    await follow(page, () => page.keyboard.press("Enter"));
    assert.match(page.url(), /q=/);
    assert.equal(await page.locator("table.queue tbody tr").count(), count, word);
  }
  await page.goto(`${plenary.url}/messages/queue?part=aside`);
  await check(page, "queue-aside-ru-desktop-light");
  await page.getByRole("button", { name: "Вернуть во входящие: Реклама" }).click();
  await page.waitForURL(/\/messages\/[0-9a-f-]{36}/);
  assert.equal((await plenary.api("GET", `/api/v1/messages/${aside.id}`)).status, "received");

  await page.goto(`${plenary.url}/messages/queue`);
  await page.getByRole("link", { name: "В продажи: Хотим стать спонсором" }).click();
  const sheet = page.getByRole("dialog");
  await sheet.getByRole("button", { name: "Передать в продажи" }).waitFor();
  await check(page, "queue-lead-ru-desktop-light");
  await page.fill("dialog #email", "kotova@vasilek.example");
  await sheet.getByRole("button", { name: "Передать в продажи" }).click();
  await page.waitForURL(/queue\?done=/);
  assert.equal((await plenary.api("GET", `/api/v1/messages/${sales.id}`)).sorted, "lead");

  await page.getByRole("link", { name: "Записать звонок" }).click();
  await page.fill("dialog #from", "+7 921 555-00-11");
  await page.fill("dialog #subject", "Спрашивают про стенд");
  await page.getByRole("dialog").getByRole("button", { name: "Записать" }).click();
  await page.waitForURL(/\/messages\/[0-9a-f-]{36}/);
  await page.getByRole("link", { name: "Передать…: Спрашивают про стенд" }).waitFor();
  assert.deepEqual(complaints, []);
  await close();
});

test("a rejected request is corrected where it is wrong and sent again", async () => {
  const fields = { name: "Пётр Ли", email: "petr-at-example" };
  const { rejected } = await plenary.api("POST", "/api/v1/intake", { source: "form", module: "leads", fields });
  const { page, complaints, close } = await openSignedIn(plenary, `/rejected_requests/${rejected.id}`);
  await check(page, "rejected-ru-desktop-light");
  await page.getByRole("link", { name: "Исправить и отправить снова" }).click();
  assert.equal(await page.inputValue("dialog #email"), "petr-at-example", "what came stands there");
  await page.locator("dialog #email-error").waitFor();
  await check(page, "rejected-sheet-ru-desktop-light");
  await page.fill("dialog #email", "petr@example.org");
  await page.getByRole("dialog").getByRole("button", { name: "Отправить снова" }).click();
  await page.locator(".path [aria-current]", { hasText: "Исправлена и отправлена" }).waitFor();
  assert.deepEqual(complaints, []);
  await close();
});

test("a deal says what it still needs, and is won when all of it is there", async () => {
  const event = await make("events", { name: "Весна", slug: "vesna", starts_on: "2036-05-10" });
  const { id } = await make("deals", { name: "Стенд", pipeline: "sponsorship", event: event.id, amount: { amount: "1000.00", currency: "RUB" } });
  await plenary.api("POST", "/api/v1/sandbox/clock", { advance: "PT1S" });
  const { data } = await plenary.api("GET", `/api/v1/deal_documents?filter=${encodeURIComponent(`deal == "${id}"`)}`);
  assert.deepEqual(data.map(({ name }) => name).sort(), ["Договор", "Счёт"]);
  for (const paper of data) {
    const body = new FormData();
    body.append("file", new Blob(["%PDF-1.7"]), "signed.pdf");
    const sent = await fetch(`${plenary.url}/api/v1/deal_documents/${paper.id}/files`, { method: "POST", headers: { authorization: `Bearer ${plenary.token}` }, body });
    assert.equal(sent.status, 201);
    await plenary.api("POST", `/api/v1/deal_documents/${paper.id}/transitions/receive`, {});
  }
  for (let step = 0; step < 3; step++) await plenary.api("POST", `/api/v1/deals/${id}/transitions/advance`, {});
  const { page, complaints, close } = await openSignedIn(plenary, `/deals/${id}`);
  const list = page.locator("section.group", { has: page.getByRole("heading", { name: "Чтобы сделка состоялась" }) });
  await list.getByText("Договор подписан").first().waitFor();
  assert.equal(await page.getByRole("button", { name: "Сделка состоялась" }).count(), 0);
  await plenary.api("PATCH", `/api/v1/deals/${id}`, { contract_signed_on: "2036-05-01" });
  await make("deal_documents", { name: "Акт", deal: id });
  await page.reload();
  await check(page, "checklist-ru-desktop-light");
  assert.equal(await list.getByRole("button", { name: "Получен: Акт" }).count(), 0, "a tick is no document");
  await list.getByRole("link", { name: "Приложить файл: Акт" }).focus();
  await page.keyboard.press("Enter");
  const sheet = page.getByRole("dialog");
  await sheet.locator("[type=file]").setInputFiles({ name: "Акт.pdf", mimeType: "application/pdf", buffer: Buffer.from("%PDF-1.7") });
  await check(page, "checklist-attach-ru-desktop-light");
  await sheet.getByRole("button", { name: "Сохранить" }).click();
  await list.getByText("Получен").nth(2).waitFor();
  await page.getByRole("button", { name: "Сделка состоялась" }).click();
  await page.locator(".path [aria-current]", { hasText: "Состоялась" }).waitFor();
  assert.deepEqual(complaints, []);
  await close();
});
