//! What was done to a record and its way back, its story page by page, the record as it stood, the history of a field, who
//! answers for it.

use axum::body::Body;
use axum::http::{Method, StatusCode};
use model::{Actor, Id, Locale};
use store::{List, Work};

use super::browser::{Answer, Browser};
use super::{World, colleague, on_sale, set_up};

const PARTIAL: [(&str, &str); 2] = [("hx-request", "true"), ("sec-fetch-site", "same-origin")];

const HIDDEN: [StatusCode; 2] = [StatusCode::FORBIDDEN, StatusCode::NOT_FOUND];

async fn part(browser: &mut Browser, path: &str) -> String {
    browser.send(Method::GET, path, Body::empty(), &PARTIAL).await.text
}

/// What a page says in the corner.
fn corner(page: &str) -> &str {
    let rest = page.split("id=\"toasts\"").nth(1).unwrap();
    &rest[..rest.find("<dialog").unwrap_or(rest.len())]
}

fn between<'t>(text: &'t str, from: &str, to: &str) -> &'t str {
    let rest = text.split(from).nth(1).unwrap_or_else(|| panic!("no {from} in {text}"));
    rest.split(to).next().unwrap()
}

/// Follows an answer to the page of the record, which says `words`, and takes back what was done.
async fn told(browser: &mut Browser, answer: Answer, words: &str) {
    let page = browser.page(answer.location().split('#').next().unwrap()).await;
    assert!(corner(&page).contains(words), "{words}: {}", corner(&page));
    let undo = format!("/undo/{}", between(corner(&page), "action=\"/undo/", "\""));
    let next = between(corner(&page), "name=\"next\" value=\"", "\"").to_owned();
    let back = browser.post(&undo, &format!("next={next}")).await;
    assert_eq!((back.status, back.location()), (StatusCode::SEE_OTHER, next.as_str()), "{}", back.text);
    let again = browser.page(answer.location().split('#').next().unwrap()).await;
    assert!(!corner(&again).contains("/undo/"), "it is taken back already");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_done_is_said_on_the_page_of_the_record_and_taken_back_there() {
    for locale in Locale::ALL {
        let words = if locale == Locale::Ru {
            ["Готово: «Контакт установлен»", "Сохранено", "Возвращено из корзины", "Файл убран"]
        } else {
            ["Done: Contacted", "Saved", "Taken out of the bin", "File removed"]
        };
        let (_world, mut browser) = set_up(locale).await;
        let page = format!("/leads/{}", browser.post("/leads/new", "name=Anna&company=Vector").await.made());
        let moved = browser.post(&format!("{page}/transitions/contact"), "").await;
        told(&mut browser, moved, words[0]).await;
        let form = browser.page(&format!("{page}/edit")).await;
        let version = between(&form, "name=\"version\" value=\"", "\"").to_owned();
        let edited = format!("version={version}&was.company=Vector&company=Core");
        let edited = browser.post(&format!("{page}/edit?field=company"), &edited).await;
        told(&mut browser, edited, words[1]).await;
        browser.post(&format!("{page}/delete"), "").await;
        let restored = browser.post(&format!("{page}/restore"), "").await;
        told(&mut browser, restored, words[2]).await;
        browser.post(&format!("{page}/restore"), "").await;

        let file = "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.txt\"\r\n\r\na\r\n--x--\r\n";
        let headers = [("content-type", "multipart/form-data; boundary=x"), ("sec-fetch-site", "same-origin")];
        let sent = browser.send(Method::POST, &format!("{page}/files"), Body::from(file), &headers).await;
        assert!(sent.location().starts_with(&format!("{page}?done=")), "{}", sent.location());
        let shown = browser.page(sent.location().split('#').next().unwrap()).await;
        assert!(corner(&shown).contains("/undo/"), "{}", corner(&shown));
        let file = between(&shown, "id=\"file-", "\"").to_owned();
        let gone = browser.post(&format!("/files/{file}/delete"), "").await;
        told(&mut browser, gone, words[3]).await;
        assert!(!corner(&browser.page(&page).await).contains("/undo/"));
        assert!(!corner(&browser.page(&format!("{page}?done=nonsense")).await).contains("/undo/"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_event_says_it_on_its_own_page() {
    let (_world, mut browser) = set_up(Locale::En).await;
    let (event, _) = on_sale(&mut browser).await;
    let page = format!("/events/{event}");
    let edited = browser.post(&format!("{page}/edit?field=venue"), "version=1&was.venue=Москва&venue=There").await;
    told(&mut browser, edited, "Saved").await;
}

/// Changes a lead so many times more.
async fn change(world: &World, lead: &str, times: usize) {
    let id: Id = lead.parse().unwrap();
    let write = move |work: &mut store::Work<'_>| {
        for number in 0..times {
            work.update("leads", id, store::Draft::new().set("company", format!("Company {number}")), None)?;
        }
        Ok(())
    };
    let origin = store::Origin::from("import");
    world.web.app.workspace().write(model::Actor::System("test"), origin, write).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_long_story_is_read_to_its_beginning() {
    for locale in Locale::ALL {
        let newest = if locale == Locale::Ru { "К последнему" } else { "Back to the newest" };
        let (world, mut browser) = set_up(locale).await;
        let lead = browser.post("/leads/new", "name=Anna").await.made();
        let page = format!("/leads/{lead}");
        for said in 0..3 {
            browser.post(&format!("{page}/comments"), &format!("text=Word+{said}")).await;
        }
        change(&world, &lead, 140).await;
        let shown = browser.page(&page).await;
        let lines = |text: &str| text.matches("<li class=\"line").count();
        assert_eq!(lines(&shown), 100);
        assert!(
            shown.contains("<ins>Company 139</ins>") && !shown.contains("Company 39</ins>"),
            "the newest come first"
        );
        assert!(!shown.contains("Word 0") && !shown.contains(newest));
        let older = between(&shown, &format!("href=\"{page}?older="), "\"");
        let older = format!("{page}?older={older}");
        let further = part(&mut browser, &older).await;
        assert!(further.starts_with("<ol class=\"timeline\""), "nothing but what is older: {further}");
        // Forty changes, three comments and the beginning.
        assert_eq!(lines(&further), 44, "nothing twice, nothing left out");
        assert!(further.contains("<ins>Company 39</ins>") && further.contains("Word 0"));
        assert!(!further.contains("older="), "that was all");
        let whole = browser.page(&older).await;
        assert!(whole.contains(newest) && lines(&whole) == 44, "it is a page without script");
        // One kind of entries has a place of its own.
        let changes = browser.page(&format!("{page}?story=changes")).await;
        assert_eq!(lines(&changes), 100);
        let place = between(&changes, &format!("href=\"{page}?story=changes&amp;older="), "\"");
        assert_eq!(lines(&part(&mut browser, &format!("{page}?story=changes&older={place}")).await), 41);
        let other = browser.get(&format!("{page}?older=nonsense")).await;
        assert_eq!(other.status, StatusCode::BAD_REQUEST);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_record_is_seen_as_it_stood_and_not_changed_there() {
    for locale in Locale::ALL {
        let [stood, not_yet, no_moment] = if locale == Locale::Ru {
            ["Так запись выглядела", "ещё не было", "Укажите дату и время"]
        } else {
            ["This is how the record stood", "was not there yet", "Choose a date and a time"]
        };
        let (world, mut browser) = set_up(locale).await;
        let lead = browser.post("/leads/new", "name=Anna&company=Vector").await.made();
        let page = format!("/leads/{lead}");
        let shown = browser.page(&page).await;
        assert!(shown.contains("name=\"as_of\""), "it is asked for in the menu");
        let story = between(&shown, "<ol class=\"timeline\">", "</ol>");
        let made = story.rsplit("datetime=\"").next().unwrap().split('"').next().unwrap().to_owned();
        browser.post(&format!("{page}/edit?field=company"), "version=1&was.company=Vector&company=Core").await.made();
        browser.post(&format!("{page}/transitions/contact"), "").await.made();

        let then = browser.page(&format!("{page}?as_of={made}")).await;
        let then = between(&then, "<main", "</main>");
        assert!(then.contains(stood) && then.contains("Vector") && !then.contains("Core"), "{then}");
        assert!(then.contains(&format!("class=\"link\" href=\"{page}\"")), "the way back to now");
        for act in ["/edit", "/transitions/", "/delete", "/comments", "hx-post"] {
            assert!(!then.contains(act), "{act}: {then}");
        }
        let now = browser.page(&format!("{page}?as_of=2099-01-01T10:00")).await;
        assert!(now.contains("Core") && !now.contains("Vector"));
        let before = browser.page(&format!("{page}?as_of=2001-01-01T10:00")).await;
        assert!(before.contains(not_yet) && !before.contains("Vector"), "{before}");
        assert!(browser.page(&format!("{page}?as_of=yesterday")).await.contains(no_moment));
        let mut door = colleague(&world, "door").await;
        for moment in [made.as_str(), "2001-01-01T10:00", "yesterday"] {
            let hidden = door.get(&format!("{page}?as_of={moment}")).await;
            assert!(HIDDEN.contains(&hidden.status), "{moment}: {}", hidden.text);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_history_of_a_field_says_who_changed_it_from_what_to_what() {
    for locale in Locale::ALL {
        let name = if locale == Locale::Ru {
            "История поля «Компания»"
        } else {
            "History of the field “Company”"
        };
        let (world, mut browser) = set_up(locale).await;
        let lead = browser.post("/leads/new", "name=Anna&company=Vector").await.made();
        let page = format!("/leads/{lead}");
        browser.post(&format!("{page}/edit?field=company"), "version=1&was.company=Vector&company=Core").await.made();
        browser.post(&format!("{page}/edit?field=source"), "version=2&was.source=&source=Call").await.made();
        let at = format!("{page}/history?field=company");
        assert!(browser.page(&page).await.contains(&format!("href=\"{at}\"")), "one comes to it from the field");
        let shown = part(&mut browser, &at).await;
        assert!(shown.starts_with("<dialog") && shown.contains(name), "{shown}");
        assert!(shown.contains("<del>Vector</del> → <ins>Core</ins>") && shown.contains("Мария Вершинина"), "{shown}");
        assert_eq!(shown.matches("<li>").count(), 2, "its own changes only");
        assert!(browser.page(&at).await.contains(name), "it is a page without script");
        assert_eq!(browser.get(&format!("{page}/history?field=nothing")).await.status, StatusCode::BAD_REQUEST);

        change(&world, &lead, 40).await;
        let long = part(&mut browser, &at).await;
        assert_eq!(long.matches("<li>").count(), 30);
        let older = between(&long, &format!("{at}&amp;before="), "\"").to_owned();
        let further = part(&mut browser, &format!("{at}&before={older}")).await;
        assert!(further.starts_with("<ol") && further.matches("<li>").count() == 12, "{further}");
        let mut door = colleague(&world, "door").await;
        assert!(HIDDEN.contains(&door.get(&at).await.status));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_answers_for_a_record_stands_over_it_and_is_changed_there() {
    let (world, mut browser) = set_up(Locale::En).await;
    colleague(&world, "head_of_sales").await;
    let lead = browser.post("/leads/new", "name=Anna&owner=").await.made();
    let page = format!("/leads/{lead}");
    let shown = browser.page(&page).await;
    let over = between(&shown, "<header class=\"top\">", "</header>").to_owned();
    let at = format!("{page}/edit?field=owner");
    assert!(over.contains(&format!("href=\"{at}\"")), "{over}");
    let dialog = part(&mut browser, &format!("{at}&dialog=true")).await;
    assert!(dialog.starts_with("<dialog") && dialog.contains("name=\"owner\""), "{dialog}");
    let was = between(&dialog, "name=\"was.owner\" value=\"", "\"").to_owned();
    // Without script the form offers colleagues; with it they are asked for.
    let form = browser.page(&at).await;
    let person = form.split("<option value=\"").skip(1).map(|rest| rest.split('"').next().unwrap());
    let other = person.filter(|id| !id.is_empty() && *id != was).last().unwrap().to_owned();
    let given = browser.post(&at, &format!("version=1&was.owner={was}&owner={other}")).await;
    assert_eq!(given.made(), lead);
    let after = browser.page(&page).await;
    let now = between(&after, "<header class=\"top\">", "</header>").to_owned();
    assert!(now.contains("class=\"who\"") && now != over, "{now}");
    // Whoever may read it and not change it sees the name alone.
    let deleted = browser.post(&format!("{page}/delete"), "").await;
    assert_eq!(deleted.status, StatusCode::SEE_OTHER);
    let binned = browser.page(&page).await;
    let over = between(&binned, "<header class=\"top\">", "</header>");
    assert!(over.contains("class=\"who\"") && !over.contains(&at), "{over}");
}

#[tokio::test(flavor = "multi_thread")]
async fn who_came_by_a_public_door_is_named_by_it() {
    for (locale, words) in [(Locale::Ru, "Клиент, через сайт"), (Locale::En, "The client, by the site")]
    {
        let (world, mut browser) = set_up(locale).await;
        let case: Id = browser.post("/cases/new", "subject=Stand&email=anna@example.org").await.made().parse().unwrap();
        let token = move |work: &mut Work<'_>| Ok(work.get("cases", case)?.text("token").map(str::to_owned));
        let workspace = world.web.app.workspace();
        let token = workspace.read(Actor::System("test"), token).await.unwrap().unwrap();
        assert_eq!(browser.post(&format!("/p/c/{token}"), "text=More").await.status, StatusCode::SEE_OTHER);
        let last = move |work: &mut Work<'_>| Ok(work.list("messages", &List::default())?.records);
        let messages = workspace.read(Actor::System("test"), last).await.unwrap();
        let added = messages.iter().find(|message| message.text("channel") == Some("web_form")).unwrap();
        let page = browser.page(&format!("/messages/{}", added.id)).await;
        assert!(page.contains(words), "{page}");
    }
}
