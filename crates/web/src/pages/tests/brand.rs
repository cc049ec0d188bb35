//! The organisation's logo and colour, and the interface as an app on a device.

use axum::body::Body;
use axum::http::{Method, StatusCode, header};
use model::Locale;

use super::browser::{Answer, Browser};
use super::{colleague, on_sale, ordered, set_up};

const LOGO: &str = "/settings/organisation/logo";
const PNG: &[u8] = b"\x89PNG\r\n\x1a\n-not-much-of-a-picture";

/// Sends a file as a form does, under a name that says something else.
async fn sent(browser: &mut Browser, bytes: &[u8]) -> Answer {
    let mut body = b"--edge\r\ncontent-disposition: form-data; name=\"logo\"; filename=\"page.html\"\r\ncontent-type: text/html\r\n\r\n".to_vec();
    body.extend(bytes);
    body.extend(b"\r\n--edge--\r\n");
    let headers = [("content-type", "multipart/form-data; boundary=edge"), ("sec-fetch-site", "same-origin")];
    browser.send(Method::POST, LOGO, Body::from(body), &headers).await
}

/// The address of the logo on a page.
fn address(page: &str) -> String {
    let rest = page.split("src=\"/assets/brand/").nth(1).unwrap_or_else(|| panic!("no logo: {page}"));
    format!("/assets/brand/{}", rest.split('"').next().unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_logo_is_seen_everywhere_and_never_runs() {
    let (world, mut staff) = set_up(Locale::Ru).await;
    let (_, kind) = on_sale(&mut staff).await;
    let order = ordered(&world, &kind).await;
    assert_eq!(sent(&mut staff, PNG).await.location(), "/settings/organisation?saved=true");
    let mut buyer = Browser::new(&world, Locale::Ru);
    let at = address(&staff.page("/leads").await);
    assert!(at.ends_with(".png"), "{at}: told by its bytes");
    for path in ["/e/spring", &order, "/sign-in"] {
        assert_eq!(address(&buyer.page(path).await), at, "{path}");
    }
    let picture = buyer.get(&at).await;
    assert_eq!(picture.headers[header::CONTENT_TYPE], "image/png");
    assert_eq!(picture.headers[header::X_CONTENT_TYPE_OPTIONS], "nosniff");
    assert!(picture.headers[header::CACHE_CONTROL].to_str().unwrap().contains("immutable"));

    let svg = b"<svg xmlns=\"http://www.w3.org/2000/svg\"><script>alert(1)</script></svg>";
    sent(&mut staff, svg).await;
    let drawn = address(&staff.page("/leads").await);
    let picture = buyer.get(&drawn).await;
    assert_eq!(picture.headers[header::CONTENT_TYPE], "image/svg+xml");
    let policy = picture.headers[header::CONTENT_SECURITY_POLICY].to_str().unwrap();
    assert!(policy.contains("sandbox") && policy.contains("default-src 'none'") && !policy.contains("script"));
    assert_eq!(buyer.get(&at).await.status, StatusCode::NOT_FOUND, "the earlier one is served no more");
    assert_eq!(buyer.get("/assets/brand/..%2Fbrand.png").await.status, StatusCode::NOT_FOUND);

    for wrong in [b"<html><script>alert(1)</script></html>".to_vec(), Vec::new(), PNG.repeat(30_000)] {
        let refused = sent(&mut staff, &wrong).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.text.contains("id=\"logo-error\""), "{}", refused.text);
    }
    let mut seller = colleague(&world, "salesperson").await;
    assert_eq!(sent(&mut seller, PNG).await.status, StatusCode::FORBIDDEN);
    assert_eq!(address(&staff.page("/leads").await), drawn);
    let removal = "--edge\r\ncontent-disposition: form-data; name=\"remove\"\r\n\r\nyes\r\n--edge--\r\n";
    let headers = [("content-type", "multipart/form-data; boundary=edge"), ("sec-fetch-site", "same-origin")];
    staff.send(Method::POST, LOGO, Body::from(removal), &headers).await;
    assert!(!staff.page("/leads").await.contains("/assets/brand/"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_colour_is_a_style_sheet_of_its_own() {
    let (world, mut staff) = set_up(Locale::En).await;
    on_sale(&mut staff).await;
    let whole = "name=Java&locale=en&time_zone=Europe/Moscow&currency=RUB&sender=box@java.example";
    assert!(!staff.page("/leads").await.contains("/assets/brand/"));
    let saved = staff.post("/settings/organisation", &format!("{whole}&has_accent=on&accent=%23FFE600")).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.text);
    let mut buyer = Browser::new(&world, Locale::En);
    for page in [staff.page("/leads").await, buyer.page("/e/spring").await, buyer.page("/sign-in").await] {
        assert!(page.contains("href=\"/assets/brand/ffe600.css\""));
    }
    let styles = buyer.get("/assets/brand/ffe600.css").await;
    assert_eq!(styles.headers[header::CONTENT_TYPE], "text/css; charset=utf-8");
    assert!(styles.text.contains("background:#ffe600;color:#000000"), "black is read on yellow: {}", styles.text);
    assert!(!styles.text.contains("--accent:light-dark(#ffe600"), "yellow is not read on white");
    assert_eq!(buyer.get("/assets/brand/red.css").await.status, StatusCode::NOT_FOUND);
    let wrong = staff.post("/settings/organisation", &format!("{whole}&has_accent=on&accent=red")).await;
    assert!(wrong.status == StatusCode::UNPROCESSABLE_ENTITY && wrong.text.contains("id=\"accent-error\""));
    staff.post("/settings/organisation", &format!("{whole}&accent=%23ffe600")).await;
    assert!(!staff.page("/leads").await.contains("/assets/brand/"));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_interface_can_be_installed_and_public_pages_cannot() {
    let (world, mut staff) = set_up(Locale::Ru).await;
    on_sale(&mut staff).await;
    let page = staff.page("/leads").await;
    assert!(page.contains("rel=\"manifest\" href=\"/app.webmanifest\"") && page.contains("prefers-color-scheme: dark"));
    let mut buyer = Browser::new(&world, Locale::Ru);
    for path in ["/e/spring", "/e/spring?embed=1", "/sign-in"] {
        assert!(!buyer.page(path).await.contains("manifest"), "{path}");
    }
    let manifest = buyer.get("/app.webmanifest").await;
    assert_eq!(manifest.headers[header::CONTENT_TYPE], "application/manifest+json");
    let manifest: serde_json::Value = serde_json::from_str(&manifest.text).unwrap();
    assert_eq!((&manifest["name"], &manifest["display"]), (&"Ява-клуб".into(), &"standalone".into()));
    for icon in manifest["icons"].as_array().unwrap() {
        let served = buyer.get(icon["src"].as_str().unwrap()).await;
        assert_eq!(served.headers[header::CONTENT_TYPE], icon["type"].as_str().unwrap());
    }
}
