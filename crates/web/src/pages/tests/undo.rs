//! Undo and the bin on pages, without script: the button, the note after deleting, what stands in the way.

use axum::body::Body;
use axum::http::{Method, StatusCode};
use model::Locale;

use super::{World, colleague, on_sale, ordered, set_up};

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
    let id = browser.post("/leads/new", "name=Анна&company=Завод").await.made();
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
    let order = list.split("href=\"/orders/").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let page = format!("/orders/{order}");
    staff.post(&format!("{page}/transitions/cancel"), "").await.made();
    let cancel = undo(&staff.page(&page).await);
    let back = staff.post(&cancel, &format!("next={page}")).await;
    assert_eq!(back.location(), page, "{}", back.text);
    assert!(staff.page(&page).await.contains("Ждёт оплаты"));
    staff.post(&format!("{page}/payments"), "amount=20+000,00&method=bank&received_at=&reference=17").await.made();
    let paid = undo(&staff.page(&page).await);
    let refused = staff.post(&paid, &format!("next={page}")).await;
    assert_eq!(refused.status, StatusCode::CONFLICT);
    assert!(refused.text.contains("Само по себе это не отменяется"), "{}", refused.text);
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
    let list = browser.page("/accounts").await;
    assert!(list.contains("Ядро") && !list.contains("Вектор"), "{list}");
    let late = browser.post(&undo, next).await;
    assert!(late.status == StatusCode::CONFLICT && late.text.contains("Это уже отменено"), "{}", late.text);
    let mut sales = colleague(&world, "salesperson").await;
    assert_eq!(sales.get(&at).await.status, StatusCode::NOT_FOUND);
}
