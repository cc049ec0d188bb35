// The inbox of a team: a message is taken by a key, answered in place, waits for the client; what others do is seen while it is open.
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { check, checkFit, look, openSignedIn } from "./browser.mjs";
import { start } from "./plenary.mjs";

let plenary;
before(async () => { plenary = await start(); });
after(() => plenary.stop());

const INBOX = "/messages/queue";
const letter = (subject) =>
  plenary.api("POST", "/api/v1/messages", { channel: "email", direction: "in", from: "kotova@romashka.example", from_name: "Анна Котова", subject, text: "Сколько стоит стенд?" });
const message = (id) => plenary.api("GET", `/api/v1/messages/${id}`);

test("a message is taken by a key, answered in place and waits for the client", async () => {
  const { id } = await letter("Хотим стенд");
  const { page, complaints, close } = await openSignedIn(plenary, INBOX);
  await page.getByRole("link", { name: "Хотим стенд", exact: true }).waitFor();
  await check(page, "inbox-ru-desktop-light");
  await page.keyboard.press("j");
  await page.keyboard.press("t");
  await page.locator(".toast", { hasText: "Взято" }).waitFor();
  assert.ok((await message(id)).owner);

  await page.goto(`${plenary.url}${INBOX}?part=mine`);
  await page.keyboard.press("j");
  await page.keyboard.press("r");
  const dialog = page.getByRole("dialog");
  await dialog.locator("#write-text").fill("Сто тысяч.");
  await check(page, "inbox-answer-ru-desktop-light");
  await dialog.getByRole("button", { name: "Отправить" }).click();
  await page.waitForURL(/part=mine&done=/);
  await page.getByText("У Вас ничего не ждёт ответа.").waitFor();

  await page.goto(`${plenary.url}${INBOX}?part=theirs`);
  await page.getByRole("link", { name: /Хотим стенд/ }).first().waitFor();
  await check(page, "inbox-theirs-ru-desktop-light");
  await page.getByRole("link", { name: /Хотим стенд/ }).first().click();
  await page.getByRole("heading", { name: "Переписка" }).waitFor();
  await check(page, "inbox-conversation-ru-desktop-light");
  await page.goto(`${plenary.url}${INBOX}?part=theirs`);
  await page.getByRole("button", { name: /^Ответа не нужно: / }).click();
  await page.getByText("Мы ни от кого не ждём ответа.").waitFor();
  assert.deepEqual(complaints, []);
  await close();
});

test("what comes in and what is taken elsewhere is seen at once", async () => {
  const { page, complaints, close } = await openSignedIn(plenary, INBOX);
  await page.getByRole("heading", { name: "Входящие" }).waitFor();
  const { id } = await letter("Пришло сейчас");
  await page.getByRole("link", { name: "Пришло сейчас", exact: true }).waitFor();
  await plenary.api("POST", `/api/v1/messages/${id}/sort`, { into: "nothing", reason: "Реклама" });
  await page.getByRole("link", { name: "Пришло сейчас", exact: true }).waitFor({ state: "detached" });
  assert.deepEqual(complaints, []);
  await close();
});

for (const theme of ["light", "dark"]) {
  test(`on a phone in English, ${theme}`, async () => {
    await plenary.api("PATCH", "/api/v1/me", { locale: "en" });
    await letter("A subject at length of somebody who wants to know all about the stands that are left");
    const { page, complaints, close } = await openSignedIn(plenary, INBOX, { locale: "en-GB", screen: "phone", theme });
    await page.getByRole("heading", { name: "Inbox" }).waitFor();
    await look(page, "phone", theme);
    await checkFit(page, `inbox-en-phone-${theme}`);
    await page.goto(`${plenary.url}${INBOX}?part=ours`);
    await page.getByRole("button", { name: /^Take: / }).first().waitFor();
    await checkFit(page, `inbox-ours-en-phone-${theme}`);
    await plenary.api("PATCH", "/api/v1/me", { locale: "ru" });
    assert.deepEqual(complaints, []);
    await close();
  });
}
