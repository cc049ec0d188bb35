// All that is known of a person is handed out, and the person is erased: in both languages.
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { check, follow, look, openSignedIn } from "./browser.mjs";
import { start } from "./plenary.mjs";

let plenary;
before(async () => (plenary = await start()));
after(() => plenary.stop());

const make = (module, fields) => plenary.api("POST", `/api/v1/${module}`, fields);

test("an administrator looks what erasing will do, says why and erases", async () => {
  const { id } = await make("contacts", { name: "Пелагея Тихая", email: "tihaya@zavod.example", phone: "+79217654321" });
  await make("comments", { text: "Любит пирожки", about: { module: "contacts", id } });
  const { page, complaints, close } = await openSignedIn(plenary, `/contacts/${id}`);
  await page.getByText("Ещё", { exact: true }).click();
  const data = page.getByRole("link", { name: "Выдать все данные человека" });
  const told = await plenary.api("GET", await data.getAttribute("href"));
  assert.equal(told.records.person.contacts[0].email, "tihaya@zavod.example");
  await page.getByRole("link", { name: "Удалить данные человека" }).click();
  const sheet = page.getByRole("dialog");
  await sheet.getByText("Опустеет").waitFor();
  await check(page, "erase-ru-desktop-light");
  await sheet.getByLabel("Основание").fill("Заявление от 12 марта");
  await follow(page, () => sheet.getByRole("button", { name: "Удалить безвозвратно" }).click());
  await page.getByRole("heading", { name: "Данные удалены" }).waitFor();
  await page.getByText("Записать о нём что-нибудь снова нельзя").waitFor();
  assert.equal(await page.getByText("Любит пирожки").count(), 0);
  assert.equal(await page.getByText("Пелагея").count(), 0);
  await check(page, "erased-ru-desktop-light");
  assert.deepEqual(complaints, []);
  await close();
});

test("the page in English on a phone", async () => {
  await plenary.api("PATCH", "/api/v1/me", { locale: "en" });
  const { id } = await make("leads", { name: "Brenda Quiet", email: "brenda@quiet.example" });
  const { page, complaints, close } = await openSignedIn(plenary, `/leads/${id}/erase`, { locale: "en-GB", screen: "phone", theme: "dark" });
  await page.getByRole("heading", { name: "Erase the person" }).waitFor();
  await page.getByRole("button", { name: "Erase for good" }).waitFor();
  await look(page, "phone", "dark");
  await check(page, "erase-page-en-phone-dark");
  await plenary.api("PATCH", "/api/v1/me", { locale: "ru" });
  assert.deepEqual(complaints, []);
  await close();
});
