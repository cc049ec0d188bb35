//! Whatever the API answers says no more of the letters of a mailbox than that shows, at each of its three levels. The doors are
//! those of the description, so that a new one is gone through by itself.

use std::collections::BTreeSet;
use std::time::Duration;

use axum::body::Body;
use axum::http::Request;
use http_body_util::BodyExt as _;
use model::{Actor, Id, Value as Held};
use serde_json::{Value, json};
use store::{Draft, Origin, Work};
use tokio::time::timeout;
use tower::ServiceExt as _;

use crate::world::{Api, World, worlds};

const MAILBOXES: &str = "/api/v1/meta/mailboxes";
/// What stands in the subjects …
const SUBJECT: &str = "zqsubject";
/// … and in all else: text, formatted text, names of attachments and of files, what is in files, and in a rejected letter.
const REST: [&str; 8] = ["zqtext", "zqhtml", "zqattached", "zqraw", "zqfilled", "zqfile", "zqrejected", "zqbytes"];
/// A word that stands nowhere.
const NOWHERE: &str = "zqnowhere";
const NOBODY: &str = "0190a000-0000-7000-8000-000000000000";

/// Letters of a mailbox, and who looks at them.
struct Office {
    colleague: Api,
    colleague_id: Id,
    /// Among the readers of the mailbox.
    reader: Api,
    mailbox: String,
    /// That came and waits, that came about a lead, that was answered; and one in the bin.
    letters: Vec<String>,
    rejected: String,
    file: String,
    lead: String,
    /// Change sets.
    sets: Vec<String>,
}

fn id(record: &Value) -> String {
    record["id"].as_str().unwrap().to_owned()
}

async fn as_process<T: Send + 'static>(
    world: &World,
    mut work: impl FnMut(&mut Work<'_>) -> store::Result<T> + Send + 'static,
) -> T {
    let run = move |under_way: &mut Work<'_>| under_way.as_process(|under_way| work(under_way));
    world.workspace.write(Actor::System("test"), Origin::from("job"), run).await.unwrap().0
}

/// Lets a letter say something else; answers the change set. By hand nobody changes what came.
async fn rewritten(world: &World, letter: &str, subject: &str, text: &str) -> String {
    let (letter, subject, text) = (letter.parse::<Id>().unwrap(), subject.to_owned(), text.to_owned());
    let write = move |work: &mut Work<'_>| {
        let draft = Draft::new().set("subject", subject.as_str()).set("text", text.as_str());
        work.as_process(|work| work.update("messages", letter, draft, None)).map(drop)
    };
    let (_, set) = world.workspace.write(Actor::System("test"), Origin::from("job"), write).await.unwrap();
    set.unwrap().to_string()
}

/// A letter that came, with something in every field that may be hidden.
fn letter(mailbox: &str) -> Draft {
    Draft::new()
        .set("direction", "in")
        .set("status", "received")
        .set("from", "anna@example.org")
        .set("from_name", "Anna Reed")
        .set("to", "office@example.org")
        .set("message_id", "<one@example.org>")
        .set("subject", SUBJECT)
        .set("text", "zqtext")
        .set("html", "<p>zqhtml</p>")
        .set("attachments", Held::Json(json!([{"name": "zqattached.txt", "content_type": "text/plain", "text": "x"}])))
        .set("raw", Held::Json(json!({"zqraw": 1})))
        .set("content", Held::Json(json!({"need": "zqfilled"})))
        .set("mailbox", "Office")
        .set("mailbox_id", mailbox)
}

impl Office {
    async fn new(world: &World) -> Self {
        let ((colleague_id, colleague), (reader_id, reader)) =
            (world.user("colleague", "head_of_sales"), world.user("reader", "head_of_sales"));
        let admin = &world.admin;
        let mailbox = json!({"name": "Office", "host": "mail.example.org", "login": "office", "password": "a long secret",
            "active": false, "readers": {"users": [reader_id]}});
        let mailbox = id(&admin.post(MAILBOXES, mailbox).await.expect(201));
        let lead = id(&admin.post("/api/v1/leads", json!({"name": "Anna Reed"})).await.expect(201));
        let about = Held::Record { module: "leads".to_owned(), id: lead.parse().unwrap() };
        let (of, writer) = (mailbox.clone(), world.admin_id);
        let make = move |work: &mut Work<'_>| {
            let answer = letter(&of).set("direction", "out").set("status", "sent").set("writer", Held::Id(writer));
            let drafts = [
                letter(&of),
                letter(&of).set("about", about.clone()).set("message_id", "<two@example.org>"),
                answer.set("message_id", "<three@example.org>"),
                letter(&of).set("message_id", "<four@example.org>"),
            ];
            drafts
                .into_iter()
                .map(|draft| Ok(work.create("messages", draft)?.id.to_string()))
                .collect::<store::Result<Vec<_>>>()
        };
        let letters: Vec<String> = as_process(world, make).await;
        let of = mailbox.clone();
        let reject = move |work: &mut Work<'_>| {
            let draft = Draft::new()
                .set("source", "letter")
                .set("target", "cases")
                .set("subject", "zqrejected")
                .set("content", Held::Json(json!({"subject": "zqrejected"})))
                .set("mailbox", "Office")
                .set("mailbox_id", of.as_str());
            Ok(work.create("rejected_requests", draft)?.id.to_string())
        };
        let rejected = as_process(world, reject).await;
        let mut sets = Vec::new();
        for one in &letters {
            sets.push(rewritten(world, one, &format!("{SUBJECT} later"), "zqtext later").await);
        }
        let files = [("zqfile.txt", &b"zqbytes"[..])];
        let path = format!("/api/v1/messages/{}/files", letters[0]);
        admin.upload(&path, &files, None, "").await.expect(201);
        let file = id(&admin.get("/api/v1/files").await.expect(200)["data"][0]);
        let gone: Id = letters[3].parse().unwrap();
        as_process(world, move |work| work.delete("messages", gone, None).map(drop)).await;
        Self { colleague, colleague_id, reader, mailbox, letters, rejected, file, lead, sets }
    }

    async fn show(&self, world: &World, visibility: &str) {
        let change = json!({"visibility": visibility});
        let changed = world.admin.patch(&format!("{MAILBOXES}/{}", self.mailbox), change).await.expect(200);
        assert_eq!(changed["visibility"], visibility);
    }

    /// What stands in the place of a part of an address.
    fn values(&self, before: &str, part: &str) -> Vec<String> {
        let one = |text: &str| vec![text.to_owned()];
        match (part, before.split('/').nth(3).unwrap_or_default()) {
            ("id", "messages" | "sandbox") => self.letters.clone(),
            ("id", "rejected_requests") => one(&self.rejected),
            ("id", "files") | ("file_id", _) => one(&self.file),
            ("id", "leads") => one(&self.lead),
            ("id", "change-sets" | "undo") => self.sets.clone(),
            ("id", "meta") => one(&self.mailbox),
            ("module", _) => ["messages", "rejected_requests", "files", "leads"].map(str::to_owned).to_vec(),
            ("process", _) => one("deals"),
            ("index", _) => one("0"),
            _ => one(NOBODY),
        }
    }

    fn addresses(&self, template: &str) -> Vec<String> {
        let (mut open, mut whole) = (vec![template.to_owned()], Vec::new());
        while let Some(path) = open.pop() {
            match path.split_once('{').and_then(|(before, rest)| Some((before, rest.split_once('}')?))) {
                None => whole.push(path),
                Some((before, (part, after))) => {
                    open.extend(self.values(before, part).iter().map(|value| format!("{before}{value}{after}")));
                }
            }
        }
        whole
    }

    /// Everything that somebody reads through the API.
    async fn all_that_is_read(&self, who: &Api) -> Vec<(String, String)> {
        let document = who.get("/api/v1/openapi.json").await.expect(200);
        let mut read = Vec::new();
        for (template, item) in document["paths"].as_object().unwrap() {
            // The stream never ends: see below.
            let Some(operation) = item.get("get").filter(|_| !template.ends_with("/stream")) else { continue };
            for path in self.addresses(template) {
                for query in guises(operation, &path) {
                    let answer = who.get(&format!("{path}{query}")).await;
                    assert!(answer.status < 500, "{path}{query}: {}", answer.text);
                    read.push((format!("{path}{query}"), answer.text));
                }
            }
        }
        assert!(read.len() > 150, "{}", read.len());
        read
    }
}

/// Further questions that an address is asked, as far as it takes them.
fn guises(operation: &Value, path: &str) -> Vec<String> {
    let mut all = vec![String::new()];
    let takes = |name: &str| {
        let mut parameters = operation["parameters"].as_array().into_iter().flatten();
        parameters.any(|one| one["$ref"].as_str().is_some_and(|reference| reference.rsplit('/').next() == Some(name)))
    };
    if !["/messages", "/rejected_requests", "/files", "/leads"].iter().any(|module| path.contains(module)) {
        return all;
    }
    for (parameter, queries) in [
        ("q", &["?q=reed"][..]),
        ("sort", &["?sort=subject", "?sort=-text&limit=1", "?sort=name"]),
        ("fields", &["?fields=id,subject,text,html,attachments,raw,content", "?fields=name,size"]),
        ("expand", &["?expand=about", "?expand=owner"]),
        ("count", &["?count=exact"]),
        ("deleted", &["?deleted=true"]),
        ("as_of", &["?as_of=2099-01-01T00:00:00Z"]),
        ("as_of_list", &["?as_of=2099-01-01T00:00:00Z"]),
        ("changed_field", &["?field=subject", "?field=text"]),
    ] {
        if takes(parameter) {
            all.extend(queries.iter().map(|query| (*query).to_owned()));
        }
    }
    all
}

/// Which of the words that may be hidden stand in what was read, with where.
fn said(read: &[(String, String)]) -> BTreeSet<&'static str> {
    let is_said = |word: &&str| read.iter().any(|(_, text)| text.contains(*word));
    REST.into_iter().chain([SUBJECT]).filter(is_said).collect()
}

fn where_said(read: &[(String, String)], words: &[&str]) -> Vec<String> {
    let speaks = |(_, text): &&(String, String)| words.iter().any(|word| text.contains(word));
    read.iter().filter(speaks).map(|(path, _)| path.clone()).collect()
}

/// All that the stream tells of what was changed since the beginning.
async fn streamed(world: &World, token: &str) -> String {
    let request = Request::get("/api/v1/stream?after=0").header("authorization", token).body(Body::empty()).unwrap();
    let mut body = world.router().oneshot(request).await.unwrap().into_body();
    let mut told = String::new();
    let read = async {
        while !told.contains("event: ready") {
            let Some(frame) = body.frame().await else { break };
            told.push_str(&String::from_utf8_lossy(frame.unwrap().data_ref().unwrap()));
        }
    };
    timeout(Duration::from_secs(20), read).await.unwrap();
    told
}

#[tokio::test(flavor = "multi_thread")]
async fn no_door_says_more_of_a_letter_than_its_mailbox_shows() {
    for world in worlds() {
        let office = Office::new(&world).await;
        let token = world.token(office.colleague_id, "listener", &[]);
        let all: BTreeSet<&str> = REST.into_iter().chain([SUBJECT]).collect();
        for visibility in ["metadata", "subject", "full"] {
            office.show(&world, visibility).await;
            let read = office.all_that_is_read(&office.colleague).await;
            let (expected, hidden) = match visibility {
                "metadata" => (BTreeSet::new(), [&REST[..], &[SUBJECT]].concat()),
                "subject" => (BTreeSet::from([SUBJECT]), REST.to_vec()),
                // That the doors say it at all: else nothing would be shown by the others' silence.
                _ => (all.clone(), Vec::new()),
            };
            let on = world.database.name;
            assert_eq!(said(&read), expected, "{visibility} on {on}: {:?}", where_said(&read, &hidden));
            let told = streamed(&world, &token).await;
            assert!(!hidden.iter().any(|word| told.contains(word)), "{visibility} on {on}: {told}");
        }
        office.show(&world, "metadata").await;
        for who in [&office.reader, &world.admin] {
            assert_eq!(said(&office.all_that_is_read(who).await), all, "on {}", world.database.name);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_hidden_in_a_record_is_named_and_null() {
    for world in worlds() {
        let office = Office::new(&world).await;
        let path = format!("/api/v1/messages/{}", office.letters[0]);
        let hidden = async |who: &Api| who.get(&path).await.expect(200)["hidden"].clone();
        assert_eq!(hidden(&office.colleague).await, Value::Null);
        office.show(&world, "subject").await;
        let letter = office.colleague.get(&path).await.expect(200);
        assert_eq!(letter["hidden"], json!(["text", "html", "attachments", "content", "raw"]));
        assert_eq!((&letter["subject"], &letter["text"]), (&json!(format!("{SUBJECT} later")), &Value::Null));
        assert_eq!((&letter["from"], &letter["mailbox"]), (&json!("anna@example.org"), &json!("Office")));
        office.show(&world, "metadata").await;
        assert_eq!(hidden(&office.colleague).await[0], "subject");
        assert_eq!((hidden(&office.reader).await, hidden(&world.admin).await), (Value::Null, Value::Null));
        let narrowed = office.colleague.get(&format!("{path}?fields=from,text")).await.expect(200);
        assert_eq!((&narrowed["hidden"], &narrowed["text"]), (&json!(["text"]), &Value::Null));
        let read = office.colleague.get("/api/v1/messages?sort=subject").await.expect(200);
        assert_eq!(read["data"].as_array().unwrap().len(), 3, "the letters are there");
    }
}

/// Questions by a word that may be hidden.
fn questions(word: &str) -> Vec<String> {
    let begin: String = word.chars().take(5).collect();
    let mut filters: Vec<_> = ["subject", "text", "html"]
        .iter()
        .flat_map(|field| {
            [
                format!("{field} == \"{word}\""),
                format!("{field}.contains(\"{word}\")"),
                format!("{field}.startsWith(\"{begin}\") && has(from)"),
                format!("!{field}.contains(\"{word}\")"),
            ]
        })
        .collect();
    filters.push(format!("attachments.text(\"0.name\") == \"{word}.txt\" || raw.whole(\"{word}\") == 1"));
    let encoded = |text: &str| text.bytes().map(|byte| format!("%{byte:02X}")).collect::<String>();
    let filter = |filter: &String| format!("/api/v1/messages?count=exact&filter={}", encoded(filter));
    let mut all: Vec<String> = filters.iter().map(filter).collect();
    for module in ["messages", "rejected_requests", "files"] {
        all.push(format!("/api/v1/{module}?count=exact&q={word}"));
        all.push(format!("/api/v1/{module}?count=exact&q={begin}"));
    }
    all.push(format!("/api/v1/search?q={word}"));
    all.push(format!("/api/v1/search?q={begin}"));
    all
}

#[tokio::test(flavor = "multi_thread")]
async fn no_question_finds_out_what_a_mailbox_hides() {
    for world in worlds() {
        let office = Office::new(&world).await;
        for (visibility, words) in [
            ("metadata", &["zqtext", "zqhtml", "zqraw", "zqattached", "zqfile", "zqrejected", SUBJECT][..]),
            ("subject", &["zqtext", "zqraw"][..]),
        ] {
            office.show(&world, visibility).await;
            for word in words {
                for (asked, nowhere) in questions(word).iter().zip(questions(NOWHERE)) {
                    let (answer, other) = (office.colleague.get(asked).await, office.colleague.get(&nowhere).await);
                    // What was asked for may be repeated, with where it went wrong.
                    let blind = |text: &str| {
                        [word, NOWHERE, &word[..5], &NOWHERE[..5]]
                            .iter()
                            .fold(text.to_owned(), |text, said| text.replace(*said, ""))
                    };
                    let same = (answer.status, blind(&answer.text)) == (other.status, blind(&other.text));
                    assert!(same, "{visibility}: {asked}: {} against {}", answer.text, other.text);
                }
            }
        }
        // That the questions find it where it is shown.
        let finds = async |who: &Api| {
            let mut found = 0;
            for asked in questions("zqtext") {
                let answer = who.get(&asked).await;
                found += usize::from(answer.json["total"].as_u64().unwrap_or(0) > 0);
            }
            found
        };
        assert!(finds(&office.reader).await > finds(&office.colleague).await);
        // Nor does the place of a letter in a list say it.
        let order = async |who: &Api, sort: &str| {
            let page = who.get(&format!("/api/v1/messages?sort={sort}")).await.expect(200);
            page["data"].as_array().unwrap().iter().map(id).collect::<Vec<_>>()
        };
        office.show(&world, "metadata").await;
        let before = (order(&office.colleague, "subject").await, order(&office.colleague, "-subject").await);
        for (letter, subject) in office.letters.iter().zip(["m", "a", "z"]) {
            rewritten(&world, letter, subject, subject).await;
        }
        let after = (order(&office.colleague, "subject").await, order(&office.colleague, "-subject").await);
        assert_eq!(after, before);
        let sorted = [&office.letters[1], &office.letters[0], &office.letters[2]].map(Clone::clone);
        assert_eq!(order(&office.reader, "subject").await, sorted);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_made_of_a_letter_by_who_sees_a_part_of_it() {
    for world in worlds() {
        let office = Office::new(&world).await;
        office.show(&world, "subject").await;
        let (who, path) = (&office.colleague, format!("/api/v1/messages/{}", office.letters[0]));
        for into in ["case", "lead"] {
            who.post(&format!("{path}/sort"), json!({"into": into})).await.refused(403, "partly_hidden");
        }
        let answer = json!({"subject": "Re", "text": "Yes"});
        who.post(&format!("{path}/letters"), answer.clone()).await.refused(403, "partly_hidden");
        let file = [("own.txt", &b"own"[..])];
        who.upload(&format!("{path}/files"), &file, None, "").await.refused(403, "partly_hidden");
        let rejected = format!("/api/v1/rejected_requests/{}/resubmit", office.rejected);
        who.post(&rejected, json!({"fields": {}})).await.refused(403, "partly_hidden");
        who.post(&format!("/api/v1/undo/{}", office.sets[0]), json!({})).await.refused(403, "undo_forbidden");
        // Neither a new text nor the one that stands there: guessing right is no different.
        for text in ["mine", "zqtext later"] {
            let refused = who.patch(&path, json!({"text": text})).await;
            refused.faulty(&["text"]);
            assert_eq!(refused.json["errors"][0]["code"], "partly_hidden");
        }
        let answers = [
            who.patch(&path, json!({"owner": office.colleague_id})).await,
            who.post(&format!("{path}/sort"), json!({"into": "nothing"})).await,
            who.post(&format!("{path}/sort"), json!({"into": "queue"})).await,
            who.post(&format!("{path}/sort"), json!({"into": "mine"})).await,
        ];
        for answer in answers {
            let is_silent = !REST.iter().any(|word| answer.text.contains(word));
            assert!(answer.status == 200 && is_silent, "{}", answer.text);
        }
        let kept = world.admin.get(&path).await.expect(200);
        assert_eq!(kept["text"], "zqtext later", "nothing is lost");
        // Whoever sees all of it may.
        let second = format!("/api/v1/messages/{}", office.letters[1]);
        office.reader.upload(&format!("{second}/files"), &file, None, "").await.expect(201);
        office.reader.post(&format!("{second}/letters"), answer).await.expect(201);
    }
}
