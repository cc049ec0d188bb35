//! Letters that people write: they wait, are changed and taken back until they go, go once, answer what came in, and are
//! nobody's business who does not see what they are about; on both databases.

use jiff::SignedDuration;
use model::Actor;
use serde_json::{Value, json};
use store::{Origin, Work};

use crate::world::{Answer, Api, World, worlds};

const LEADS: &str = "/api/v1/leads";
const MESSAGES: &str = "/api/v1/messages";

fn id(record: &Value) -> &str {
    record["id"].as_str().unwrap()
}

async fn lead(who: &Api, email: &str) -> String {
    id(&who.post(LEADS, json!({"name": "Anna Reed", "email": email})).await.expect(201)).to_owned()
}

async fn write(who: &Api, lead: &str, subject: &str, text: &str) -> Answer {
    who.post(&format!("{LEADS}/{lead}/letters"), json!({"subject": subject, "text": text})).await
}

async fn wait(world: &World, seconds: u32) {
    world.admin.post("/api/v1/sandbox/clock", json!({"advance": format!("PT{seconds}S")})).await.expect(200);
}

async fn status(who: &Api, letter: &str) -> String {
    who.get(&format!("{MESSAGES}/{letter}")).await.expect(200)["status"].as_str().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_letter_waits_is_changed_and_goes() {
    for world in worlds() {
        let api = &world.admin;
        let lead = lead(api, "anna@client.example").await;
        let letter = write(api, &lead, "Stands", "Good day").await.expect(201);
        assert_eq!((&letter["to"], &letter["status"]), (&json!("anna@client.example"), &json!("queued")));
        assert_eq!(letter["writer"], world.admin_id.to_string());
        let (one, said) =
            (format!("{MESSAGES}/{}/letter", id(&letter)), json!({"subject": "Stands 2027", "text": "Hello"}));
        wait(&world, 5).await;
        let changed = api.send("PUT", &one, &[], Some(said.clone())).await.expect(200);
        assert_eq!((&changed["subject"], &changed["message_id"]), (&json!("Stands 2027"), &letter["message_id"]));
        wait(&world, 6).await;
        assert_eq!(status(api, id(&letter)).await, "queued", "it waits anew");
        wait(&world, 6).await;
        assert_eq!(status(api, id(&letter)).await, "sent");
        api.send("PUT", &one, &[], Some(said)).await.refused(409, "letter_gone");
        api.send("DELETE", &one, &[], None).await.refused(409, "letter_gone");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_that_advertises_is_written_by_hand() {
    for world in worlds() {
        let api = &world.admin;
        let letter = json!({"name": "news", "label": "News", "subject": "News", "text": "{{ unsubscribe.url }}", "marketing": true});
        api.post("/api/v1/meta/letters", letter).await.expect(201);
        let lead = lead(api, "anna@client.example").await;
        let record: model::Id = lead.parse().unwrap();
        let app = crate::world::app(&world.workspace, &world.folder);
        let offered = move |work: &mut Work<'_>| {
            let subject = app.writes_about(work, "leads", record)?;
            let templates = app.templates_for(work, &subject);
            Ok((templates.iter().any(|letter| letter.name == "news"), app.waiting_letters(work, &subject)?.len()))
        };
        let seen = world.workspace.read(Actor::System("test"), offered.clone()).await.unwrap();
        assert_eq!(seen, (false, 0));
        write(api, &lead, "Stands", "Good day").await.expect(201);
        let seen = world.workspace.read(Actor::System("test"), offered).await.unwrap();
        assert_eq!(seen, (false, 1), "what waits for the same reader is told of");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_taken_back_goes_nowhere_until_it_is_sent_again() {
    for world in worlds() {
        let api = &world.admin;
        api.patch("/api/v1/meta/organisation", json!({"letter_wait": 60})).await.expect(200);
        let lead = lead(api, "anna@client.example").await;
        let letter = write(api, &lead, "Stands", "Good day").await.expect(201);
        let one = format!("{MESSAGES}/{}/letter", id(&letter));
        wait(&world, 50).await;
        let taken = api.send("DELETE", &one, &[], None).await;
        let set = taken.headers["change-set"].to_str().unwrap().to_owned();
        assert_eq!(taken.expect(200)["status"], "draft");
        // Going back would put it on a way that nothing goes on with.
        api.post(&format!("/api/v1/undo/{set}"), json!({})).await.refused(409, "undo_by_operation");
        // Whom it is from nobody chooses, and to whom it goes is judged where it is written.
        let record = format!("{MESSAGES}/{}", id(&letter));
        api.patch(&record, json!({"from": "chief@bank.example"})).await.faulty(&["from"]);
        api.patch(&record, json!({"to": "stranger@example.org"})).await.faulty(&["to"]);
        wait(&world, 60).await;
        assert_eq!(status(api, id(&letter)).await, "draft");
        api.send("PUT", &one, &[], Some(json!({"subject": "Stands", "text": "Good evening"}))).await.expect(200);
        wait(&world, 61).await;
        assert_eq!(status(api, id(&letter)).await, "sent");
        // A draft that is taken back once more lies in the bin.
        let other = write(api, &lead, "Other", "x").await.expect(201);
        let other = format!("{MESSAGES}/{}/letter", id(&other));
        api.send("DELETE", &other, &[], None).await.expect(200);
        api.send("DELETE", &other, &[], None).await.expect(200);
        wait(&world, 61).await;
        let sent = api.get("/api/v1/sandbox/outbox?to=anna@client.example").await.expect(200);
        assert_eq!(sent["data"].as_array().unwrap().len(), 1, "{sent}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_letter_within_a_minute_is_one() {
    for world in worlds() {
        let api = &world.admin;
        let lead = lead(api, "anna@client.example").await;
        let (first, again) = tokio::join!(write(api, &lead, "Stands", "x"), write(api, &lead, "Stands", "x"));
        assert_eq!(first.expect(201)["id"], again.expect(201)["id"]);
        let other = write(api, &lead, "Stands", "y").await.expect(201);
        wait(&world, 61).await;
        let later = write(api, &lead, "Stands", "y").await.expect(201);
        assert_ne!(other["id"], later["id"]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn only_those_who_may_change_the_record_write_and_only_the_writer_changes() {
    for world in worlds() {
        let ((anna_id, anna), (_, boris)) = (world.user("anna", "salesperson"), world.user("boris", "salesperson"));
        let (_, head) = world.user("head", "head_of_sales");
        let lead = json!({"name": "Anna Reed", "email": "reed@client.example", "owner": anna_id.to_string()});
        let lead = id(&world.admin.post(LEADS, lead).await.expect(201)).to_owned();
        write(&boris, &lead, "Mine", "x").await.refused(404, "not_found");
        let letter = write(&anna, &lead, "Stands", "x").await.expect(201);
        boris.get(&format!("{MESSAGES}/{}", id(&letter))).await.refused(404, "not_found");
        let one = format!("{MESSAGES}/{}/letter", id(&letter));
        boris.send("DELETE", &one, &[], None).await.refused(404, "not_found");
        head.send("DELETE", &one, &[], None).await.refused(403, "not_the_writer");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn faults_are_told_by_field_and_no_line_break_begins_a_header() {
    for world in worlds() {
        let api = &world.admin;
        let lead = lead(api, "anna@client.example").await;
        let door = format!("{LEADS}/{lead}/letters");
        write(api, &lead, "Stands\r\nBcc: all@example.org", "x").await.faulty(&["subject"]);
        write(api, &lead, "", "").await.faulty(&["subject", "text"]);
        let said = |key: &str, value: Value| {
            let mut said = json!({"subject": "x", "text": "y"});
            said[key] = value;
            said
        };
        api.post(&door, said("to", json!("stranger@example.org"))).await.faulty(&["to"]);
        api.post(&door, said("to", json!("anna@client.example\r\nBcc: x@example.org"))).await.faulty(&["to"]);
        api.post(&door, said("cc", json!(["no address", "x@example.org\r\nBcc: y@example.org"])))
            .await
            .faulty(&["cc", "cc"]);
        api.post(&door, said("files", json!([world.admin_id.to_string()]))).await.faulty(&["files"]);
        let empty = api.post(LEADS, json!({"name": "Nobody", "phone": "+79211234567"})).await.expect(201);
        write(api, id(&empty), "x", "y").await.faulty(&["to"]);
        let letter = api.post(&door, said("cc", json!(["B@Client.example", "b@client.example"]))).await.expect(201);
        assert_eq!(letter["cc"], "b@client.example");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn where_the_last_letter_came_back_it_takes_a_word() {
    for world in worlds() {
        let api = &world.admin;
        let lead = lead(api, "anna@client.example").await;
        let letter = write(api, &lead, "Stands", "x").await.expect(201);
        wait(&world, 11).await;
        let sent = id(&letter).parse().unwrap();
        let note = move |work: &mut Work<'_>| channels::outbox::came_back(work, sent, "no such user");
        world.workspace.write_blocking(Actor::System("test"), Origin::from("test"), note).unwrap();
        write(api, &lead, "Once more", "x").await.faulty(&["to"]);
        let said = json!({"subject": "Once more", "text": "x", "anyway": true});
        api.post(&format!("{LEADS}/{lead}/letters"), said).await.expect(201);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_goes_to_whoever_wrote_and_names_the_letter() {
    for world in worlds() {
        let api = &world.admin;
        let lead = lead(api, "anna@client.example").await;
        let about = lead.parse().unwrap();
        let came = move |work: &mut Work<'_>| {
            let draft = store::Draft::new()
                .set("channel", "email")
                .set("direction", "in")
                .set("status", "received")
                .set("from", "secretary@client.example")
                .set("subject", "Stands?")
                .set("text", "How much?")
                .set("message_id", "<2@client.example>")
                .set("thread", "<1@client.example>")
                .set("about", model::Value::Record { module: "leads".to_owned(), id: about });
            work.as_process(|work| work.create("messages", draft))
        };
        let came = world.workspace.write_blocking(Actor::System("test"), Origin::from("test"), came).unwrap();
        let door = format!("{MESSAGES}/{}/letters", came.id);
        let answer = api.post(&door, json!({"subject": "Re: Stands?", "text": "100"})).await.expect(201);
        assert_eq!(answer["to"], "secretary@client.example");
        assert_eq!(
            (&answer["answers"], &answer["thread"]),
            (&json!("<2@client.example>"), &json!("<1@client.example> <2@client.example>"))
        );
        let timeline = api.get(&format!("{LEADS}/{lead}/timeline")).await.expect(200).to_string();
        assert!(timeline.contains(id(&answer)) && timeline.contains(&came.id.to_string()), "{timeline}");
        api.post(&format!("{MESSAGES}/{}/letters", id(&answer)), json!({"subject": "x", "text": "y"}))
            .await
            .refused(409, "takes_no_letters");
    }
}

/// A session of the administrator; answers the cookie.
fn session(world: &World) -> String {
    let admin = world.admin_id;
    let ends = world.workspace.clock().now().checked_add(SignedDuration::from_hours(100)).unwrap();
    let open = move |work: &mut Work<'_>| work.open_session(admin, "a_session", ends, None);
    world.workspace.write_blocking(Actor::System("test"), Origin::from("test"), open).unwrap();
    "plenary_session=a_session".to_owned()
}

fn multipart(fields: &[(&str, &str)]) -> Vec<u8> {
    let part = |(name, text): &(&str, &str)| {
        format!("--edge\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{text}\r\n")
    };
    format!("{}--edge--\r\n", fields.iter().map(part).collect::<String>()).into_bytes()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_form_keeps_what_was_typed_and_leads_back_with_a_way_to_undo() {
    for world in worlds() {
        let (api, cookie) = (&world.admin, session(&world));
        let lead = lead(api, "anna@client.example").await;
        let page = format!("/leads/{lead}/write");
        let headers = [
            ("cookie", cookie.as_str()),
            ("content-type", "multipart/form-data; boundary=edge"),
            ("sec-fetch-site", "same-origin"),
        ];
        let anybody = world.anybody();
        let refused = multipart(&[("to", "anna@client.example"), ("subject", ""), ("text", "<b>Kept</b>")]);
        let refused = anybody.call("POST", &page, &headers, refused).await;
        assert_eq!(refused.status, 422);
        let shown = refused.text;
        assert!(shown.contains("&lt;b&gt;Kept&lt;/b&gt;"), "{shown}");
        // The letter of a notice is read by nobody: none begins from it.
        let forged =
            [("to", "anna@client.example"), ("subject", "Stands"), ("text", "x"), ("template", "notification")];
        assert_eq!(anybody.call("POST", &page, &headers, multipart(&forged)).await.status, 422);
        let sent = multipart(&[("to", "anna@client.example"), ("subject", "Stands"), ("text", "Good day")]);
        let sent = anybody.call("POST", &page, &headers, sent).await;
        assert_eq!(sent.status, 303);
        let there = sent.headers["location"].to_str().unwrap().to_owned();
        let after = anybody.call("GET", &there, &headers[..1], Vec::new()).await;
        assert!(after.text.contains("/take-back"), "{}", after.text);
        let outbox = anybody.call("GET", "/outbox", &headers[..1], Vec::new()).await;
        assert!(outbox.text.contains("Stands"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn so_many_files_go_along_however_often_a_letter_is_changed() {
    for world in worlds() {
        let (api, cookie) = (&world.admin, session(&world));
        let lead = lead(api, "anna@client.example").await;
        let headers = [
            ("cookie", cookie.as_str()),
            ("content-type", "multipart/form-data; boundary=edge"),
            ("sec-fetch-site", "same-origin"),
        ];
        let with = |files: usize| {
            let said = multipart(&[("to", "anna@client.example"), ("subject", "Enclosed"), ("text", "x")]);
            let file = |number: usize| {
                let head = "--edge\r\nContent-Disposition: form-data; name=\"file\"";
                format!("{head}; filename=\"{number}.txt\"\r\nContent-Type: text/plain\r\n\r\nwords {number}\r\n")
            };
            [(0..files).map(file).collect::<String>().into_bytes(), said].concat()
        };
        let anybody = world.anybody();
        let sent = anybody.call("POST", &format!("/leads/{lead}/write"), &headers, with(20)).await;
        assert_eq!(sent.status, 303, "{}", sent.text);
        let letters = api.get(MESSAGES).await.expect(200)["data"].as_array().unwrap().clone();
        let letter = letters.iter().find(|letter| letter["subject"] == "Enclosed").unwrap();
        let again = format!("/messages/{}/rewrite", id(letter));
        assert_eq!(anybody.call("POST", &again, &headers, with(1)).await.status, 422);
        assert_eq!(anybody.call("POST", &again, &headers, with(0)).await.status, 303);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_letter_is_formatted_by_marks_and_kept_as_it_was_typed() {
    for world in worlds() {
        let (api, cookie) = (&world.admin, session(&world));
        let lead = lead(api, "anna@client.example").await;
        let typed = "**Hello** <script>x()</script>\n- 2*3*4\n- [here](https://a.example/p)\n\n> as [you](https://b.example) wrote";
        let letter = write(api, &lead, "Stands", typed).await.expect(201);
        assert_eq!(letter["text"], typed);
        let html = letter["html"].as_str().unwrap();
        for piece in
            ["<strong>Hello</strong> &lt;script&gt;", ">2*3*4</li>", "href=\"https://a.example/p\"", "as [you](<a "]
        {
            assert!(html.contains(piece), "{piece}: {html}");
        }
        let outbox = api.get("/api/v1/sandbox/outbox?to=anna@client.example").await.expect(200);
        assert_eq!((&outbox["data"][0]["text"], &outbox["data"][0]["html"]), (&letter["text"], &letter["html"]));

        // In the story of the record it stands as it looks, without the styles of letters; its own page says it plainly too.
        let cookie = [("cookie", cookie.as_str())];
        let story = world.anybody().call("GET", &format!("/leads/{lead}"), &cookie, Vec::new()).await.text;
        assert!(story.contains("<strong>Hello</strong> &lt;script&gt;x()"), "{story}");
        assert!(!story.contains("style=\"") && !story.contains("<script>"), "{story}");
        let page = world.anybody().call("GET", &format!("/messages/{}", id(&letter)), &cookie, Vec::new()).await.text;
        assert!(page.contains("here (https://a.example/p)"), "{page}");
        // Taken up again, the marks are there.
        let again =
            world.anybody().call("GET", &format!("/messages/{}/rewrite", id(&letter)), &cookie, Vec::new()).await;
        assert!(again.text.contains("[here](https://a.example/p)"), "{}", again.text);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_letter_is_looked_at_before_it_goes_and_nothing_is_kept() {
    for world in worlds() {
        let (api, cookie) = (&world.admin, session(&world));
        let lead = lead(api, "anna@client.example").await;
        let page = format!("/leads/{lead}/write");
        let headers = [
            ("cookie", cookie.as_str()),
            ("content-type", "multipart/form-data; boundary=edge"),
            ("sec-fetch-site", "same-origin"),
            ("hx-request", "true"),
        ];
        let wild = "**Hello**\n<img src=x onerror=x()> [x](javascript:x()) https://a.example\n- <b>1</b>\n- 2";
        let said = || multipart(&[("text", wild), ("subject", "Kept"), ("preview", "yes")]);
        let anybody = world.anybody();
        let whole = anybody.call("POST", &page, &headers[..3], said()).await;
        let part = anybody.call("POST", &page, &headers, said()).await;
        assert_eq!((whole.status, part.status), (200, 200), "{}", whole.text);
        for shown in [&whole.text, &part.text] {
            assert!(shown.contains("<strong>Hello</strong>") && shown.contains("<li>2</li>"), "{shown}");
            assert!(shown.contains("&lt;img src=x onerror=x()&gt; [x](javascript:x())"), "{shown}");
            assert!(!shown.contains("<img") && !shown.contains("<b>1") && !shown.contains("style=\""), "{shown}");
        }
        assert!(
            whole.text.contains("value=\"Kept\"") && whole.text.contains("- &lt;b&gt;1&lt;/b&gt;"),
            "{}",
            whole.text
        );
        assert!(part.text.starts_with("<div class=\"look") && !part.text.contains("<form"), "{}", part.text);
        assert!(api.get(MESSAGES).await.expect(200)["data"].as_array().unwrap().is_empty());
        // Whoever may not write looks at nothing.
        let stranger = [("content-type", "multipart/form-data; boundary=edge"), ("sec-fetch-site", "same-origin")];
        let refused = anybody.call("POST", &page, &stranger, said()).await;
        assert!(!refused.text.contains("<strong>Hello"), "{}", refused.text);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn letters_begin_with_the_signature_of_whoever_writes() {
    for world in worlds() {
        let (api, cookie) = (&world.admin, session(&world));
        let (me, cookie) = ("/api/v1/me", [("cookie", cookie.as_str())]);
        let signed = "Best regards,\n**Anna** <b>";
        let changed = api.patch(me, json!({"signature": format!("\n{signed}\r\n\n")})).await.expect(200);
        assert_eq!(
            (&changed["signature"], &api.get(me).await.expect(200)["signature"]),
            (&json!(signed), &json!(signed))
        );
        api.patch(me, json!({"signature": "x".repeat(2_001)})).await.faulty(&["signature"]);
        api.patch(me, json!({"signature": 1})).await.faulty(&["signature"]);
        let (_, seller) = world.user("anna", "salesperson");
        assert_eq!(seller.get(me).await.expect(200)["signature"], "", "nobody else's");

        let lead = lead(api, "anna@client.example").await;
        let anybody = world.anybody();
        let form = anybody.call("GET", &format!("/leads/{lead}/write"), &cookie, Vec::new()).await.text;
        assert!(form.contains(">\n\n\nBest regards,\n**Anna** &lt;b&gt;</textarea>"), "{form}");
        let profile = anybody.call("GET", "/me", &cookie, Vec::new()).await.text;
        assert!(profile.contains("<strong>Anna</strong> &lt;b&gt;"), "{profile}");
        // Below it stands what is answered, each line quoted; above there is room.
        let about = lead.parse().unwrap();
        let came = move |work: &mut Work<'_>| {
            let draft = store::Draft::new()
                .set("channel", "email")
                .set("direction", "in")
                .set("status", "received")
                .set("from", "secretary@client.example")
                .set("subject", "Stands?")
                .set("text", "How *much*?\n\n> before")
                .set("about", model::Value::Record { module: "leads".to_owned(), id: about });
            work.as_process(|work| work.create("messages", draft))
        };
        let came = world.workspace.write_blocking(Actor::System("test"), Origin::from("test"), came).unwrap();
        let answer = anybody.call("GET", &format!("/messages/{}/write", came.id), &cookie, Vec::new()).await.text;
        let (signature, quote) =
            (answer.find("**Anna**").unwrap(), answer.find("&gt; How *much*?\n&gt;\n&gt; &gt; before").unwrap());
        assert!(signature < quote, "{answer}");
        // A signature alone says nothing.
        write(api, &lead, "Stands", &format!("\n\n{signed}")).await.faulty(&["text"]);
        write(api, &lead, "Stands", &format!("Hello\n\n{signed}")).await.expect(201);
        api.patch(me, json!({"signature": null})).await.expect(200);
        assert_eq!(api.get(me).await.expect(200)["signature"], "");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_template_takes_from_the_record_formats_nothing() {
    for world in worlds() {
        let (api, cookie) = (&world.admin, session(&world));
        let cookie = [("cookie", cookie.as_str())];
        let offer = json!({"name": "offer", "label": "Offer", "subject": "Offer", "text": "**Dear {{ record.title }}!**", "formatted": true});
        let made = api.post("/api/v1/meta/letters", offer).await.expect(201);
        assert_eq!(made["formatted"], true);
        let look = api.post("/api/v1/meta/letters/offer/preview", json!({})).await.expect(200);
        assert!(look["en"]["html"].as_str().unwrap().contains("<strong>Dear Spring!</strong>"), "{look}");
        let plain = api.get("/api/v1/meta/letters/case_received").await.expect(200);
        assert_eq!(plain["formatted"], false);

        let named = json!({"name": "*Anna* [x](https://evil.example)", "email": "anna@client.example"});
        let lead = id(&api.post(LEADS, named).await.expect(201)).to_owned();
        let form = format!("/leads/{lead}/write?template=offer");
        let form = world.anybody().call("GET", &form, &cookie, Vec::new()).await.text;
        assert!(form.contains("**Dear \\*Anna\\* \\[x\\](https://evil.example)!**"), "{form}");
    }
}
