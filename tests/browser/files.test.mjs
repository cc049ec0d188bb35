// Files on a record: chosen, dropped and pasted, seen in a preview, taken away; by keyboard and pointer, in both languages.
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { check, follow, look, openSignedIn } from "./browser.mjs";
import { start } from "./plenary.mjs";

const png = Buffer.from("iVBORw0KGgoAAAANSUhEUgAAAAgAAAAICAYAAADED76LAAAAFklEQVR4nGNkYPj/n4EIwDiqkL4KAc54Bv8lAAnjAAAAAElFTkSuQmCC", "base64");
const pdf = Buffer.from("%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Count 0/Kids[]>>endobj\ntrailer<</Root 1 0 R>>\n");
let plenary;
before(async () => (plenary = await start()));
after(() => plenary.stop());
const lead = async (name) => `/leads/${(await plenary.api("POST", "/api/v1/leads", { name })).id}`;
const row = (page, name) => page.locator(".item.file", { hasText: name });

/** Files as a drag or the clipboard brings them. */
const carry = (page, kind, target, files) =>
  page.evaluate(([kind, target, files]) => {
    const data = new DataTransfer();
    for (const { name, type, text } of files) data.items.add(new File([text], name, { type }));
    const on = document.querySelector(target);
    const event = kind === "paste" ? new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }) : undefined;
    if (event) return on.dispatchEvent(event);
    for (const name of ["dragover", "drop"]) on.dispatchEvent(new DragEvent(name, { dataTransfer: data, bubbles: true, cancelable: true }));
  }, [kind, target, files]);

test("files are chosen, dropped, pasted, looked at and taken away", async () => {
  const path = await lead("ООО «Ромашка»");
  const { page, complaints, close } = await openSignedIn(plenary, path);
  await page.setInputFiles("#attach", [{ name: "Схема зала.png", mimeType: "image/png", buffer: png }, { name: "Договор № 7.pdf", mimeType: "application/pdf", buffer: pdf }]);
  // What is told goes again: it is looked for before what stays.
  await page.locator(".toast", { hasText: "Приложено 2 файла" }).waitFor();
  await row(page, "Схема зала.png").locator("img").waitFor();
  await page.locator(".line", { hasText: "Приложен файл Договор № 7.pdf" }).waitFor();
  await carry(page, "drop", "#main .record", [{ name: "список.csv", type: "text/csv", text: "имя;почта" }]);
  await page.locator(".toast", { hasText: "Приложен 1 файл" }).waitFor();
  await row(page, "список.csv").waitFor();
  await carry(page, "paste", "#main .record", [{ name: "вставка.txt", type: "text/plain", text: "текст" }]);
  await row(page, "вставка.txt").waitFor();
  await check(page, "files-ru-desktop-light");

  // By keyboard: the name opens the preview, Esc closes it.
  await row(page, "Схема зала.png").getByRole("link", { name: "Схема зала.png" }).focus();
  await page.keyboard.press("Enter");
  const preview = page.getByRole("dialog", { name: "Схема зала.png" });
  await preview.locator("img.seen").waitFor();
  assert.ok(await preview.locator("img.seen").evaluate((img) => img.decode().then(() => img.naturalWidth)), "the picture is drawn");
  await check(page, "files-preview-ru-desktop-light");
  await page.keyboard.press("Escape");
  await preview.waitFor({ state: "detached" });
  await row(page, "вставка.txt").getByRole("link", { name: "вставка.txt" }).click();
  await page.frameLocator("iframe.seen").getByText("текст").waitFor();
  await follow(page, () => page.getByRole("dialog").getByRole("button", { name: "Убрать" }).click());
  assert.ok(page.url().startsWith(plenary.url + path), page.url());
  await row(page, "вставка.txt").waitFor({ state: "detached" });
  assert.deepEqual(complaints.filter((text) => !/\.pdf|viewer/i.test(text)), []);
  await close();
});

test("what is too large is refused before it is sent, and a colleague sees what comes", async () => {
  const path = await lead("Anna");
  const mine = await openSignedIn(plenary, path, { locale: "en-GB" });
  const other = await openSignedIn(plenary, path, { locale: "en-GB" });
  await mine.page.evaluate(() => (document.querySelector("#attach").dataset.largest = "3"));
  await mine.page.setInputFiles("#attach", { name: "big.txt", mimeType: "text/plain", buffer: Buffer.from("1234") });
  await mine.page.locator(".toast.bad", { hasText: "big.txt" }).waitFor();
  await mine.page.reload();
  await mine.page.setInputFiles("#attach", { name: "plan.txt", mimeType: "text/plain", buffer: Buffer.from("1234") });
  await row(mine.page, "plan.txt").waitFor();
  await row(other.page, "plan.txt").waitFor();
  await Promise.all([mine.close(), other.close()]);
});

for (const [screen, theme] of [["phone", "dark"], ["tablet", "light"]]) {
  test(`on a ${screen}, ${theme}`, async () => {
    const path = await lead("Очень длинное название организации с филиалами");
    const { page, close } = await openSignedIn(plenary, path, { screen, theme });
    await look(page, screen, theme);
    await page.setInputFiles("#attach", { name: "Очень_длинное_название_файла_без_единого_пробела_2027.pdf", mimeType: "application/pdf", buffer: pdf });
    const file = row(page, "Очень_длинное");
    await file.waitFor();
    await check(page, `files-ru-${screen}-${theme}`);
    await file.getByRole("link").last().click();
    await page.getByRole("dialog").waitFor();
    await check(page, `files-preview-ru-${screen}-${theme}`);
    await close();
  });
}

test("without script a form sends them", async () => {
  const path = await lead("Без скриптов");
  const { page, close } = await openSignedIn(plenary, path, { script: false });
  await page.setInputFiles("#attach", { name: "a.png", mimeType: "image/png", buffer: png });
  await page.getByRole("button", { name: "Приложить", exact: true }).click();
  await row(page, "a.png").waitFor();
  await row(page, "a.png").getByRole("link", { name: "a.png" }).click();
  await page.locator("img.seen").waitFor();
  await close();
});
