// Whatever somebody writes is shown as they wrote it: nothing runs, nothing is computed.
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { follow, open, openSignedIn } from "./browser.mjs";
import { start } from "./plenary.mjs";
import { found } from "./season.mjs";

const hostile = `<script>window.broken=1</script>"><img src=x onerror="window.broken=1">'{{1789*2003}}\${1789*2003}<%=1789*2003%>&amp;`;

let plenary, pages;
before(async () => {
  plenary = await start();
  const { api, url } = plenary;
  const texts = async (module, skip = []) => {
    const { fields } = await api("GET", `/api/v1/meta/modules/${module}`);
    const writable = fields.filter((field) => ["text", "long_text", "address"].includes(field.type) && !field.computed && !skip.includes(field.name) && !["process"].includes(field.set_by));
    return Object.fromEntries(writable.map((field) => [field.name, hostile]));
  };
  const event = await api("POST", "/api/v1/events", { ...(await texts("events", ["currency", "slug"])), slug: "hostile", status: "on_sale" });
  const type = await api("POST", "/api/v1/ticket_types", { ...(await texts("ticket_types")), event: event.id, price_tiers: [{ price: { amount: "1.00", currency: "RUB" }, from: null, until: null }] });
  const lead = await api("POST", "/api/v1/leads", await texts("leads"));
  const account = await api("POST", "/api/v1/accounts", await texts("accounts", ["inn", "kpp", "ogrn", "bik", "bank_account", "corr_account", "country"]));
  const body = JSON.stringify({ buyer: { name: hostile, email: "mallory@example.org" }, tickets: [{ ticket_type: type.id, attendee: { name: hostile } }], source: { utm_source: hostile } });
  const placed = await fetch(`${url}/api/public/v1/events/hostile/orders`, { method: "POST", headers: { "content-type": "application/json" }, body }).then((answer) => answer.json());
  const order = await found(api, placed.number);
  pages = [
    "/events", `/events/${event.id}`, `/events/${event.id}?view=card`, `/events/${event.id}/edit`, "/ticket_types", `/ticket_types/${type.id}`,
    "/leads", `/leads/${lead.id}`, `/leads/${lead.id}/edit`, `/leads/${lead.id}/transitions/lose`, `/accounts/${account.id}`, "/orders", `/orders/${order.id}`, `/orders/${order.id}/payments`,
    "/tickets", "/messages", `/search?q=${encodeURIComponent(hostile)}`, `/leads?q=${encodeURIComponent(hostile)}`, `/leads?filter=${encodeURIComponent(hostile)}`,
    `/leads?filter=${encodeURIComponent(`name == ${JSON.stringify(hostile)}`)}`, `/leads/new?name=${encodeURIComponent(hostile)}`, `/sign-in?next=${encodeURIComponent("//evil.example")}`,
    "/e/hostile", new URL(order.public_url).pathname, `${new URL(order.public_url).pathname}/cancel`, `/e/${encodeURIComponent(hostile)}`, `/${encodeURIComponent(hostile)}`,
  ];
});
after(() => plenary.stop());

const harm = () => ({
  ran: window.broken,
  elements: document.querySelectorAll("img[onerror], img[src=x], script:not([src])").length,
  computed: /3583367/.test(document.body.innerText),
});
const none = { ran: undefined, elements: 0, computed: false };

test("what came through the API is text on every page", async () => {
  const { page, complaints, close } = await openSignedIn(plenary, "/leads");
  let seen = 0;
  for (const path of pages) {
    await page.goto(plenary.url + path);
    assert.deepEqual(await page.evaluate(harm), none, path);
    if ((await page.locator("body").innerText()).includes("{{1789*2003}}")) seen += 1;
  }
  assert.ok(seen > pages.length / 2, `the text is seen on ${seen} pages only`);
  assert.deepEqual(complaints, []);
  await close();
});

test("what is typed into forms is text", async () => {
  const { page, complaints, close } = await open();
  await page.goto(`${plenary.url}/e/hostile`);
  await page.fill("#buyer_name", hostile);
  await page.fill("#buyer_email", hostile);
  await page.fill("#buyer_phone", hostile);
  await follow(page, () => page.click("main button.main-action"));
  assert.equal(await page.inputValue("#buyer_email"), hostile);
  assert.deepEqual(await page.evaluate(harm), none, "the order form");
  await page.goto(`${plenary.url}/sign-in`);
  await page.locator("form").evaluate((form) => { form.noValidate = true; });
  await page.fill("#email", hostile);
  await page.fill("#password", hostile);
  await follow(page, () => page.click("button.main-action"));
  await page.getByRole("alert").waitFor();
  assert.equal(await page.inputValue("#email"), hostile);
  assert.deepEqual(await page.evaluate(harm), none, "the door");
  await close();

  const staff = await openSignedIn(plenary, "/leads/new");
  await staff.page.fill("#name", hostile);
  await staff.page.fill("#company", hostile);
  await staff.page.fill("#email", hostile);
  await follow(staff.page, () => staff.page.locator("main button.main-action").click());
  await staff.page.locator("#email-error").waitFor();
  assert.equal(await staff.page.inputValue("#company"), hostile);
  await staff.page.fill("#email", "m@example.org");
  await follow(staff.page, () => staff.page.locator("main button.main-action").click());
  await staff.page.locator("main h1", { hasText: "{{1789*2003}}" }).waitFor();
  assert.deepEqual(await staff.page.evaluate(harm), none, "the record");
  assert.deepEqual([...complaints, ...staff.complaints], []);
  await staff.close();
});

test("letters carry it as text too", async () => {
  const { data } = await plenary.api("GET", "/api/v1/sandbox/outbox");
  const html = data.map((letter) => letter.html ?? "").join("");
  assert.ok(html.includes("{{1789*2003}}") && !html.includes("<script>window") && !/<img src=x/.test(html));
});

test("every page forbids what it does not need", async () => {
  for (const path of ["/sign-in", "/e/hostile", "/nothing"]) {
    const answer = await fetch(plenary.url + path);
    const { headers } = answer;
    await answer.text();
    const policy = headers.get("content-security-policy") ?? "";
    assert.doesNotMatch(policy, /unsafe-(inline|eval)/, path);
    assert.match(policy, /default-src 'none'|default-src 'self'|script-src 'self'/, path);
    assert.equal(headers.get("x-content-type-options"), "nosniff", path);
  }
});
