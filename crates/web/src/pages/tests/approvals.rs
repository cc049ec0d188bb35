//! Rules that ask, answered by plain forms: yes, no, and not by whoever has to do with the record.

use axum::body::Body;
use axum::http::{Method, StatusCode};
use model::Locale;
use serde_json::json;

use super::{colleague, set_up};

#[tokio::test(flavor = "multi_thread")]
async fn yes_and_no_are_pressed_and_ones_own_record_is_for_somebody_else() {
    let (world, mut browser) = set_up(Locale::En).await;
    let mut head = colleague(&world, "head_of_sales").await;
    let mut seller = colleague(&world, "salesperson").await;
    let rule = json!({
        "name": "ask", "label": {"ru": "Спросить", "en": "Ask first"}, "module": "leads", "when": {"event": "created"},
        "then": [{"do": "approve", "by": {"role": "head_of_sales"}}, {"do": "set", "fields": {"source": "\"approved\""}}],
    });
    let headers = [("content-type", "application/json"), ("sec-fetch-site", "same-origin")];
    let made = browser.send(Method::POST, "/api/v1/meta/rules", Body::from(rule.to_string()), &headers).await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.text);
    assert!(head.page("/approvals").await.contains("Nothing waits for your approval"));
    let anna = browser.post("/leads/new", "name=Anna").await.made();
    let boris = browser.post("/leads/new", "name=Boris").await.made();
    let own = head.post("/leads/new", "name=Clara").await.made();
    world.web.app.run_due().await.unwrap();

    let page = head.page("/approvals").await;
    // What is asked stands by record: where to answer it, if one may.
    let form = |lead: &str| {
        let section = page.split("<section>").find(|section| section.contains(&format!("/leads/{lead}\""))).unwrap();
        let form = section.split("</section>").next()?.split("<form").nth(1)?;
        form.split("action=\"").nth(1)?.split('"').next().map(str::to_owned)
    };
    assert!(page.contains("Ask first") && page.contains("approved"), "what it would do: {page}");
    let [yes, no] = [form(&anna).unwrap(), form(&boris).unwrap()];
    assert_eq!(form(&own), None, "{page}");
    assert_eq!(page.matches("name=\"answer\"").count(), 4, "{page}");
    assert!(!seller.page("/approvals").await.contains("/approvals/ask"), "nobody asks them");
    assert_eq!(seller.post(&yes, "answer=yes").await.status, StatusCode::NOT_FOUND);

    for (at, answer) in [(&yes, "answer=yes"), (&no, "answer=no")] {
        let answered = head.post(at, answer).await;
        assert_eq!((answered.status, answered.location()), (StatusCode::SEE_OTHER, "/approvals"), "{}", answered.text);
        assert_eq!(head.post(at, answer).await.status, StatusCode::CONFLICT, "answered once");
    }
    world.web.app.run_due().await.unwrap();
    for (lead, is_done) in [(&anna, true), (&boris, false), (&own, false)] {
        let page = browser.page(&format!("/leads/{lead}")).await;
        assert_eq!(page.contains(">approved<"), is_done, "{page}");
    }
    let left = head.page("/approvals").await;
    assert!(left.contains(&own) && !left.contains(&anna) && !left.contains(&boris), "{left}");
    assert!(!left.contains("name=\"answer\""), "{left}");
}
