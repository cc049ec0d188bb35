//! Choosing what a record is linked to, on both databases: what is found and by whom, and what the controls say.

use app::{App, Doors};
use axum::body::Body;
use axum::http::{Method, StatusCode};
use model::Locale;
use store::testing::{TestDatabase, databases};
use store::{Files, Workspace};
use tempfile::TempDir;

use super::browser::Browser;
use super::{World, colleague, fill, toast};
use crate::state::Web;

const PARTIAL: [(&str, &str); 2] = [("hx-request", "true"), ("sec-fetch-site", "same-origin")];

/// An installation with its administrator, on a database that goes with it.
async fn installed(database: &TestDatabase) -> (World, Browser) {
    let workspace = Workspace::open(database.options.clone()).unwrap();
    let folder = TempDir::with_prefix("plenary-pick-").unwrap();
    let files = Files::at(folder.path().join("files"));
    let doors = Doors { public_url: "http://plenary.test".to_owned(), smtp: None, files };
    let web = Web::new(App::new(workspace, doors).unwrap(), 12);
    fill(World { web, _folder: folder }, Locale::Ru, "&sandbox=true").await
}

async fn part(browser: &mut Browser, path: &str) -> String {
    let answer = browser.send(Method::GET, path, Body::empty(), &PARTIAL).await;
    assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.text);
    answer.text
}

/// What the control of a link asks for.
async fn found(browser: &mut Browser, of: &str, words: &str) -> String {
    let query = serde_urlencoded::to_string([("of", of), ("q", words)]).unwrap();
    part(browser, &format!("/search/links?{query}")).await
}

/// The names of what was found.
fn names(answer: &str) -> Vec<&str> {
    answer.split("data-name=\"").skip(1).map(|rest| rest.split('"').next().unwrap()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_older_record_is_found_by_words_and_told_by_name() {
    for database in databases() {
        let (_world, mut browser) = installed(&database).await;
        let account = browser.post("/accounts/new", "name=Ромашка&city=Казань").await.made();
        let contact = format!("name=Мария+Ковалевская&account={account}");
        let old = browser.post("/contacts/new", &contact).await.made();
        for number in 0..25 {
            browser.post("/contacts/new", &format!("name=Гость+{number}")).await.made();
        }
        for words in ["ковалевск", "Ковалевской", "кавалевская", "мар ков"] {
            let answer = found(&mut browser, "contacts", words).await;
            assert_eq!(names(&answer), ["Мария Ковалевская"], "{words} on {}", database.name);
            assert!(answer.contains("<small>Ромашка</small>"), "told from others of the name: {answer}");
        }
        let answer = found(&mut browser, "contacts", "гость").await;
        assert_eq!(names(&answer).len(), 10, "{answer}");
        let answer = found(&mut browser, "contacts", "").await;
        assert_eq!((names(&answer).len(), names(&answer)[0]), (10, "Гость 24"), "{answer}");
        assert!(names(&found(&mut browser, "accounts", "ковалевская").await).is_empty(), "of the module alone");

        // Without script the newest are offered, and the one that is chosen has its name, however old it is.
        let deal = browser.post("/deals/new", &format!("name=Стенд&contact={old}&contacts={old}")).await.made();
        let form = browser.page(&format!("/deals/{deal}/edit")).await;
        let chosen = format!("value=\"{old}\" data-at=\"/contacts/{old}\" selected>Мария Ковалевская</option>");
        assert!(form.contains(&chosen), "{form}");
        assert!(form.contains(&format!("name=\"contacts\" value=\"{old}\" checked>Мария Ковалевская")), "{form}");
        assert!(form.contains(">Гость 24</option>") && !form.contains(">Гость 3</option>"), "{form}");
        // In its place the script asks for the others.
        let cell = part(&mut browser, &format!("/deals/{deal}/edit?field=contact&cell=true")).await;
        assert!(cell.contains(&chosen) && !cell.contains("Гость"), "{cell}");
        // What was typed and refused is told by its name as well.
        let refused = browser.post("/deals/new", &format!("name=&contact={old}")).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.text.contains(&chosen), "{}", refused.text);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_finds_or_names_what_they_may_not_see() {
    for database in databases() {
        let (world, mut browser) = installed(&database).await;
        let mut seller = colleague(&world, "salesperson").await;
        let strange = browser.post("/contacts/new", "name=Вера+Ковалевская").await.made();
        let free = browser.post("/contacts/new", "name=Софья+Ковалевская&owner=").await.made();
        for of in ["contacts", ""] {
            for words in ["ковалевская", "кавалевская", ""] {
                let answer = found(&mut seller, of, words).await;
                assert_eq!(names(&answer), ["Софья Ковалевская"], "{of} {words} on {}", database.name);
                assert!(answer.contains(&free) && !answer.contains(&strange), "{answer}");
                assert_eq!(names(&found(&mut browser, of, words).await).len(), 2, "who administers finds both");
            }
        }
        let form = seller.page("/deals/new").await;
        assert!(form.contains(&format!("value=\"{free}\"")) && !form.contains(&strange), "{form}");

        // A value out of reach is refused at its field, and nothing of it is told.
        for (form, field) in [
            (format!("/deals/new name=Стенд&contact={strange}"), "contact"),
            (format!("/deals/new name=Стенд&contacts={free}&contacts={strange}"), "contacts"),
            (format!("/activities/new kind=call&subject=Звонок&about=contacts/{strange}"), "about"),
        ] {
            let (at, body) = form.split_once(' ').unwrap();
            let refused = seller.post(at, body).await;
            assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{form}");
            assert!(refused.text.contains(&format!("id=\"{field}-error\"")), "{field}: {}", refused.text);
            assert!(refused.text.contains("no access") && !refused.text.contains("Вера"), "{}", refused.text);
        }
        let unseen = seller.page(&format!("/activities/new?about=contacts/{strange}")).await;
        assert!(unseen.contains("no access") && !unseen.contains("Вера"), "{unseen}");

        // What stood there before stays, unnamed.
        let deal = format!("name=Стенд&owner=&contact={strange}&contacts={strange}");
        let deal = browser.post("/deals/new", &deal).await.made();
        let form = seller.page(&format!("/deals/{deal}/edit")).await;
        assert!(form.contains(&format!("value=\"{strange}\" selected>no access")) && !form.contains("Вера"), "{form}");
        let both = format!("version=1&was.contacts={strange}&contacts={strange}&contacts={free}");
        let saved = seller.post(&format!("/deals/{deal}/edit?field=contacts"), &both).await;
        assert_eq!(saved.made(), deal);
        let record = browser.page(&format!("/deals/{deal}")).await;
        assert!(record.contains("Вера Ковалевская") && record.contains("Софья Ковалевская"), "{record}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_activity_is_about_any_record_and_about_another_later() {
    for database in databases() {
        let (_world, mut browser) = installed(&database).await;
        let lead = browser.post("/leads/new", "name=Ковалевский&company=Ромашка").await.made();
        let deal = browser.post("/deals/new", "name=Стенд+Ковалевского").await.made();
        let form = browser.page("/activities/new").await;
        assert!(form.contains("name=\"about\"") && form.contains("<optgroup label=\"Лиды\">"), "{form}");
        let answer = found(&mut browser, "", "ковалевский").await;
        assert_eq!(names(&answer).len(), 2, "{answer}");
        assert!(answer.contains(&format!("data-value=\"leads/{lead}\"")), "{answer}");
        assert!(answer.contains("<small>Лид · Ромашка</small>"), "a hit shows its module: {answer}");

        let call = format!("kind=call&subject=Позвонить+Ковалевскому&about=leads/{lead}");
        let call = browser.post("/activities/new", &call).await.made();
        assert!(browser.page(&format!("/leads/{lead}")).await.contains("Позвонить Ковалевскому"));
        let answer = found(&mut browser, "", "позвонить").await;
        assert!(names(&answer).is_empty(), "nothing is about what is about something: {answer}");
        let edit = format!("/activities/{call}/edit?field=about");
        let control = part(&mut browser, &edit).await;
        assert!(control.contains(&format!("value=\"leads/{lead}\" data-at=\"/leads/{lead}\" selected>Ковалевский")));
        let retied = format!("version=1&was.about=leads/{lead}&about=deals/{deal}");
        let shown = browser.post_with(&edit, &retied, &PARTIAL).await;
        assert!(shown.text.contains(&format!("href=\"/deals/{deal}\"")), "{}", shown.text);
        assert!(browser.page(&format!("/deals/{deal}")).await.contains("Позвонить Ковалевскому"));
        let loose = browser.post_with(&edit, &format!("version=2&was.about=deals/{deal}&about="), &PARTIAL).await;
        assert!(loose.text.starts_with("<dd>") && !loose.text.contains(&deal), "{}", loose.text);
        let wrong = browser.post(&edit, "version=3&was.about=&about=leads").await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(wrong.text.contains("id=\"about-error\""), "{}", wrong.text);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn people_are_found_by_name_and_oneself_comes_first() {
    for database in databases() {
        let (world, mut browser) = installed(&database).await;
        let mut seller = colleague(&world, "salesperson").await;
        for words in ["верш", "Вершининой", "вершынина", "maria"] {
            let query = serde_urlencoded::to_string([("q", words)]).unwrap();
            let answer = part(&mut browser, &format!("/search/people?{query}")).await;
            assert_eq!(names(&answer), ["Мария Вершинина"], "{words} on {}", database.name);
            assert!(!answer.contains("maria@java.example"), "an address is shown to nobody who needs it not: {answer}");
        }
        assert_eq!(names(&part(&mut browser, "/search/people?q=").await), ["Мария Вершинина", "salesperson"]);
        assert_eq!(names(&part(&mut seller, "/search/people?q=").await), ["salesperson", "Мария Вершинина"]);
        assert_eq!(names(&part(&mut seller, "/search/people?q=%25").await), Vec::<String>::new());
        // Of two who are called the same, the address tells who is meant.
        let namesake = "name=мария+вершинина&email=other@java.example&roles=salesperson&password=another+password";
        assert_eq!(browser.post("/settings/users", namesake).await.status, StatusCode::SEE_OTHER);
        let query = serde_urlencoded::to_string([("q", "вершинина")]).unwrap();
        let answer = part(&mut seller, &format!("/search/people?{query}")).await;
        for address in ["maria@java.example", "other@java.example"] {
            assert!(answer.contains(&format!("<small>{address}</small>")), "{answer}");
        }
        assert!(!part(&mut seller, "/search/people?q=").await.contains("salesperson@java.example"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_there_yet_is_made_in_its_place() {
    for database in databases() {
        let (world, mut browser) = installed(&database).await;
        let mut seller = colleague(&world, "salesperson").await;
        let answer = found(&mut browser, "contacts", "Анна Ли").await;
        let query = serde_urlencoded::to_string([("name", "Анна Ли")]).unwrap();
        assert!(answer.contains(&format!("data-make=\"/contacts/new?{query}\" data-module=\"contacts\"")), "{answer}");
        assert!(answer.contains("Новая запись: Контакт «Анна Ли»"), "{answer}");
        assert!(!found(&mut browser, "", "Анна").await.contains("data-make"), "nobody knows of which module");
        assert!(!found(&mut seller, "events", "").await.contains("data-make"), "a salesperson makes no events");
        let made = browser.post_with("/contacts/new", "name=Анна+Ли", &PARTIAL).await;
        assert_eq!(made.status, StatusCode::NO_CONTENT, "{}", made.text);
        let told = toast(made.headers["hx-trigger"].to_str().unwrap());
        assert_eq!(
            (told["made"]["module"].as_str(), told["made"]["name"].as_str()),
            (Some("contacts"), Some("Анна Ли"))
        );
        let id = told["made"]["value"].as_str().unwrap();
        assert_eq!(told["made"]["at"], format!("/contacts/{id}"));
        assert!(browser.page(&format!("/contacts/{id}")).await.contains("Анна Ли"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_found_is_never_markup_and_nobody_asks_unknown() {
    for database in databases() {
        let (world, mut browser) = installed(&database).await;
        browser.post("/contacts/new", "name=%3Cimg+src=x%3E+Анна").await.made();
        let answer = found(&mut browser, "contacts", "анна").await;
        assert!(answer.contains("&lt;img src=x&gt;") && !answer.contains("<img"), "{answer}");
        let answer = found(&mut browser, "contacts", "<b>\"'").await;
        assert!(!answer.contains("<b>\""), "{answer}");
        assert_eq!(browser.get("/search/links?of=nothing&q=x").await.status, StatusCode::NOT_FOUND);
        let mut stranger = Browser::new(&world, Locale::En);
        for path in ["/search/links?of=contacts&q=a", "/search/people?q="] {
            assert_ne!(stranger.get(path).await.status, StatusCode::OK, "{path}");
        }
    }
}
