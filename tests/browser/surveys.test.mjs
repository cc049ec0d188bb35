// A survey: sent from a lost lead, answered on a phone without script, counted; and one that is built from nothing.
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { check, checkFit, follow, open, openSignedIn } from "./browser.mjs";
import { start } from "./plenary.mjs";

const LIMIT = 100 * 1024;

let plenary, lead;
before(async () => {
  plenary = await start();
  lead = await plenary.api("POST", "/api/v1/leads", { name: "Ольга Лебедева", company: "Ромашка", email: "olga@example.org" });
  await plenary.api("POST", `/api/v1/leads/${lead.id}/transitions/lose`, { lost_reason: "Дорого" });
});
after(() => plenary.stop());

/** The page in the last letter to somebody. */
async function link(to) {
  const { data } = await plenary.api("GET", `/api/v1/sandbox/outbox?to=${to}`);
  return `${plenary.url}/p/s/${data.at(-1).text.split("/p/s/")[1].split(/\s/)[0]}`;
}

test("the decline survey goes out from a lost lead and comes back to it", async () => {
  const { page, complaints, close } = await openSignedIn(plenary, `/leads/${lead.id}`);
  await page.getByRole("link", { name: "Отправить опрос" }).first().click();
  await page.locator("dialog #to").waitFor();
  assert.equal(await page.inputValue("dialog #to"), "olga@example.org");
  await check(page, "survey-send-ru-desktop-light");
  await page.locator("dialog button.main-action").click();
  await page.locator(".toast", { hasText: "Опрос отправлен" }).waitFor();
  assert.deepEqual(complaints, []);
  await close();

  const phone = await open({ locale: "ru", screen: "phone", script: false });
  const wire = await phone.page.context().newCDPSession(phone.page);
  let bytes = 0;
  await wire.send("Network.enable");
  wire.on("Network.loadingFinished", (loaded) => (bytes += loaded.encodedDataLength));
  await phone.page.goto(await link("olga@example.org"));
  assert.ok(bytes > 0 && bytes < LIMIT, `the survey weighs ${bytes} bytes`);
  await checkFit(phone.page, "survey-ru-phone-light");
  await phone.page.check("[value=other]");
  await phone.page.check("[name='a.recommend'][value='9']");
  await phone.page.click("main button.main-action");
  await phone.page.locator("[id='a.details']").waitFor();
  assert.ok(await phone.page.isChecked("[name='a.recommend'][value='9']"));
  await phone.page.click("main button.main-action");
  await phone.page.locator("[id='a.details-error']").waitFor();
  await checkFit(phone.page, "survey-wrong-ru-phone-light");
  await phone.page.fill("[id='a.details']", "Слишком далеко");
  await phone.page.click("main button.main-action");
  await phone.page.getByText("Ответы сохранены").waitFor();
  await checkFit(phone.page, "survey-kept-ru-phone-light");
  await phone.close();

  const seen = await openSignedIn(plenary, "/surveys/results/decline");
  await seen.page.getByText("Слишком далеко").waitFor();
  await check(seen.page, "survey-results-ru-desktop-light");
  // Each picture can be kept, as one and as a table.
  const kept = async (kind) => {
    const link = seen.page.locator("section.card", { has: seen.page.locator("table.bars") }).first().locator(`a[download][href*="save=${kind}"]`).first();
    return seen.page.request.get(plenary.url + (await link.getAttribute("href")));
  };
  const [picture, table] = [await kept("svg"), await kept("csv")];
  assert.deepEqual([picture.headers()["content-type"], table.headers()["content-type"]], ["image/svg+xml", "text/csv; charset=utf-8"]);
  const words = await seen.page.locator("table.bars").first().locator("tbody th").first().innerText();
  assert.ok((await picture.text()).startsWith("<svg") && (await table.text()).includes(`"${words}",`), words);
  await seen.page.getByText("Слишком далеко").click();
  await seen.page.locator("dd", { hasText: "Другое" }).waitFor();
  await check(seen.page, "survey-record-ru-desktop-light");
  assert.equal((await plenary.api("GET", `/api/v1/leads/${lead.id}`)).client_reason, "Другое");
  assert.deepEqual(seen.complaints, []);
  await seen.close();
});

test("a survey is built from its first question, looked at, and answered by anybody in the dark", async () => {
  const { page, complaints, close } = await openSignedIn(plenary, "/settings/surveys");
  await check(page, "surveys-ru-desktop-light");
  await page.fill("#label_ru", "Ваш визит");
  await page.fill("#label_en", "Your visit");
  await page.fill("#name", "visit");
  await page.fill("#question_ru", "Что исправить?");
  await page.fill("#question_en", "What should we mend?");
  await page.getByRole("button", { name: "Создать опрос" }).click();
  await page.waitForURL(/surveys\/visit$/);
  await page.getByRole("link", { name: "Новый вопрос" }).click();
  await page.fill("#label_ru", "Как Вам у нас?");
  await page.fill("#label_en", "How was it?");
  await page.fill("#key", "stars");
  await page.selectOption("#kind", "stars");
  await page.fill("#if", "nothing ==");
  await page.getByRole("button", { name: "Сохранить" }).click();
  await page.locator("main [role=alert]").waitFor();
  assert.equal(await page.inputValue("#key"), "stars");
  await check(page, "survey-question-refused-ru-desktop-light");
  await page.fill("#if", "");
  await follow(page, () => page.getByRole("button", { name: "Сохранить" }).click());
  await follow(page, () => page.locator("button[name=up][value=stars]").click());
  await page.locator("tbody tr").first().getByText("Как Вам у нас?").waitFor();
  await page.getByText("Открыт для всех").first().click();
  await page.getByRole("button", { name: "Сохранить" }).click();
  await page.locator("code", { hasText: "/p/s/visit" }).waitFor();
  await check(page, "survey-builder-ru-desktop-light");
  assert.deepEqual(complaints, []);
  await close();

  const guest = await open({ locale: "en", screen: "phone", theme: "dark", script: false });
  await guest.page.goto(`${plenary.url}/p/s/visit`);
  await checkFit(guest.page, "survey-open-en-phone-dark");
  await guest.page.check("[value='4']");
  await guest.page.click("main button.main-action");
  await guest.page.getByText("Your answers are kept").waitFor();
  await guest.close();
  const found = await plenary.api("GET", "/api/v1/meta/surveys/visit/results");
  assert.equal(found.states.answered, 1);
});

for (const [locale, screen, words] of [
  ["ru", "phone", { sent: "Отправлен файл: бриф.pdf", kept: "Ответы сохранены" }],
  ["en", "desktop", { sent: "Sent: бриф.pdf", kept: "Your answers are kept" }],
]) {
  test(`a file is an answer: it stays while the page comes again, and staff open it, ${locale}`, async () => {
    const { api } = plenary;
    const label = (ru, en) => ({ ru, en });
    const questions = [{ key: "who", kind: "text", label: label("Кто Вы?", "Who are you?"), required: true }, { key: "brief", kind: "file", label: label("Бриф", "The brief"), required: true }];
    await api("POST", "/api/v1/meta/surveys", { name: `stand_${locale}`, label: label("Стенд", "Stand"), about: [{ module: "leads", to: "email" }], questions });
    const asked = await api("POST", "/api/v1/leads", { name: "Пётр Кузнецов", email: `petr-${locale}@example.org` });
    await api("POST", "/api/v1/surveys/send", { survey: `stand_${locale}`, about: { module: "leads", id: asked.id } });
    const guest = await open({ locale, screen, script: false });
    await guest.page.goto(await link(`petr-${locale}@example.org`));
    await checkFit(guest.page, `survey-file-${locale}-${screen}-light`);
    await guest.page.setInputFiles("[name='file.brief']", { name: "бриф.pdf", mimeType: "application/pdf", buffer: Buffer.from("%PDF-1.4") });
    await guest.page.click("main button.main-action");
    await guest.page.locator("[id='a.who-error']").waitFor();
    await guest.page.getByText(words.sent).waitFor();
    await checkFit(guest.page, `survey-file-held-${locale}-${screen}-light`);
    await guest.page.fill("[id='a.who']", "Пётр");
    await guest.page.click("main button.main-action");
    await guest.page.getByText(words.kept).waitFor();
    assert.deepEqual(guest.complaints, []);
    await guest.close();

    const { page, complaints, close } = await openSignedIn(plenary, `/surveys/results/stand_${locale}`);
    const file = await page.getByRole("link", { name: "бриф.pdf" }).getAttribute("href");
    assert.match(file, /^\/files\//);
    await check(page, `survey-results-file-ru-desktop-light-${locale}`);
    const { data: [survey] } = await api("GET", `/api/v1/surveys?filter=${encodeURIComponent(`questionnaire == "stand_${locale}"`)}`);
    await page.goto(`${plenary.url}/surveys/${survey.id}`);
    assert.equal(await page.locator("dd a", { hasText: "бриф.pdf" }).getAttribute("href"), file);
    assert.deepEqual(complaints, []);
    await close();
  });
}
