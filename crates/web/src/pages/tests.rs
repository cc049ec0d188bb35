//! Walks through the whole interface over a real workspace on SQLite, in both languages: nobody may meet a page that is
//! not there, a message that is missing, or somebody else's data.

mod access;
mod admin;
mod approvals;
mod brand;
mod browser;
mod closed;
mod comfort;
mod controls;
mod convert;
mod doors;
mod drafts;
mod drawn;
mod embed;
mod event;
mod everything;
mod fields;
mod files;
mod filters;
mod forms;
mod groups;
mod guessing;
mod help;
mod json;
mod known;
mod list;
mod lists;
mod live;
mod looking;
mod mine;
mod names;
mod offers;
mod orders;
mod organisation;
mod packs;
mod parts;
mod past;
mod pick;
mod processes;
mod record;
mod requests;
mod rules;
mod settings;
mod shapes;
mod shaping;
mod sheets;
mod slow;
mod start;
mod surveys;
mod talk;
mod undo;
mod ways;

use std::time::Duration;

use app::{App, Doors};
use axum::http::StatusCode;
use model::Locale;
use serde_json::json;
use store::{DbOptions, Files, Workspace};
use tempfile::TempDir;

use self::browser::Browser;
use crate::state::Web;

/// An installation, and the folder that goes with it.
struct World {
    web: Web,
    _folder: TempDir,
}

/// An installation that nobody has set up.
fn empty() -> World {
    empty_with(Duration::from_secs(60))
}

/// The same, where a statement may read for so long.
fn empty_with(patience: Duration) -> World {
    let folder = TempDir::with_prefix("plenary-pages-").unwrap();
    let mut options = DbOptions::sqlite(folder.path().join("plenary.sqlite"));
    options.readers = 2;
    options.statement_timeout = patience;
    let workspace = Workspace::open(options).unwrap();
    let files = Files::at(folder.path().join("files"));
    let doors = Doors { public_url: "http://plenary.test".to_owned(), smtp: None, files };
    World { web: Web::new(App::new(workspace, doors).unwrap(), 12), _folder: folder }
}

/// An installation with a browser whose user has set it up, to try things out.
async fn set_up(locale: Locale) -> (World, Browser) {
    set_up_as(locale, "&sandbox=true").await
}

/// The same, for good or to try things out.
async fn set_up_as(locale: Locale, sandbox: &str) -> (World, Browser) {
    fill(empty(), locale, sandbox).await
}

/// Sets an empty installation up.
async fn fill(world: World, locale: Locale, sandbox: &str) -> (World, Browser) {
    let mut browser = Browser::new(&world, locale);
    let form = format!(
        "organisation=Ява-клуб&organises=conference&locale={}{sandbox}&name=Мария+Вершинина&email=maria@java.example&password=длинный+пароль",
        locale.tag()
    );
    let answer = browser.post("/set-up", &form).await;
    assert_eq!((answer.status, answer.location()), (StatusCode::SEE_OTHER, "/"), "{}", answer.text);
    (world, browser)
}

/// An event on sale with a ticket type of ten seats, made by the forms of the interface. Answers both ids.
async fn on_sale(browser: &mut Browser) -> (String, String) {
    let event = "name=JavaВесна&slug=spring&kind=conference&status=on_sale&starts_on=2099-04-13&ends_on=2099-04-14&venue=Москва&capacity=10";
    let event = browser.post("/events/new", event).await.made();
    let kind = format!("event={event}&name=Участник&quota=10&price_tiers.0.price=10+000");
    let kind = browser.post("/ticket_types/new", &kind).await.made();
    (event, kind)
}

/// An order of two tickets, placed by the public form. Answers the path of its page.
async fn ordered(world: &World, kind: &str) -> String {
    let mut buyer = Browser::new(world, Locale::Ru);
    let form = format!(
        "count.{kind}=2&buyer_name=Пётр+Ли&buyer_email=petr@example.org&buyer_phone=&consent=yes&attendees=asked&attendee.{kind}.1.name=Анна+Ли"
    );
    let answer = buyer.post("/e/spring", &form).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    answer.location().to_owned()
}

/// A user with a role, signed in.
async fn colleague(world: &World, role: &str) -> Browser {
    let account = store::NewUser {
        email: format!("{role}@java.example"),
        name: role.to_owned(),
        password_hash: app::passwords::hash("another password").unwrap(),
        roles: vec![role.to_owned()],
        locale: Locale::En,
    };
    let add = move |work: &mut store::Work<'_>| work.add_user(&account);
    world.web.app.workspace().write(model::Actor::System("test"), store::Origin::from("command"), add).await.unwrap();
    let mut browser = Browser::new(world, Locale::En);
    let answer =
        browser.post("/sign-in", &format!("email={role}@java.example&password=another+password&next=/leads")).await;
    assert_eq!(answer.location(), "/leads");
    browser
}

/// The toast of an answer.
fn toast(header: &str) -> serde_json::Value {
    serde_json::from_str::<serde_json::Value>(header).unwrap_or_else(|_| json!({}))
}
