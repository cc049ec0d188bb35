// A telephone line is set up; while a call rings, whoever's set it is sees who calls, with and without script.
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { check, checkFit, look, open, openSignedIn, signIn } from "./browser.mjs";
import { start } from "./plenary.mjs";

let plenary;
before(async () => { plenary = await start(); });
after(() => plenary.stop());

const LINES = "/settings/lines";
const SECRET = "a secret of both";

/** Tells of a call as a provider does. */
async function tell(line, event) {
  const body = JSON.stringify({ direction: "in", to: "+78125550000", extension: "101", ...event });
  const signature = createHmac("sha256", SECRET).update(`m1.1800000000.${body}`).digest("base64");
  const headers = { "content-type": "application/json", "webhook-id": "m1", "webhook-timestamp": "1800000000", "webhook-signature": `v1,${signature}` };
  const answer = await fetch(`${plenary.url}/api/hooks/telephone/${line}`, { method: "POST", headers, body });
  assert.equal(answer.status, 204, await answer.text());
}

for (const [locale, words] of [
  ["ru", { fresh: "Новый лид", recording: "Запись разговора", withheld: "Номер скрыт" }],
  ["en", { fresh: "New lead", recording: "Recording", withheld: "Number withheld" }],
]) {
  test(`a line, a call that rings, its recording, ${locale}`, async () => {
    await plenary.api("PATCH", "/api/v1/me", { locale });
    const { page, complaints, close } = await openSignedIn(plenary, LINES);
    await page.fill("#name", `Line ${locale}`);
    await page.fill("#secret", SECRET);
    await page.locator("input[name^='ext.']").first().fill("101, 102");
    await page.click("#new-line .main-action");
    await page.waitForURL(/lines\/[0-9a-f-]{36}/);
    assert.ok(!(await page.content()).includes(SECRET), "it is not given back");
    const line = page.url().match(/lines\/([0-9a-f-]{36})/)[1];
    assert.match(await page.locator("main code").first().innerText(), new RegExp(`/api/hooks/telephone/${line}$`));
    assert.equal(await page.locator("input[name^='ext.']").first().inputValue(), "101, 102");
    await check(page, `telephone-line-${locale}-desktop-light`);

    const number = locale === "ru" ? "+79211234567" : "+79217654321";
    const lead = await plenary.api("POST", "/api/v1/leads", { name: `Caller ${locale}`, phone: number });
    await page.goto(`${plenary.url}/leads/${lead.id}`);
    assert.ok(await page.locator(`a[href="tel:${number}"]`).count() > 0, "a number is called by a press");
    await tell(line, { call: `known-${locale}`, event: "ringing", from: number });
    const note = page.locator("#ringing .note");
    await note.waitFor();
    assert.equal(await note.getByRole("link", { name: `Caller ${locale}` }).getAttribute("href"), `/leads/${lead.id}`);
    await check(page, `ringing-${locale}-desktop-light`);
    await look(page, "phone", "dark");
    await checkFit(page, `ringing-${locale}-phone-dark`);
    await look(page, "desktop", "light");
    await tell(line, { call: `known-${locale}`, event: "answered", from: number });
    await note.waitFor({ state: "detached" });
    await tell(line, { call: `known-${locale}`, event: "ended", from: number, duration: 125 });
    await tell(line, { call: `known-${locale}`, event: "recording", recording: "https://tapes.example.org/1" });
    await page.reload();
    const story = page.locator(".timeline");
    assert.match(await story.innerText(), /2:05/);
    assert.equal(await story.getByRole("link", { name: words.recording }).first().getAttribute("href"), "https://tapes.example.org/1");
    const call = (await plenary.api("GET", "/api/v1/calls?limit=1")).data[0];
    await page.goto(`${plenary.url}/calls/${call.id}`);
    await check(page, `telephone-call-${locale}-desktop-light`);
    assert.deepEqual(complaints, []);
    await close();

    const plain = await open({ script: false, screen: "phone" });
    await signIn(plain.page, plenary.url, "/leads");
    await tell(line, { call: `new-${locale}`, event: "ringing", from: locale === "ru" ? "+79210000001" : "+79210000002" });
    await tell(line, { call: `hidden-${locale}`, event: "ringing", from: "anonymous" });
    await plain.page.reload();
    const told = plain.page.locator("#ringing");
    assert.match(await told.innerText(), new RegExp(words.withheld));
    await told.getByRole("link", { name: words.fresh }).click();
    await plain.page.waitForURL(/leads\/new\?phone=/);
    for (const name of ["new", "hidden"]) await tell(line, { call: `${name}-${locale}`, event: "ended" });
    await plain.close();
  });
}
