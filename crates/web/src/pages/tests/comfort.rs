//! What saves a salesperson a detour: plans that say when, letters with what goes along, filters that say where they are
//! wrong, first steps that make way. All without script.

use axum::body::Body;
use axum::http::{Method, StatusCode};
use model::Locale;

use super::browser::Browser;
use super::{colleague, on_sale, ordered, set_up};
use crate::ui::Words;

/// What stands between two marks of a page, the first time.
fn between<'p>(page: &'p str, from: &str, to: &str) -> &'p str {
    let (_, rest) = page.split_once(from).unwrap_or_else(|| panic!("no {from:?} in {page}"));
    rest.split_once(to).unwrap_or_else(|| panic!("no {to:?} behind {from:?} in {page}")).0
}

/// The moments on offer for a field, the last of them none.
fn offers(form: &str, field: &str) -> Vec<String> {
    let mark = format!("name=\"{field}.soon\" value=\"");
    let marks = form.split(&mark).skip(1);
    marks.map(|rest| rest.split('"').next().unwrap().to_owned()).collect()
}

/// The line of the story about an activity: its head, and what stands under it.
fn told<'p>(page: &'p str, id: &str) -> &'p str {
    let story = between(page, "<ol class=\"timeline\">", "</ol>");
    story.split("</li>").find(|line| line.contains(&format!("href=\"/activities/{id}\""))).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_plan_is_made_for_tomorrow_by_a_plain_form_and_done_from_the_story() {
    for (locale, call, tomorrow, done) in
        [(Locale::Ru, "Звонок", "завтра, 10:00", "Сделано"), (Locale::En, "Call", "tomorrow, 10:00", "Done")]
    {
        let (_world, mut browser) = set_up(locale).await;
        let lead = browser.post("/leads/new", "name=Anna").await.made();
        let page = format!("/leads/{lead}");
        let form = browser.page(&format!("/activities/new?kind=call&about=leads/{lead}")).await;
        let offered = offers(&form, "due_at");
        assert!(offered.len() >= 4 && offered.last().unwrap().is_empty(), "{offered:?}");
        assert!(offered[1].ends_with("T10:00"), "{offered:?}");
        let place = |mark: &str| form.find(mark).unwrap_or_else(|| panic!("no {mark} in {form}"));
        assert!(place("name=\"subject\"") < place("name=\"due_at.soon\""));
        assert!(place("name=\"due_at\"") < place("name=\"purpose\""), "it is asked for first");
        assert_eq!(form.matches("name=\"due_at\"").count(), 1);

        // What was chosen stays chosen where something else is wrong.
        let plan = format!("kind=call&about=leads/{lead}&due_at.soon={}&due_at=2020-01-01T10:00", offered[1]);
        let refused = browser.post("/activities/new", &plan).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.text.contains(&format!("value=\"{}\" checked", offered[1])), "{}", refused.text);
        let id = browser.post("/activities/new", &format!("{plan}&subject=Ring+<b>")).await.made();

        let shown = browser.page(&page).await;
        let line = told(&shown, &id);
        assert!(line.contains(&format!("<b>{call}</b>")) && line.contains("Ring &lt;b&gt;"), "{line}");
        assert!(line.contains(&format!(">{tomorrow}</time>")) && line.contains("Мария Вершинина"), "{line}");
        let end = format!("/activities/{id}/transitions/complete");
        assert!(line.contains(&format!("href=\"{end}?next={page}\"")), "{line}");
        let beside = between(&shown, "<div class=\"item step\">", "</div>");
        assert!(beside.contains(call) && beside.contains(tomorrow) && beside.contains(&end), "{beside}");

        browser.page(&format!("{end}?next={page}")).await;
        let ended = browser.post(&end, &format!("result=sale&next={page}")).await;
        assert_eq!(ended.made(), lead);
        let shown = browser.page(&page).await;
        let line = told(&shown, &id);
        assert!(!shown.contains(&end) && !shown.contains("class=\"item step\""), "{shown}");
        assert!(line.contains(done) && line.contains("mark good"), "{line}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn another_time_is_typed_and_what_is_late_is_said_in_words() {
    let (_world, mut browser) = set_up(Locale::Ru).await;
    let lead = browser.post("/leads/new", "name=Анна").await.made();
    let plan = format!("kind=task&subject=Счёт&about=leads/{lead}&due_at.soon=&due_at=2020-01-01T10:00");
    let late = browser.post("/activities/new", &plan).await.made();
    let none = browser.post("/activities/new", &format!("kind=task&subject=Потом&about=leads/{lead}")).await.made();
    let page = browser.page(&format!("/leads/{lead}")).await;
    let line = told(&page, &late);
    assert!(line.contains("1 января 2020, 10:00") && line.contains("срок прошёл") && line.contains("Задача"), "{line}");
    assert!(told(&page, &none).contains("без срока"));
    assert_eq!(page.matches("срок прошёл").count(), 2, "in the story and beside it");
    // A meeting has a beginning, anything else a term.
    let meeting = browser.page(&format!("/activities/new?kind=meeting&about=leads/{lead}")).await;
    assert!(!offers(&meeting, "starts_at").is_empty() && offers(&meeting, "due_at").is_empty());
    let plan =
        format!("kind=meeting&subject=Кофе&about=leads/{lead}&starts_at.soon={}", offers(&meeting, "starts_at")[1]);
    let meeting = browser.post("/activities/new", &plan).await.made();
    let page = browser.page(&format!("/leads/{lead}")).await;
    assert!(told(&page, &meeting).contains("Встреча") && told(&page, &meeting).contains("завтра, 10:00"));
    // Whoever moves it is offered the same moments.
    let moved = format!("/activities/{meeting}/transitions/reschedule");
    let form = browser.page(&moved).await;
    let week = offers(&form, "starts_at").into_iter().rev().nth(1).unwrap();
    let sent = browser.post(&moved, &format!("starts_at.soon={week}&starts_at=&result_reason=Болеет")).await;
    assert_eq!(sent.made(), meeting);
    assert!(browser.page(&format!("/activities/{meeting}/edit?field=starts_at")).await.contains(&week));
}

#[tokio::test(flavor = "multi_thread")]
async fn letters_show_what_goes_along_to_those_who_read_them() {
    let (world, mut staff) = set_up(Locale::Ru).await;
    let (_, kind) = on_sale(&mut staff).await;
    ordered(&world, &kind).await;
    let list = staff.page("/orders").await;
    let (_, list) = list.split_once("<tbody>").unwrap();
    let order = format!("/orders/{}", between(list, "href=\"/orders/", "\""));
    let booked = staff.post(&format!("{order}/payments"), "amount=20+000&method=bank&received_at=&reference=17").await;
    assert_eq!(booked.status, StatusCode::SEE_OTHER, "{}", booked.text);

    let page = staff.page(&order).await;
    let enclosed = between(&page, "<ul class=\"enclosed\"", "</ul>");
    assert!(enclosed.contains("tickets.pdf") && !enclosed.contains("<small>"), "not drawn yet: {enclosed}");
    let address = between(enclosed, "href=\"", "\"").to_owned();
    let letter = address.split("/attachments").next().unwrap().to_owned();
    assert!(staff.page(&letter).await.contains(&format!("href=\"{address}\"")), "on its own page too");
    let file = staff.get(&address).await;
    assert_eq!((file.status, file.headers["content-type"].to_str().unwrap()), (StatusCode::OK, "application/pdf"));
    let page = staff.page(&order).await;
    assert!(between(&page, "<ul class=\"enclosed\"", "</ul>").contains("КБ</small>"), "{page}");
    assert_eq!(staff.get(&format!("{letter}/attachments/9")).await.status, StatusCode::NOT_FOUND);
    let mut door = colleague(&world, "door").await;
    assert!([StatusCode::FORBIDDEN, StatusCode::NOT_FOUND].contains(&door.get(&address).await.status));
    // Of a letter one reads only what it is about: a secretary sees no orders. With their orders she sees the letters, and
    // still no tickets: with a ticket one comes in.
    let mut secretary = colleague(&world, "secretary").await;
    assert_eq!(secretary.get(&letter).await.status, StatusCode::NOT_FOUND);
    let sees = Body::from(r#"{"modules": {"orders": {"read": "all"}}}"#);
    let json = [("content-type", "application/json"), ("sec-fetch-site", "same-origin")];
    let shaped = staff.send(Method::PATCH, "/api/v1/meta/roles/secretary", sees, &json).await;
    assert_eq!(shaped.status, StatusCode::OK, "{}", shaped.text);
    let read = secretary.page(&letter).await;
    assert!(!read.contains("tickets.pdf"), "{read}");
    assert_eq!(secretary.get(&address).await.status, StatusCode::NOT_FOUND);
    let mut nobody = Browser::new(&world, Locale::Ru);
    assert!(nobody.get(&address).await.location().starts_with("/sign-in"));

    // What a colleague attached to the letter goes along in the story.
    let body = "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"plan.txt\"\r\n\r\nhall\r\n--x--\r\n";
    let headers = [("content-type", "multipart/form-data; boundary=x"), ("sec-fetch-site", "same-origin")];
    let sent = staff.send(Method::POST, &format!("{letter}/files"), Body::from(body), &headers).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.text);
    let page = staff.page(&order).await;
    let enclosed = between(&page, "<ul class=\"enclosed\"", "</ul>");
    assert!(enclosed.contains("plan.txt") && enclosed.contains("/content?save\""), "{enclosed}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_filter_says_where_and_keeps_what_was_typed() {
    let wrong = "/leads?filter=name+%3D%3D+%22x%22+%26%26+nmae+%3D%3D+1";
    for (locale, place, end) in
        [(Locale::Ru, "Символ 16: «nmae»", "обрывается"), (Locale::En, "Character 16: “nmae”", "breaks off")]
    {
        let (_world, mut browser) = set_up(locale).await;
        let page = browser.page(wrong).await;
        assert!(page.contains("name == &quot;x&quot; &amp;&amp; <mark>nmae</mark> == 1"), "{page}");
        assert_eq!(page.matches("role=\"alert\"").count(), 1);
        assert!(between(&page, "role=\"alert\"", "</div></div>").contains(place), "above the list: {page}");
        let form = between(&page, "<details class=\"menu\" open>", "</details>");
        assert!(form.contains("aria-invalid=\"true\"") && form.contains("data-fault=\"15 19\""), "{form}");
        assert!(between(form, "id=\"expression-error\"", "</p>").contains(place), "beside the control: {form}");
        assert!(form.contains("name == &quot;x&quot; &amp;&amp; nmae == 1</textarea>"), "{form}");
        let cut = browser.page("/leads?filter=name+%3D%3D&as=board").await;
        assert!(cut.contains("<mark></mark>") && cut.contains(end), "{cut}");
        let right = browser.page("/leads?filter=name+%3D%3D+%22x%22").await;
        assert!(!right.contains("expression-error") && !right.contains("<details class=\"menu\" open>"), "{right}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_moved_in_a_layout_is_what_the_page_comes_back_to() {
    let (_world, mut browser) = set_up(Locale::En).await;
    let page = browser.page("/settings/modules/leads").await;
    assert!(page.contains("<table class=\"plain as-cards\">"), "rows become cards");
    for what in ["field-need", "column-name", "group-1"] {
        assert!(page.contains(&format!("id=\"place-{what}\"")), "{what}");
        assert!(page.contains(&format!("formaction=\"/settings/modules/leads/layout#place-{what}\"")), "{what}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn first_steps_fold_up_and_make_way() {
    let (world, mut browser) = set_up(Locale::En).await;
    assert!(!browser.page("/start").await.contains("steps-done"));
    let (_, kind) = on_sale(&mut browser).await;
    let page = browser.page("/start").await;
    let folded = between(&page, "<details class=\"steps-done\">", "</details>");
    assert!(folded.contains("2 of 5 done") && folded.matches("<li class=\"done\"").count() == 2, "{folded}");
    let (open, _) = page.split_once("<details class=\"steps-done\">").unwrap();
    assert!(!open.contains("<li class=\"done\"") && open.contains("href=\"/settings/users\""), "{open}");

    browser.post("/start", "away=true").await.made();
    let away = browser.page("/start").await;
    assert!(!away.contains("first-steps") && away.contains("name=\"away\" value=\"false\""), "{away}");

    let mut accountant = colleague(&world, "accountant").await;
    assert!(accountant.page("/start").await.contains("Book the first payment"));
    ordered(&world, &kind).await;
    let list = browser.page("/orders").await;
    let (_, list) = list.split_once("<tbody>").unwrap();
    let order = format!("/orders/{}", between(list, "href=\"/orders/", "\""));
    browser.post(&format!("{order}/payments"), "amount=20+000&method=bank&received_at=&reference=17").await.made();
    let done = accountant.page("/start").await;
    assert!(done.contains("All done") && !done.contains("first-steps") && !done.contains("name=\"away\""), "{done}");
    assert_ne!(accountant.get("/").await.location(), "/start");
}

#[tokio::test(flavor = "multi_thread")]
async fn every_key_is_told_in_words() {
    for locale in Locale::ALL {
        let (_world, mut browser) = set_up(locale).await;
        let page = browser.page("/leads").await;
        let listed = between(&page, "id=\"shortcuts\"", "</dialog>").to_owned();
        for (what, combinations) in assets::keys() {
            let words = locale.say_if(&format!("key-{what}")).unwrap_or_else(|| panic!("{locale}: {what}"));
            assert!(listed.contains(&format!("<dt>{words}</dt>")), "{words}: {listed}");
            for keys in combinations {
                assert!(listed.contains(&format!("<kbd>{keys}</kbd>")), "{keys}: {listed}");
            }
        }
        assert!(listed.contains("<kbd>Shift X</kbd>") && listed.contains("<kbd>Ctrl Enter</kbd>"), "{listed}");
    }
}
