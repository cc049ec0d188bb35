//! Undo and the bin on pages, without script: the button, the note after deleting, what stands in the way.

use axum::body::Body;
use axum::http::{Method, StatusCode};
use model::Locale;

use super::{World, colleague, on_sale, ordered, set_up};
use crate::ui::addresses::ACTS;

/// Where the first "Undo" of a page leads.
fn undo(page: &str) -> String {
    let rest = page.split("action=\"/undo/").nth(1).unwrap_or_else(|| panic!("nothing can be undone:\n{page}"));
    format!("/undo/{}", rest.split('"').next().unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_is_undone_from_the_story() {
    for locale in Locale::ALL {
        let (_world, mut browser) = set_up(locale).await;
        let id = browser.post("/leads/new", "name=Anna&company=Vector").await.made();
        let page = format!("/leads/{id}");
        browser.post(&format!("{page}/edit?field=company"), "version=1&was.company=Vector&company=Core").await.made();
        let story = browser.page(&page).await;
        assert_eq!(story.matches("action=\"/undo/").count(), 2, "one for each act");
        let done = browser.post(&undo(&story), &format!("next={page}")).await;
        assert_eq!((done.status, done.location()), (StatusCode::SEE_OTHER, page.as_str()), "{}", done.text);
        let story = browser.page(&page).await;
        assert!(story.contains("<del>Core</del> → <ins>Vector</ins>"), "{story}");
        let [undone, undoes] = if locale == Locale::Ru {
            ["отменено", "отмена прежнего"]
        } else {
            ["undone", "undo of an earlier"]
        };
        assert!(story.contains(undone) && story.contains(undoes), "{story}");
        let elsewhere = browser.post(&undo(&story), "next=https://evil.example").await;
        assert_eq!(elsewhere.location(), "/");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_has_changed_since_is_shown_and_asked_about() {
    let (_world, mut browser) = set_up(Locale::Ru).await;
    let id = browser.post("/leads/new", "name=Анна&company=Завод&email=anna@example.org").await.made();
    let page = format!("/leads/{id}");
    browser.post(&format!("{page}/transitions/contact"), "").await.made();
    browser.post(&format!("{page}/transitions/qualify"), "company=Ядро&need=Стенд").await.made();
    let both = undo(&browser.page(&page).await);
    browser.post(&format!("{page}/edit?field=company"), "version=4&was.company=Ядро&company=Эпсилон").await.made();
    let asked = browser.post(&both, &format!("next={page}")).await;
    assert_eq!(asked.status, StatusCode::CONFLICT);
    let change = "<del>Ядро</del> → <ins>Эпсилон</ins>";
    for said in [change, "Мария Вершинина", "Отмена вернёт: Завод", "value=\"keep\"", "value=\"overwrite\""]
    {
        assert!(asked.text.contains(said), "{said}: {}", asked.text);
    }
    assert!(!asked.text.contains("Стенд"), "what stands in nobody's way is not asked about");
    browser.post(&both, &format!("next={page}&conflicts=keep")).await.made();
    let now = browser.page(&page).await;
    assert!(now.contains("Эпсилон") && now.contains("<del>Стенд</del>"), "{now}");
    let again = browser.post(&both, "").await;
    assert_eq!(again.status, StatusCode::CONFLICT);
    assert!(again.text.contains("Это уже отменено"), "{}", again.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn deleting_offers_the_way_back_and_the_bin_is_reached() {
    let (world, mut browser) = set_up(Locale::En).await;
    let id = browser.post("/leads/new", "name=Anna").await.made();
    let deleted = browser.post(&format!("/leads/{id}/delete"), "").await;
    let list = browser.page(deleted.location()).await;
    assert!(list.contains("Moved to the bin") && list.contains("/leads?deleted=true"), "{list}");
    let bin = browser.page("/leads?deleted=true").await;
    assert!(bin.contains("Anna"));
    assert!(browser.page(&format!("/leads/{id}")).await.contains("Take out of the bin"));
    let mut door = colleague(&world, "salesperson").await;
    let path = deleted.location().to_owned();
    browser.post(&undo(&list), "next=/leads").await;
    assert!(browser.page("/leads").await.contains("Anna"));
    assert!(!browser.page(&path).await.contains("Moved to the bin"), "undone already");
    door.page(&path).await;
    assert!(!browser.page("/leads?done=nonsense").await.contains("Moved to the bin"));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_order_comes_back_from_its_page() {
    let (world, mut staff) = set_up(Locale::Ru).await;
    let (_, kind) = on_sale(&mut staff).await;
    ordered(&world, &kind).await;
    let list = staff.page("/orders").await;
    let (_, list) = list.split_once("<tbody>").unwrap();
    let order = list.split("href=\"/orders/").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let page = format!("/orders/{order}");
    staff.post(&format!("{page}/transitions/cancel"), "").await.made();
    let cancel = undo(&staff.page(&page).await);
    let back = staff.post(&cancel, &format!("next={page}")).await;
    assert_eq!(back.location(), page, "{}", back.text);
    assert!(staff.page(&page).await.contains("Ждёт оплаты"));
    staff.post(&format!("{page}/payments"), "amount=20+000,00&method=bank&received_at=&reference=17").await.made();
    // What has no way back is not offered; why stands in its place.
    let story = staff.page(&page).await;
    let (_, newest) = story.split_once("class=\"timeline\"").unwrap();
    let (before, _) = newest.split_once("Проведённый платёж остаётся проведённым").unwrap();
    assert!(!before.contains("action=\"/undo/"), "{before}");
    assert!(
        newest.contains("отменено") && newest.contains("action=\"/undo/"),
        "what has one is offered still: {newest}"
    );
    let paid = undo(&staff.page(ACTS).await);
    let refused = staff.post(&paid, &format!("next={page}")).await;
    assert_eq!(refused.status, StatusCode::CONFLICT);
    assert!(refused.text.contains("Проведённый платёж остаётся проведённым"), "{}", refused.text);
}

/// Accounts, more than are taken back at once, made in one change set.
async fn accounts(world: &World) -> (String, Vec<model::Id>) {
    let make = |work: &mut store::Work<'_>| {
        let name = |number: i32| store::Draft::new().set("name", format!("Вектор {number}"));
        let ids = (0..5_001).map(|number| Ok(work.create("accounts", name(number))?.id));
        let ids = ids.collect::<store::Result<Vec<_>>>()?;
        Ok((ids, work.change_set().unwrap().to_string()))
    };
    let origin = store::Origin::from("import");
    let ((ids, set), _) = world.web.app.workspace().write(model::Actor::System("test"), origin, make).await.unwrap();
    (set, ids)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_large_change_is_undone_by_itself_and_the_page_says_how_far() {
    let (world, mut browser) = set_up(Locale::Ru).await;
    let (set, ids) = accounts(&world).await;
    let changed = ids[4_000];
    browser
        .post(&format!("/accounts/{changed}/edit?field=name"), "version=1&was.name=Вектор+4000&name=Ядро")
        .await
        .made();
    let (undo, next) = (format!("/undo/{set}"), "next=/accounts");
    assert_eq!(browser.get(&undo).await.status, StatusCode::NOT_FOUND);
    let begun = browser.post(&undo, next).await;
    assert_eq!((begun.status, begun.location()), (StatusCode::SEE_OTHER, format!("{undo}?next=%2Faccounts").as_str()));
    let at = begun.location().to_owned();
    let page = browser.page(&at).await;
    for said in ["Проверяем", "<progress max=\"5001\" value=\"0\"", "hx-trigger=\"every 1s\"", "href=\"/accounts\""]
    {
        assert!(page.contains(said), "{said}: {page}");
    }
    let other = browser.post(&undo, &format!("{next}&conflicts=overwrite")).await;
    assert!(other.status == StatusCode::CONFLICT && other.text.contains("в начале выбрали другое"), "{}", other.text);
    assert_eq!(browser.post(&undo, next).await.location(), at, "who chooses nothing is shown how far it is");
    let partial = [("hx-request", "true"), ("sec-fetch-site", "same-origin")];
    let part = browser.send(Method::GET, &at, Body::empty(), &partial).await;
    assert!(part.text.starts_with("<div") && part.text.contains("hx-get"), "{}", part.text);

    world.web.app.run_due().await.unwrap();
    let ended = browser.send(Method::GET, &at, Body::empty(), &partial).await;
    assert_eq!(ended.headers["hx-redirect"], at.as_str(), "what stands in the way is a page of its own");
    let asked = browser.page(&at).await;
    for said in ["<del>Вектор 4000</del> → <ins>Ядро</ins>", "Мария Вершинина", "value=\"keep\""]
    {
        assert!(asked.contains(said), "{said}: {asked}");
    }
    let again = browser.post(&undo, &format!("{next}&conflicts=keep")).await;
    assert_eq!(again.location(), at);
    world.web.app.run_due().await.unwrap();
    let done = browser.page(&at).await;
    assert!(done.contains("Готово") && !done.contains("hx-trigger=\"every"), "{done}");
    for said in ["Вернуть удалось не всё", "Возвращено 5\u{a0}000 записей", "1 запись с тех пор изменили"]
    {
        assert!(done.contains(said), "{said}: {done}");
    }
    let list = browser.page("/accounts").await;
    assert!(list.contains("Ядро") && !list.contains("Вектор"), "{list}");
    let late = browser.post(&undo, next).await;
    assert!(late.status == StatusCode::CONFLICT && late.text.contains("Это уже отменено"), "{}", late.text);
    let mut sales = colleague(&world, "salesperson").await;
    assert_eq!(sales.get(&at).await.status, StatusCode::NOT_FOUND);
}

/// A turn of an undo, as the product takes it.
async fn turn(world: &World, set: model::Id, size: usize) -> store::Course {
    let app = world.web.app.clone();
    let go_on = move |work: &mut store::Work<'_>| work.undo_turn(set, size, &app);
    let origin = store::Origin::from("job");
    world.web.app.workspace().write(model::Actor::System("jobs"), origin, go_on).await.unwrap().0
}

#[tokio::test(flavor = "multi_thread")]
async fn an_administrator_goes_on_where_the_account_was_closed() {
    let (world, mut browser) = set_up(Locale::Ru).await;
    let (set, _) = accounts(&world).await;
    let at = format!("/undo/{set}?next=/accounts");
    let mut gone = colleague(&world, "administrator").await;
    assert_eq!(gone.post(&format!("/undo/{set}"), "next=/accounts").await.status, StatusCode::SEE_OTHER);
    let id: model::Id = set.parse().unwrap();
    while turn(&world, id, 2_000).await.phase == store::Phase::Checking {}
    let half = turn(&world, id, 2_000).await;
    assert_eq!((half.phase, half.undone_count()), (store::Phase::Undoing, 2_000));
    let keep_out = store::UserChange { active: Some(false), ..store::UserChange::default() };
    let who = half.by.unwrap();
    let close = move |work: &mut store::Work<'_>| work.change_user(who, &keep_out);
    let origin = store::Origin::from("command");
    world.web.app.workspace().write(model::Actor::System("test"), origin, close).await.unwrap();
    world.web.app.run_due().await.unwrap();

    let stopped = browser.page(&at).await;
    for said in [
        "2\u{a0}000 из 5\u{a0}001",
        "Учётную запись того, кто начал отмену, закрыли",
        "Возвращено 2\u{a0}000 записей",
        "Продолжить",
    ] {
        assert!(stopped.contains(said), "{said}: {stopped}");
    }
    browser.post(&format!("/undo/{set}"), "next=/accounts&conflicts=refuse").await;
    world.web.app.run_due().await.unwrap();
    let done = browser.page(&at).await;
    assert!(done.contains("Возвращена 5\u{a0}001 запись"), "{done}");
    assert!(!browser.page("/accounts").await.contains("Вектор"));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_made_came_from_nowhere() {
    for locale in Locale::ALL {
        let (_world, mut browser) = set_up(locale).await;
        let id = browser.post("/leads/new", "name=Anna").await.made();
        let made = browser.page("/undo").await;
        assert!(made.contains("Anna") && !made.contains("— →"), "{made}");
        browser.post(&format!("/leads/{id}/transitions/contact"), "").await.made();
        let moved = browser.page("/undo").await;
        assert!(moved.contains(" → <b>") && !moved.contains("— →"), "a move says from where to where: {moved}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_act_says_what_its_fields_were_and_are() {
    for locale in Locale::ALL {
        let (_world, mut browser) = set_up(locale).await;
        let id = browser.post("/leads/new", "name=Anna&company=Vector").await.made();
        let long = "wall ".repeat(60);
        let typed = long.trim_end().replace(' ', "+");
        let edited =
            format!("version=1&was.name=Anna&name=Anna&was.company=Vector&company=Core&was.need=&need={typed}");
        browser.post(&format!("/leads/{id}/edit"), &edited).await.made();
        let acts = browser.page(ACTS).await;
        assert!(acts.contains("<del>Vector</del> → <ins>Core</ins>"), "{acts}");
        let folded = acts.split("<details class=\"sides\">").nth(1).unwrap_or_else(|| panic!("{acts}"));
        let folded = folded.split("</details>").next().unwrap();
        assert!(folded.contains("…</summary>") && folded.contains(long.trim_end()), "what is long is folded: {folded}");

        // More fields than a glance takes in are folded too.
        let many = format!(
            "version=2&was.name=Anna&name=Vera&was.company=Core&company=Delta&was.email=&email=v@a.example\
             &was.phone=&phone=%2B79211234567&was.source=&source=Fair&was.need={typed}&need={typed}"
        );
        browser.post(&format!("/leads/{id}/edit"), &many).await.made();
        let acts = browser.page(ACTS).await;
        let (told, folded) = acts.split_once("<details class=\"sides\">").unwrap();
        assert!(told.contains("<del>Core</del> → <ins>Delta</ins>") && !told.contains("Fair"), "{told}");
        assert!(folded.split("</details>").next().unwrap().contains("<ins>Fair</ins>"), "{folded}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn refusals_are_in_the_readers_language() {
    for locale in Locale::ALL {
        let words = if locale == Locale::Ru {
            ["Это уже отменено", "Отменой это не вернуть", "Настройки возвращают там, где их меняют"]
        } else {
            [
                "This has already been undone",
                "This has no way back by undo",
                "Settings are set back where they are changed",
            ]
        };
        let (world, mut browser) = set_up(locale).await;
        let id = browser.post("/leads/new", "name=Anna").await.made();
        let undo = undo(&browser.page(&format!("/leads/{id}")).await);
        browser.post(&undo, "next=/leads").await;
        let twice = browser.post(&undo, "next=/leads").await;
        assert!(twice.status == StatusCode::CONFLICT && twice.text.contains(words[0]), "{}", twice.text);
        let rename = |work: &mut store::Work<'_>| {
            work.add_team("Зал").map(drop)?;
            Ok(work.change_set().unwrap())
        };
        let origin = store::Origin::from("command");
        let (set, _) = world.web.app.workspace().write(model::Actor::System("test"), origin, rename).await.unwrap();
        let refused = browser.post(&format!("/undo/{set}"), "next=/leads").await;
        assert_eq!(refused.status, StatusCode::CONFLICT);
        for said in &words[1..] {
            assert!(refused.text.contains(said), "{said}: {}", refused.text);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn all_that_an_act_did_is_read_page_by_page() {
    let (world, mut browser) = set_up(Locale::Ru).await;
    let make = |work: &mut store::Work<'_>| {
        for number in 0..120 {
            work.create("accounts", store::Draft::new().set("name", format!("Вектор-{number}-")))?;
        }
        Ok(work.change_set().unwrap())
    };
    let origin = store::Origin::from("import");
    let (set, _) = world.web.app.workspace().write(model::Actor::System("test"), origin, make).await.unwrap();
    let whole = format!("/undo/{set}/changes");
    let acts = browser.page("/undo?of=all").await;
    assert!(acts.contains(&format!("href=\"{whole}\"")), "{acts}");
    let (mut at, mut seen, mut pages) = (whole.clone(), Vec::new(), 0);
    loop {
        let page = browser.page(&at).await;
        seen.extend((0..120).filter(|number| page.contains(&format!("Вектор-{number}-"))));
        pages += 1;
        let Some(next) = page.split(&format!("href=\"{whole}?after=")).nth(1) else { break };
        at = format!("{whole}?after={}", next.split('"').next().unwrap());
    }
    assert_eq!((pages, seen), (3, (0..120).collect::<Vec<_>>()), "each once, in order");
    let mut door = colleague(&world, "door").await;
    assert_eq!(door.get(&whole).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_move_back_to_where_a_record_stands_offers_no_undo() {
    let (_world, mut browser) = set_up(Locale::En).await;
    let nudge =
        r#"{"transitions": {"nudge": {"label": {"ru": "Напомнить", "en": "Nudge"}, "from": ["new"], "to": "new"}}}"#;
    let headers = [("content-type", "application/json"), ("sec-fetch-site", "same-origin")];
    let shaped = browser.send(Method::PATCH, "/api/v1/meta/processes/leads", Body::from(nudge), &headers).await;
    assert_eq!(shaped.status, StatusCode::OK, "{}", shaped.text);
    let id = browser.post("/leads/new", "name=Anna").await.made();
    let page = format!("/leads/{id}");
    browser.post(&format!("{page}/transitions/nudge"), "").await.made();
    let story = browser.page(&page).await;
    assert_eq!(story.matches("action=\"/undo/").count(), 1, "only its making is taken back: {story}");
    let acts = browser.page(ACTS).await;
    assert_eq!(acts.matches("action=\"/undo/").count(), 1, "{acts}");
    assert!(acts.contains("<b>Move</b>"), "{acts}");
}
