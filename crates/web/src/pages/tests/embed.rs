//! The order form inside a page of another site: it alone lets itself be framed, and works without a cookie.

use axum::http::{StatusCode, header};
use model::Locale;

use super::browser::{Answer, Browser};
use super::{on_sale, ordered, set_up};

fn policy(answer: &Answer) -> &str {
    answer.headers.get(header::CONTENT_SECURITY_POLICY).unwrap().to_str().unwrap()
}

fn is_framed(answer: &Answer) -> bool {
    let policy = policy(answer);
    assert!(policy.contains("script-src 'self'") && !policy.contains("unsafe"), "{policy}");
    assert!(answer.headers.get(header::X_FRAME_OPTIONS).is_none());
    policy.contains("frame-ancestors *") && !policy.contains("frame-ancestors 'none'")
}

#[tokio::test(flavor = "multi_thread")]
async fn an_order_is_placed_in_the_frame_and_its_page_opens_outside() {
    let (world, mut staff) = set_up(Locale::Ru).await;
    let (event, kind) = on_sale(&mut staff).await;
    let mut buyer = Browser::new(&world, Locale::Ru);
    let form = buyer.get("/e/spring?embed=1&lang=en").await;
    assert!(is_framed(&form));
    assert!(
        form.text.contains("action=\"/e/spring?embed=1&amp;lang=en\"") && form.text.contains("Continue"),
        "{}",
        form.text
    );
    assert!(!form.text.contains("<footer>") && !form.text.contains("<header>"), "nothing stands around it");
    assert!(form.text.contains(assets::FRAME_JS));
    // No cookie goes along in a frame of another site; the request comes from our own page all the same.
    buyer.cookies.clear();
    let wrong = buyer.post("/e/spring?embed=1&lang=en", &format!("count.{kind}=1&buyer_name=")).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(is_framed(&wrong), "what is wrong is told inside the frame");
    buyer.cookies.clear();
    let order = format!("count.{kind}=1&buyer_name=Petr&buyer_email=petr@example.org&consent=yes");
    let placed = buyer.post("/e/spring?embed=1&lang=en", &order).await;
    assert_eq!(placed.status, StatusCode::SEE_OTHER, "{}", placed.text);
    let address = placed.location().to_owned();
    assert!(address.ends_with("/placed?lang=en"), "{address}");
    buyer.cookies.clear();
    let thanks = buyer.get(&address).await;
    assert!(is_framed(&thanks) && thanks.text.contains("target=\"_blank\""), "{}", thanks.text);
    let page = address.trim_end_matches("/placed?lang=en");
    assert!(thanks.text.contains(&format!("href=\"{page}\"")));
    assert!(!is_framed(&buyer.get(page).await), "nobody lays anything over the order's own buttons");
    let foreign = buyer.post_with("/e/spring?embed=1", &order, &[("sec-fetch-site", "cross-site")]).await;
    assert_eq!(foreign.status, StatusCode::FORBIDDEN);
    assert!(is_framed(&buyer.get("/e/nothing?embed=1").await), "a missing event is told in the frame too");

    let shown = staff.page(&format!("/events/{event}")).await;
    assert!(shown.contains("&lt;iframe src=&quot;http://plenary.test/e/spring?embed=1&quot;"), "{shown}");
    assert!(shown.contains("http://plenary.test/embed.js") && shown.contains("data-copies=\"embed-code\""));
    let script = buyer.get("/embed.js").await;
    assert_eq!(script.headers[header::CONTENT_TYPE], "text/javascript; charset=utf-8");
    assert!(script.text.contains("origin"));
}

#[tokio::test(flavor = "multi_thread")]
async fn every_other_page_refuses_frames() {
    let (world, mut staff) = set_up(Locale::En).await;
    let (event, kind) = on_sale(&mut staff).await;
    let order = ordered(&world, &kind).await;
    let mut buyer = Browser::new(&world, Locale::En);
    for path in [
        "/e/spring",
        "/e/spring?embed=0",
        "/sign-in?embed=1",
        &order,
        &format!("{order}?embed=1"),
        &format!("{order}/cancel?embed=1"),
    ] {
        assert!(!is_framed(&buyer.get(path).await), "{path}");
    }
    for path in ["/", "/leads?embed=1", "/settings/organisation?embed=1", &format!("/events/{event}?embed=1")] {
        assert!(!is_framed(&staff.get(path).await), "{path}");
    }
    let plain = buyer.get("/e/spring").await;
    assert!(!plain.text.contains(assets::FRAME_JS) && plain.text.contains("action=\"/e/spring\""));
}
