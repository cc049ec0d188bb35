// The way through the sample data, page by page: for those who draw its pages and those who judge them.
import { open } from "./browser.mjs";
import { subjects } from "./pictures.mjs";
import { visitor } from "./plenary.mjs";

/** A window of the visitor of the sample data. */
export async function signedIn({ url }, locale) {
  const visit = await open({ locale });
  await visit.page.goto(`${url}/sign-in?next=/leads`);
  await visit.page.fill("#email", visitor.email);
  await visit.page.fill("#password", visitor.password);
  await visit.page.click("button.main-action");
  await visit.page.waitForURL((url) => url.pathname === "/leads");
  return visit;
}

/** The records that the pages are about. */
export async function found(page) {
  const first = async ([module, filter]) => {
    // Users are not listed page by page.
    const address = module.startsWith("meta/") ? `/api/v1/${module}` : `/api/v1/${module}?limit=1${filter && `&filter=${encodeURIComponent(filter)}`}`;
    const { data } = await page.evaluate((from) => fetch(from).then((answer) => answer.json()), address);
    if (!data?.[0]) throw new Error(`the sample data has no record for ${module} ${filter}`);
    return data[0];
  };
  const pairs = [];
  for (const [name, asked] of Object.entries(subjects)) pairs.push([name, await first(asked)]);
  return Object.fromEntries(pairs);
}

/** The page as it stands once everything has come. */
export async function shown(page, url, { path, act }, places) {
  await page.goto(url + path(places));
  await act?.(page);
  await page.waitForLoadState();
  await page.evaluate(() => document.fonts.ready);
  await page.waitForTimeout(150);
}
