// A program that brings requests is connected, a sample is tried, a request is heard once and is a lead.
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { check, checkFit, look, openSignedIn } from "./browser.mjs";
import { start } from "./plenary.mjs";

let plenary;
before(async () => { plenary = await start(); });
after(() => plenary.stop());

const SECRET = "a word of both";
const text = async (page) => (await page.locator("main").innerText()).replaceAll("\u00a0", " ");

/** Brings a request as a program does; answers what became of it. */
async function bring(source, request, secret = SECRET) {
  const body = JSON.stringify(request);
  const signature = createHmac("sha256", secret).update(body).digest("hex");
  const headers = { "content-type": "application/json", "x-hub-signature-256": `sha256=${signature}` };
  const answer = await fetch(`${plenary.url}/api/hooks/requests/${source}`, { method: "POST", headers, body });
  return answer.ok ? (await answer.json()).status : answer.status;
}

for (const [locale, words] of [
  ["ru", { would: /Заявка читается/, refused: /ждала бы среди отклонённых/, unasked: /останется в сообщении/ }],
  ["en", { would: /The request can be read/, refused: /would wait among the rejected/, unasked: /it stands in the message/ }],
]) {
  test(`a source of requests from its connection to its end, ${locale}`, async () => {
    await plenary.api("PATCH", "/api/v1/me", { locale });
    const { page, complaints, close } = await openSignedIn(plenary, "/settings/requests");
    await page.fill("#name", `Shop ${locale}`);
    await page.selectOption("#kind", "webhook");
    await page.selectOption("#form", "lead_form");
    await page.fill("#secret", SECRET);
    await check(page, `sources-${locale}-desktop-light`);
    await page.click("#new-source .main-action");
    await page.waitForURL(/requests\/[0-9a-f-]{36}/);
    assert.ok(!(await page.content()).includes(SECRET), "it is not given back");
    const source = page.url().match(/requests\/([0-9a-f-]{36})/)[1];
    assert.match(await page.locator("main code").first().innerText(), new RegExp(`/api/hooks/requests/${source}$`));

    const request = { id: `A-${locale}`, contact: { name: `Анна ${locale}`, email: `anna@${locale}.example` }, colour: "red" };
    await page.fill("#body", JSON.stringify(request, null, 2));
    await page.click("#trial button");
    await page.locator("#trial .note.good").waitFor();
    assert.match(await text(page), words.would);
    assert.match(await text(page), words.unasked);
    await check(page, `source-tried-${locale}-desktop-light`);
    await look(page, "phone", "dark");
    await checkFit(page, `source-tried-${locale}-phone-dark`);
    await look(page, "desktop", "light");
    await page.fill("#body", JSON.stringify({ ...request, contact: {} }));
    await page.click("#trial button");
    await page.locator("#trial .note.bad").waitFor();
    assert.match(await text(page), words.refused);

    assert.equal(await bring(source, request, "another word"), 401);
    assert.equal(await bring(source, request), "received");
    assert.equal(await bring(source, request), "repeated");
    await page.goto(`${plenary.url}/leads`);
    assert.equal(await page.getByRole("link", { name: `Анна ${locale}`, exact: true }).count(), 1);

    // What cannot be is told beside its control.
    await page.goto(`${plenary.url}/settings/requests/${source}`);
    await page.fill("#header", "X Signature");
    await page.click("#source .main-action");
    await page.locator("#header-error").waitFor();
    await check(page, `source-refused-${locale}-desktop-light`);
    await page.locator("details.apart summary").click();
    await page.locator("details.apart button").click();
    await page.waitForURL(/settings\/requests$/);
    assert.deepEqual(complaints, []);
    await close();
  });
}
