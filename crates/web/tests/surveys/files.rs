//! Files as answers: sent on the page without a script or by the API, kept with the survey, handed out to be saved.

use serde_json::{Value, json};

use super::world::{Answer, Api, worlds};
use super::{PUBLIC, SURVEYS, found, token};

const LARGEST: usize = 10 * 1024 * 1024;

/// A survey that asks for files, about leads.
async fn make(api: &Api) {
    let label = |text: &str| json!({"ru": text, "en": text});
    let questions = json!([
        {"key": "who", "kind": "text", "label": label("Who"), "required": true},
        {"key": "has_logo", "kind": "yes_no", "label": label("A logo?")},
        {"key": "logo", "kind": "file", "label": label("The logo"), "required": true, "if": "has_logo"},
        {"key": "brief", "kind": "file", "label": label("The brief")},
    ]);
    let about = json!([{"module": "leads", "to": "email"}]);
    let body =
        json!({"name": "stand", "label": label("Stand"), "corrections": true, "about": about, "questions": questions});
    api.post(SURVEYS, body).await.expect(201);
}

/// Sends the survey about a new lead; answers the page's address.
async fn sent(api: &Api, who: &str) -> String {
    let email = format!("{who}@example.org");
    let lead = api.post("/api/v1/leads", json!({"name": who, "email": email})).await.expect(201);
    let body = json!({"survey": "stand", "about": {"module": "leads", "id": lead["id"]}});
    api.post("/api/v1/surveys/send", body).await.expect(200);
    token(api, &email).await
}

/// A form with texts and files, as a browser sends it.
async fn form(who: &Api, path: &str, texts: &[(&str, &str)], files: &[(&str, &str, &[u8])]) -> Answer {
    let mut body = Vec::new();
    for (name, text) in texts {
        body.extend(format!("--x\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{text}\r\n").bytes());
    }
    for (control, name, bytes) in files {
        let head = format!("--x\r\nContent-Disposition: form-data; name=\"{control}\"; filename=\"{name}\"\r\n\r\n");
        body.extend(head.bytes());
        body.extend_from_slice(bytes);
        body.extend(b"\r\n");
    }
    body.extend(b"--x--\r\n");
    let kind = ("content-type", "multipart/form-data; boundary=x");
    who.call("POST", path, &[kind, ("sec-fetch-site", "same-origin"), ("accept-language", "en")], body).await
}

/// The hidden value of a control.
fn held<'a>(page: &'a Answer, control: &str) -> &'a str {
    let (_, rest) = page.text.split_once(&format!("name=\"{control}\" value=\"")).unwrap();
    rest.split('"').next().unwrap()
}

const ASKED: [(&str, &str); 3] = [("asked", "who"), ("asked", "has_logo"), ("asked", "brief")];

fn with<'a>(more: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    ASKED.iter().chain(more).copied().collect()
}

async fn answers(api: &Api, question: &str) -> Vec<Value> {
    found(api, "survey_answers", &format!("questionnaire == \"stand\" && question == \"{question}\"")).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_stays_while_the_page_comes_again_and_is_an_answer_like_others() {
    for world in worlds() {
        let (api, anybody) = (&world.admin, world.anybody());
        make(api).await;
        let link = sent(api, "anna").await;
        let page = format!("/p/s/{link}");
        let shown = anybody.send("GET", &page, &[("accept-language", "en")], None).await;
        assert!(
            shown.text.contains("multipart/form-data") && shown.text.contains("name=\"file.brief\" type=\"file\""),
            "{}",
            shown.text
        );
        assert!(!shown.text.contains("file.logo"), "its condition does not hold");

        // Something else is missing: the file was taken in, and stands on the page that comes again.
        let evil = b"<html><script>alert(1)</script>".as_slice();
        let wrong = form(&anybody, &page, &with(&[("a.who", "")]), &[("file.brief", "brief.html", evil)]).await;
        assert_eq!(wrong.status, 422);
        assert!(wrong.text.contains("a.who-error") && wrong.text.contains("Sent: brief.html"), "{}", wrong.text);
        let brief = held(&wrong, "a.brief").to_owned();
        assert!(answers(api, "brief").await.is_empty());

        // A question that the answers open: a file for it is wanted, and one that is too large is told beside it.
        let texts = with(&[("a.who", "Anna"), ("a.has_logo", "yes"), ("a.brief", &brief)]);
        let more = form(&anybody, &page, &texts, &[]).await;
        assert_eq!(more.status, 200);
        assert!(more.text.contains("file.logo") && more.text.contains("Sent: brief.html"), "{}", more.text);
        let texts: Vec<_> = texts.into_iter().chain([("asked", "logo")]).collect();
        let missing = form(&anybody, &page, &texts, &[]).await;
        assert!(missing.status == 422 && missing.text.contains("a.logo-error"), "{}", missing.text);
        let large = vec![7; LARGEST + 1];
        let refused = form(&anybody, &page, &texts, &[("file.logo", "logo.bin", large.as_slice())]).await;
        assert_eq!(refused.status, 422);
        assert!(refused.text.contains("The file is too large: 10 MB at most."), "{}", refused.text);
        let done = form(&anybody, &page, &texts, &[("file.logo", "logo.bin", &large[..LARGEST])]).await;
        assert_eq!(done.status, 303, "{}", done.text);

        let told = answers(api, "brief").await;
        assert_eq!((&told[0]["answer"], &told[0]["value"]), (&json!("brief.html"), &json!(brief)));
        assert_eq!(answers(api, "logo").await[0]["answer"], "logo.bin");
        // It hangs on the survey, and nobody's browser runs it.
        let survey = told[0]["survey"]["id"].as_str().or(told[0]["survey"].as_str()).unwrap().to_owned();
        let file = api.get(&format!("/api/v1/surveys/{survey}/files/{brief}")).await;
        assert_eq!((file.status, file.bytes.as_slice()), (200, evil));
        assert!(file.headers["content-disposition"].to_str().unwrap().starts_with("attachment"));
        assert_eq!(file.headers["content-type"], "application/octet-stream");
        assert_ne!(anybody.get(&format!("/files/{brief}/content")).await.status, 200, "strangers never get it back");

        let results = api.get(&format!("{SURVEYS}/stand/results")).await.expect(200);
        let of_brief = results["questions"].as_array().unwrap().iter().find(|it| it["key"] == "brief").unwrap();
        assert_eq!(
            (&of_brief["texts"][0]["text"], &of_brief["texts"][0]["file"]),
            (&json!("brief.html"), &json!(brief))
        );
        let table = api.get(&format!("{SURVEYS}/stand/answers.csv")).await;
        assert!(
            table.text.contains("brief.html ") && table.text.contains(&format!("/files/{brief}\"")),
            "{}",
            table.text
        );

        // A correction takes it away: the answer and the file are in the bin.
        let again = anybody.send("GET", &format!("{page}?correct=1"), &[("accept-language", "en")], None).await;
        assert!(again.text.contains("Sent: brief.html") && again.text.contains("a.brief.remove"), "{}", again.text);
        let texts = with(&[("a.who", "Anna"), ("a.has_logo", "no"), ("a.brief", &brief), ("a.brief.remove", "yes")]);
        let done = form(&anybody, &page, &texts, &[]).await;
        assert_eq!(done.status, 303, "{}", done.text);
        assert!(answers(api, "brief").await.is_empty() && answers(api, "logo").await.is_empty());
        assert!(found(api, "files", &format!("about.id == \"{survey}\"")).await.is_empty());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn files_come_by_personal_links_alone_and_within_bounds() {
    for world in worlds() {
        let (api, anybody) = (&world.admin, world.anybody());
        make(api).await;
        let file = json!({"key": "f", "kind": "file", "label": "File"});
        let open = json!({"name": "open", "label": "Open", "anonymous": true, "questions": [file]});
        api.post(SURVEYS, open).await.faulty(&["questions[0].kind"]);
        let writes = json!({"key": "f", "kind": "file", "label": "File", "writes": "need", "prefill": "name"});
        let about = json!([{"module": "leads", "to": "email"}]);
        let wrong = json!({"name": "w", "label": "W", "about": about, "questions": [writes]});
        api.post(SURVEYS, wrong).await.faulty(&["questions[0].prefill", "questions[0].writes"]);

        let (anna, boris) = (sent(api, "anna").await, sent(api, "boris").await);
        let files = format!("{PUBLIC}/{anna}/files");
        let made = anybody.upload(&files, &[("one.txt", b"1".as_slice())], Some("brief"), "k").await.expect(201);
        let one = made["answers"]["brief"].as_str().unwrap().to_owned();
        let again = anybody.upload(&files, &[("one.txt", b"1".as_slice())], Some("brief"), "k").await.expect(201);
        assert_eq!(again, made, "one key is one file");
        anybody.upload(&files, &[("one.txt", b"1".as_slice())], Some("who"), "").await.faulty(&["who"]);
        anybody
            .upload(&files, &[("large", vec![0; LARGEST + 1].as_slice())], Some("brief"), "")
            .await
            .faulty(&["brief"]);
        let nowhere = format!("{PUBLIC}/{}/files", "x".repeat(43));
        anybody.upload(&nowhere, &[("one.txt", b"1".as_slice())], Some("brief"), "").await.refused(404, "not_found");
        assert_eq!(form(&anybody, &format!("/p/s/{}", "x".repeat(43)), &ASKED, &[]).await.status, 404);

        // A file of another link is none of this one's.
        let body = json!({"answers": {"who": "Boris", "brief": one}});
        anybody.post(&format!("{PUBLIC}/{boris}"), body.clone()).await.faulty(&["brief"]);
        let shown = form(&anybody, &format!("/p/s/{boris}"), &with(&[("a.who", ""), ("a.brief", &one)]), &[]).await;
        assert!(shown.status == 422 && !shown.text.contains("one.txt"), "{}", shown.text);

        for number in 1..20 {
            let name = format!("{number}.txt");
            anybody.upload(&files, &[(&name, b"2".as_slice())], Some("brief"), "").await.expect(201);
        }
        let spent = anybody.upload(&files, &[("21.txt", b"2".as_slice())], Some("brief"), "").await;
        assert_eq!((spent.status, &spent.json["errors"][0]["code"]), (422, &json!("survey_files_spent")));
        anybody.post(&format!("{PUBLIC}/{anna}"), body).await.expect(201);
        // What no answer names is in the bin.
        let names: Vec<_> = found(api, "files", "true").await.iter().map(|it| it["name"].clone()).collect();
        assert_eq!(names, ["one.txt"]);
    }
}
