//! Undo and the bin on pages, without script: the button, the note after deleting, what stands in the way.

use axum::http::StatusCode;
use model::Locale;

use super::{colleague, on_sale, ordered, set_up};

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
