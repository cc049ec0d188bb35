//! No page, and no part of one, says more of the letters of a mailbox to a colleague than that shows, at each of its three levels.

use std::collections::{BTreeMap, BTreeSet};

use app::{App, Doors};
use axum::body::Body;
use axum::http::{Method, StatusCode};
use model::{Actor, Id, Locale, Value};
use serde_json::json;
use store::testing::{TestDatabase, databases};
use store::{Draft, Files, Origin, Work, Workspace};
use tempfile::TempDir;

use super::addresses::Address;
use super::filled::{PASSWORD, encoded};
use super::{Filled, every_address};
use crate::pages::tests::World;
use crate::pages::tests::browser::Browser;
use crate::state::Web;

/// What stands in the subjects …
const SUBJECT: &str = "zqsubject";
/// … and in the rest of letters, in names of their files, and in a letter that could not be taken.
const REST: [&str; 7] = ["zqtext", "zqhtml", "zqattached", "zqfilled", "zqfile", "zqbytes", "zqrejected"];
/// What pages show of it for certain, where they may.
const SHOWN: [&str; 5] = [SUBJECT, "zqtext", "zqhtml", "zqfile", "zqrejected"];

/// Addresses that the others do not have: lists by what is hidden, tables for spreadsheets, and what is found of a letter.
const FURTHER: [(&str, &str); 10] = [
    ("/{module}", "/messages?sort=subject"),
    ("/{module}", "/messages?q=anna"),
    ("/{module}", "/rejected_requests?sort=-subject"),
    ("/{module}", "/messages?deleted=true"),
    ("/export/{module}", "/export/messages"),
    ("/export/{module}", "/export/rejected_requests"),
    ("/search", "/search?q=anna"),
    ("/search/palette", "/search/palette?q=anna"),
    ("/search/hits", "/search/hits?q=anna"),
    ("/search/links", "/search/links?of=messages&q=anna"),
];

fn world(database: &TestDatabase) -> World {
    let folder = TempDir::with_prefix("plenary-veiled-").unwrap();
    let workspace = Workspace::open(database.options.clone()).unwrap();
    let files = Files::at(folder.path().join("files"));
    let doors = Doors { public_url: "http://plenary.test".to_owned(), smtp: None, files };
    World { web: Web::new(App::new(workspace, doors).unwrap(), 60), _folder: folder }
}

/// A user who reads all messages, and their browser.
async fn head_of_sales(filled: &mut Filled, name: &str) -> (String, Browser) {
    let email = format!("{name}@example.org");
    let user = json!({"email": email, "name": name, "roles": ["head_of_sales"], "password": PASSWORD, "locale": "en"});
    let user = filled.made("/api/v1/meta/users", user).await["id"].as_str().unwrap().to_owned();
    let mut browser = Browser::new(&filled.world, Locale::En);
    let form = [("email", email.as_str()), ("password", PASSWORD), ("next", "/messages")];
    assert_eq!(browser.post("/sign-in", &encoded(&form)).await.location(), "/messages");
    (user, browser)
}

/// A letter with something in every field that may be hidden.
fn letter(mailbox: &str) -> Draft {
    Draft::new()
        .set("direction", "in")
        .set("status", "received")
        .set("from", "anna@example.org")
        .set("to", "office@example.org")
        .set("conversation", "talk")
        .set("message_id", "<veiled@example.org>")
        .set("subject", SUBJECT)
        .set("text", "zqtext")
        .set("html", "<p>zqhtml</p>")
        .set("attachments", Value::Json(json!([{"name": "zqattached.txt"}])))
        .set("content", Value::Json(json!({"need": "zqfilled"})))
        .set("mailbox", "Board")
        .set("mailbox_id", mailbox)
}

/// Puts letters of the mailbox wherever letters stand: in the inbox, about a lead, answered, in the bin, rejected.
async fn letters(filled: &mut Filled, mailbox: &str) {
    let lead: Id = filled.records["leads"].parse().unwrap();
    let of = mailbox.to_owned();
    let make = move |work: &mut Work<'_>| {
        work.as_process(|work| {
            let about = Value::Record { module: "leads".to_owned(), id: lead };
            let waits = work.create("messages", letter(&of))?.id;
            let told = work.create("messages", letter(&of).set("about", about.clone()))?.id;
            let answer = letter(&of).set("direction", "out").set("status", "sent").set("about", about);
            let answer = work.create("messages", answer)?.id;
            let gone = work.create("messages", letter(&of))?.id;
            work.delete("messages", gone, None)?;
            for one in [waits, told] {
                let later = Draft::new().set("subject", format!("{SUBJECT} later")).set("text", "zqtext later");
                work.update("messages", one, later, None)?;
            }
            let rejected = Draft::new()
                .set("source", "letter")
                .set("target", "cases")
                .set("subject", "zqrejected")
                .set("content", Value::Json(json!({"subject": "zqrejected"})))
                .set("mailbox", "Board")
                .set("mailbox_id", of.as_str());
            let rejected = work.create("rejected_requests", rejected)?.id;
            Ok(([waits, told, answer].map(|id| id.to_string()), rejected.to_string(), work.change_set()))
        })
    };
    let workspace = filled.world.web.app.workspace();
    let made = workspace.write(Actor::System("test"), Origin::from("job"), make).await.unwrap().0;
    let (letters, rejected, set) = made;
    let part =
        "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"zqfile.txt\"\r\n\r\nzqbytes\r\n--x--\r\n";
    let headers = [("content-type", "multipart/form-data; boundary=x"), ("sec-fetch-site", "same-origin")];
    let path = format!("/messages/{}/files", letters[0]);
    let sent = filled.browser.send(Method::POST, &path, Body::from(part), &headers).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.text);
    let file = filled.found("/api/v1/files?limit=1&sort=-created_at").await.remove(0);
    filled.records.insert("files".to_owned(), file["id"].as_str().unwrap().to_owned());
    filled.records.insert("rejected_requests".to_owned(), rejected);
    filled.parts.entry("message").or_default().extend(letters);
    filled.parts.entry("set").or_default().extend(set.map(|set| set.to_string()));
}

/// The words that may be hidden, with the addresses at which somebody reads them.
async fn read<'a>(
    browser: &mut Browser,
    addresses: impl IntoIterator<Item = &'a Address>,
) -> BTreeMap<&'static str, BTreeSet<String>> {
    let mut said: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    for address in addresses {
        for headers in [&[][..], &[("hx-request", "true")]] {
            let answer = browser.send(Method::GET, &address.path, Body::empty(), headers).await;
            assert!(answer.status.as_u16() < 500, "{}: {}", address.path, answer.text);
            for word in REST.into_iter().chain([SUBJECT]).filter(|word| answer.text.contains(*word)) {
                said.entry(word).or_default().insert(address.path.clone());
            }
        }
    }
    said
}

#[tokio::test(flavor = "multi_thread")]
async fn no_page_says_more_of_a_letter_than_its_mailbox_shows() {
    for database in databases() {
        let mut filled = Filled::over(world(&database), Locale::En, "Plain words").await;
        let (_, mut colleague) = head_of_sales(&mut filled, "other").await;
        let (reader, mut browser) = head_of_sales(&mut filled, "reader").await;
        let mailbox = json!({"name": "Board", "host": "127.0.0.1", "login": "board", "password": "a long secret",
            "active": false, "readers": {"users": [reader]}});
        let mailbox = filled.made("/api/v1/meta/mailboxes", mailbox).await["id"].as_str().unwrap().to_owned();
        letters(&mut filled, &mailbox).await;
        let mut addresses = every_address(&filled);
        let further =
            FURTHER.iter().map(|(route, path)| Address { route: (*route).to_owned(), path: (*path).to_owned() });
        addresses.extend(further);
        // Where a reader of the mailbox sees something of it, there is something to hide; elsewhere it is looked for once.
        let mut telling = BTreeSet::new();
        for (visibility, shown) in [("metadata", &SHOWN[..0]), ("full", &SHOWN[..]), ("subject", &SHOWN[..1])] {
            filled.changed(&format!("/api/v1/meta/mailboxes/{mailbox}"), json!({"visibility": visibility})).await;
            let asked = addresses.iter().filter(|one| visibility != "subject" || telling.contains(&one.path));
            let said = read(&mut colleague, asked).await;
            telling.extend(said.values().flatten().cloned());
            let missing: Vec<_> = shown.iter().filter(|word| !said.contains_key(**word)).collect();
            assert!(missing.is_empty(), "{visibility} on {}: {missing:?} is shown nowhere", database.name);
            if visibility != "full" {
                let told: Vec<_> = said.iter().filter(|(word, _)| !shown.contains(*word)).collect();
                assert!(told.is_empty(), "{visibility} on {}: {told:#?}", database.name);
            }
        }
        // Why something is empty is said where it stands.
        filled.changed(&format!("/api/v1/meta/mailboxes/{mailbox}"), json!({"visibility": "metadata"})).await;
        let letter = filled.parts["message"].last().unwrap().clone();
        for page in [format!("/messages/{letter}"), "/messages".to_owned()] {
            let page = colleague.page(&page).await;
            assert!(page.contains("Hidden: mailbox “Board”"), "{page}");
        }
        let said = read(&mut browser, addresses.iter().filter(|one| telling.contains(&one.path))).await;
        assert!(SHOWN.iter().all(|word| said.contains_key(*word)), "a reader sees all: {said:#?}");
    }
}
