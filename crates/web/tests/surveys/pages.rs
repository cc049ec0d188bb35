//! The page of a survey without a script: branches, faults beside their questions, what was typed kept.

use serde_json::json;

use super::world::{Answer, Api, worlds};
use super::{found, lost, send, token};

async fn post(who: &Api, path: &str, form: &str) -> Answer {
    let headers = [
        ("content-type", "application/x-www-form-urlencoded"),
        ("sec-fetch-site", "same-origin"),
        ("accept-language", "en"),
    ];
    who.call("POST", path, &headers, form.as_bytes().to_vec()).await
}

#[tokio::test(flavor = "multi_thread")]
async fn answers_open_further_questions_and_faults_keep_what_was_typed() {
    for world in worlds() {
        let (api, anybody) = (&world.admin, world.anybody());
        let lead = lost(api, "Anna").await;
        send(api, &lead).await;
        let page = format!("/p/s/{}", token(api, "anna@example.org").await);
        let first = anybody.send("GET", &page, &[("accept-language", "en")], None).await;
        assert_eq!((first.status, first.headers["cache-control"].to_str().unwrap()), (200, "private, no-store"));
        assert!(
            first.text.contains("What decided it?") && !first.text.contains("Please tell us more"),
            "{}",
            first.text
        );
        assert!(!first.text.contains("<script") && !first.text.contains("style="), "no script, no style of its own");
        assert!(first.bytes.len() < 20_000, "{} bytes", first.bytes.len());

        let asked = "asked=reason&asked=recommend&asked=again";
        let second = post(&anybody, &page, &format!("{asked}&a.reason=other&a.recommend=7")).await;
        assert_eq!(second.status, 200);
        assert!(
            second.text.contains("Please tell us more") && second.text.contains("Your answer opens"),
            "{}",
            second.text
        );
        assert!(second.text.contains("value=\"7\" checked"), "what was chosen stays");
        assert_eq!(found(api, "survey_answers", "questionnaire == \"decline\"").await.len(), 0);

        let asked = format!("{asked}&asked=details");
        let wrong = post(&anybody, &page, &format!("{asked}&a.reason=other&a.details=&a.recommend=7")).await;
        assert_eq!(wrong.status, 422);
        assert!(
            wrong.text.contains("id=\"a.details-error\"") && wrong.text.contains("value=\"7\" checked"),
            "{}",
            wrong.text
        );
        let typed = "%3Cb%3Etoo+dear%3C%2Fb%3E";
        let done =
            post(&anybody, &page, &format!("{asked}&a.reason=other&a.details={typed}&a.recommend=7&a.again=no")).await;
        assert_eq!((done.status, done.headers["location"].to_str().unwrap()), (303, page.as_str()));
        let told = found(api, "survey_answers", "question == \"details\"").await;
        assert_eq!(told[0]["answer"], "<b>too dear</b>");
        let thanks = anybody.send("GET", &page, &[("accept-language", "en")], None).await;
        assert!(thanks.text.contains("We read every word") && thanks.text.contains("?correct=1"), "{}", thanks.text);
        let again = anybody.send("GET", &format!("{page}?correct=1"), &[("accept-language", "en")], None).await;
        assert!(again.text.contains("&lt;b&gt;too dear&lt;/b&gt;"), "{}", again.text);
        // A robot fills in everything, and nothing comes of it.
        let robot = post(&anybody, &page, &format!("{asked}&a.reason=price&website=x")).await;
        assert_eq!(robot.status, 303);
        assert_eq!(found(api, "survey_answers", "question == \"details\"").await.len(), 1);
        assert_eq!(anybody.get("/p/s/nothing-is-called-so-nothing-is").await.status, 404);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn lines_are_added_one_by_one() {
    for world in worlds() {
        let (api, anybody) = (&world.admin, world.anybody());
        let column = |key: &str, kind: &str| json!({"key": key, "label": {"ru": key, "en": key}, "kind": kind, "min": if kind == "number" { json!(1) } else { json!(null) }});
        let survey = json!({
            "name": "wishes", "label": "Wishes", "anonymous": true,
            "questions": [{"key": "lines", "kind": "lines", "label": "Tickets", "required": true, "columns": [column("what", "text"), column("quantity", "number")]}],
        });
        api.post(super::SURVEYS, survey).await.expect(201);
        let page = "/p/s/wishes";
        let more =
            post(&anybody, page, "asked=lines&a.lines.lines=1&a.lines.0.what=x&a.lines.0.quantity=&add=lines").await;
        assert_eq!(more.status, 200);
        assert!(more.text.contains("name=\"a.lines.1.what\"") && more.text.contains("value=\"x\""), "{}", more.text);
        let wrong =
            post(&anybody, page, "asked=lines&a.lines.lines=2&a.lines.0.what=&a.lines.1.what=x&a.lines.1.quantity=0")
                .await;
        assert_eq!(wrong.status, 422);
        assert!(wrong.text.contains("id=\"a.lines.1.quantity-error\""), "{}", wrong.text);
        let done =
            post(&anybody, page, "asked=lines&a.lines.lines=2&a.lines.0.what=&a.lines.1.what=x&a.lines.1.quantity=2")
                .await;
        assert_eq!((done.status, done.headers["location"].to_str().unwrap()), (303, "/p/s/wishes?done=1"));
        let told = found(api, "survey_answers", "question == \"lines\"").await;
        assert_eq!((told.len(), &told[0]["value"]), (1, &json!([{"what": "x", "quantity": 2}])));
    }
}
