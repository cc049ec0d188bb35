//! Settings → Packs: seen, uploaded, planned, applied, downloaded, taken back; and who may not.

use axum::body::Body;
use axum::http::{Method, StatusCode};
use model::Locale;

use super::browser::{Answer, Browser};
use super::{colleague, set_up};

const MANIFEST: &str =
    "name = \"extra\"\nlabel = { ru = \"Ещё\", en = \"Extra\" }\nversion = 1\nrequires = [\"crm\"]\n";
const LEADS: &str = "extends = \"leads\"\nfields = [ { name = \"motto\", type = \"text\" } ]\n";

/// Sends a form of several parts: control, name of a file where it is one, text.
async fn send(browser: &mut Browser, parts: &[(&str, Option<&str>, &str)]) -> Answer {
    let mut body = String::new();
    for (control, file, text) in parts {
        let file = file.map_or_else(String::new, |name| format!("; filename=\"{name}\""));
        body.push_str(&format!("--edge\r\ncontent-disposition: form-data; name=\"{control}\"{file}\r\n\r\n{text}\r\n"));
    }
    body.push_str("--edge--\r\n");
    let headers = [("sec-fetch-site", "same-origin"), ("content-type", "multipart/form-data; boundary=edge")];
    browser.send(Method::POST, "/settings/packs", Body::from(body), &headers).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pack_is_uploaded_seen_applied_downloaded_and_taken_back() {
    for locale in Locale::ALL {
        let (world, mut browser) = set_up(locale).await;
        let list = browser.page("/settings/packs").await;
        assert!(list.contains("href=\"/settings/packs/crm\"") && list.contains("href=\"/settings/packs/conference\""));
        let one = browser.page("/settings/packs/conference").await;
        assert!(one.contains("href=\"/settings/packs/conference/file\""));
        let same = browser.page("/settings/packs/crm/apply").await;
        assert!(!same.contains("main-action"), "there is nothing to be done");

        let files = [("files", Some("pack.toml"), MANIFEST), ("files", Some("modules/leads.toml"), LEADS)];
        let plan = send(&mut browser, &files).await;
        assert_eq!(plan.status, StatusCode::OK, "{}", plan.text);
        assert!(plan.text.contains("modules/leads.toml") && plan.text.contains("<ins>+ version = 1</ins>"));
        let step = if locale == Locale::Ru { "Новый столбец" } else { "New column" };
        let told = format!("<li>{step} <code translate=\"no\">leads.motto</code></li>");
        assert!(plan.text.contains(&told), "steps are said in the reader's language: {}", plan.text);
        assert!(!browser.page("/settings/packs").await.contains("/settings/packs/extra"), "only seen, not applied");
        let bundle = serde_json::json!({"files": {"pack.toml": MANIFEST, "modules/leads.toml": LEADS}}).to_string();
        let done = send(&mut browser, &[("pack", None, &bundle)]).await;
        assert_eq!(done.location(), "/settings/packs/extra?done=true", "{}", done.text);
        assert!(browser.page("/settings/packs/extra?done=true").await.contains("<code>motto</code>"));

        // Out and in again: it is the same.
        let file = browser.get("/settings/packs/extra/file").await;
        assert!(file.headers["content-disposition"].to_str().unwrap().contains("extra-1.pack.json"));
        let again = send(&mut browser, &[("files", Some("extra-1.pack.json"), &file.text)]).await;
        assert!(again.status == StatusCode::OK && !again.text.contains("main-action"), "{}", again.text);

        let wrong = send(&mut browser, &[("files", Some("pack.toml"), "name = 1 2")]).await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(wrong.text.contains("<code>pack.toml</code>") && wrong.text.contains("line 1"), "{}", wrong.text);
        let json = send(&mut browser, &[("files", Some("x.json"), "{\n]")]).await;
        assert!(json.text.contains("x.json") && json.text.contains("line 2"), "{}", json.text);
        let nothing = send(&mut browser, &[("files", Some(""), "")]).await;
        assert_eq!(nothing.status, StatusCode::UNPROCESSABLE_ENTITY);
        let needs = MANIFEST.replace("crm", "no_such_pack");
        let unfit = send(&mut browser, &[("files", Some("pack.toml"), &needs)]).await;
        assert!(unfit.status == StatusCode::UNPROCESSABLE_ENTITY && unfit.text.contains("no_such_pack"));

        let page = browser.page("/settings/packs/extra").await;
        let past = page.split("/settings/packs/extra/past/").nth(1).and_then(|rest| rest.split('"').next()).unwrap();
        let past = format!("/settings/packs/extra/past/{past}");
        assert!(browser.page(&past).await.contains("<del>- version = 1</del>"));
        let back = browser.post(&past, "").await;
        assert_eq!(back.location(), "/settings/packs?done=true", "it was not there before");
        assert_eq!(browser.get("/settings/packs/extra").await.status, StatusCode::NOT_FOUND);
        assert_eq!(browser.get("/settings/packs/crm/past/123456").await.status, StatusCode::NOT_FOUND);
        assert_eq!(browser.get("/settings/packs/..%2Fcrm/apply").await.status, StatusCode::NOT_FOUND);

        let mut other = colleague(&world, "salesperson").await;
        for path in ["/settings/packs", "/settings/packs/crm", "/settings/packs/crm/file", "/settings/packs/crm/apply"]
        {
            assert_eq!(other.get(path).await.status, StatusCode::FORBIDDEN, "{path}");
        }
        assert_eq!(send(&mut other, &files).await.status, StatusCode::FORBIDDEN);
    }
}

/// What is in the tabs over a list.
fn tabs(page: &str) -> &str {
    page.split("<nav class=\"tabs\"").nth(1).and_then(|rest| rest.split("</nav>").next()).unwrap_or_default()
}

#[tokio::test(flavor = "multi_thread")]
async fn views_of_packs_stand_among_the_others_in_the_readers_language() {
    for (locale, label, whose, other) in [
        (Locale::Ru, "Ничьи лиды", "Из пакета «Продажи и клиенты»", "Nobody"),
        (Locale::En, "Nobody's leads", "From the pack “Sales and clients”", "Ничьи"),
    ] {
        let (_, mut browser) = set_up(locale).await;
        let page = browser.page("/leads").await;
        assert!(tabs(&page).contains(label) && !tabs(&page).contains(other), "{}", tabs(&page));
        let address = tabs(&page).split(label).next().and_then(|before| before.rsplit("href=\"").next()).unwrap();
        let address = address.split('"').next().unwrap().to_owned();
        let list = browser.page(&address).await;
        assert!(list.contains("owner == null"), "it is narrowed: {list}");
        assert!(!list.contains("id=\"change-view\"") && list.contains("id=\"new-view\""), "kept only as one's own");
        let views = browser.page("/views?module=leads").await;
        assert!(views.contains(label) && views.contains(whose), "{views}");
        let id = address.split("view=").nth(1).unwrap();
        assert!(!views.contains(&format!("share-{id}")), "nobody changes it");
        assert_eq!(browser.post(&format!("/views/{id}"), "do=remove").await.status, StatusCode::FORBIDDEN);
        // The list opens with it for everybody.
        browser.post("/views/first", &format!("module=leads&view={id}&for=them&on=true")).await;
        assert_eq!(browser.get("/leads").await.location(), address);
    }
}
