//! Lists: filters, pages, order, search, the bin, what a role may see.

use axum::http::StatusCode;
use model::Locale;

use super::{colleague, set_up};

#[tokio::test(flavor = "multi_thread")]
async fn every_module_has_a_list_and_a_form_in_both_languages() {
    for locale in Locale::ALL {
        let (world, mut browser) = set_up(locale).await;
        let definitions = world.web.app.workspace().knowledge().definitions;
        for module in definitions.modules() {
            let page = browser.page(&format!("/{}", module.name)).await;
            assert!(page.contains(module.label.get(locale)), "{}", module.name);
            if page.contains("data-new") {
                browser.page(&format!("/{}/new", module.name)).await;
            }
        }
        browser.page("/search?q=nothing").await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn filters_are_built_shown_and_taken_away() {
    let (_world, mut browser) = set_up(Locale::En).await;
    browser.post("/leads/new", "name=Anna+Hot&readiness=hot&email=anna@example.org").await.made();
    browser.post("/leads/new", "name=Boris+Cold&readiness=cold").await.made();
    let built = browser.get("/leads?field=name&operator=contains&value=anna&sort=name").await;
    assert_eq!(built.location(), "/leads?filter=name.contains%28%22anna%22%29&sort=name");
    let page = browser.page(built.location()).await;
    assert!(page.contains("Anna Hot") && !page.contains("Boris Cold"));
    assert!(page.contains("<b>anna</b>") && page.contains("contains"), "a chip");
    assert!(page.contains("name.contains(&quot;anna&quot;)"), "the expression is shown");
    assert!(page.contains("href=\"/leads?sort=name\""), "the chip can be taken away");
    let wrong = browser.get("/leads?filter=nonsense+==+1").await;
    assert_eq!(wrong.status, StatusCode::OK);
    assert!(wrong.text.contains("nonsense == 1") && wrong.text.contains("role=\"alert\""));
    let found = browser.page("/search?q=bor").await;
    assert!(found.contains("<mark>Boris</mark> Cold") && !found.contains("Hot</a>"), "{found}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_found_says_what_it_is_and_where_it_says_what_was_asked() {
    for locale in Locale::ALL {
        let (world, mut browser) = set_up(locale).await;
        let need = "long+ago+".repeat(20);
        let lead =
            format!("name=Anna&email=anna@wall.example&phone=%2B79211234567&need={need}a+glass+wall+at+the+door");
        browser.post("/leads/new", &lead).await.made();
        let row = |page: &str| page.split("<tbody>").nth(1).unwrap().split("</tbody>").next().unwrap().to_owned();
        let (kind, place) =
            if locale == Locale::Ru { ("Лид", ["Имя", "Телефон"]) } else { ("Lead", ["Name", "Phone"]) };
        let named = row(&browser.page("/search?q=ann").await);
        assert!(named.contains("<mark>Anna</mark></a>") && named.contains(kind), "{named}");
        assert!(!named.contains(place[0]), "what is seen anyway is not told again: {named}");
        let inside = row(&browser.page("/search?q=glass").await);
        assert!(inside.contains("…") && inside.contains("a <mark>glass</mark> wall at the door"), "{inside}");
        let number = row(&browser.page("/search?q=89211234567").await);
        assert!(number.contains(&format!("{}: </span>", place[1])), "{number}");

        // Whoever does not see the record learns nothing of it.
        let mut seller = colleague(&world, "salesperson").await;
        assert!(!seller.page("/search?q=glass").await.contains("<mark>glass</mark>"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_follow_each_other_and_lead_back() {
    let (_world, mut browser) = set_up(Locale::En).await;
    for number in 0..55 {
        browser.post("/leads/new", &format!("name=Lead+{number:02}")).await.made();
    }
    let first = browser.page("/leads?sort=name").await;
    assert!(first.contains("1–50 of 55") && first.contains("Lead 00") && !first.contains("Lead 50"));
    let next = link(&first, "rel=\"next\"");
    let second = browser.page(&next).await;
    assert!(second.contains("51–55 of 55") && second.contains("Lead 54") && !second.contains("Lead 49"));
    assert_eq!(link(&second, "rel=\"prev\""), "/leads?sort=name");
}

#[tokio::test(flavor = "multi_thread")]
async fn roles_see_their_own() {
    let (world, mut administrator) = set_up(Locale::En).await;
    administrator.post("/leads/new", "name=Secret+Lead&email=secret@example.org").await.made();
    let me = administrator.page("/leads").await;
    assert!(me.contains("Secret Lead"));
    let mut door = colleague(&world, "door").await;
    assert_eq!(door.get("/leads").await.status, StatusCode::NOT_FOUND);
    assert!(!door.page("/search?q=secret").await.contains("<mark>Secret</mark> Lead"));
    assert!(administrator.page("/search?q=secret").await.contains("<mark>Secret</mark> Lead"));
    let mut seller = colleague(&world, "salesperson").await;
    let page = seller.page("/leads").await;
    assert!(!page.contains("Secret Lead"), "it has another owner");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_bin_gives_back() {
    let (_world, mut browser) = set_up(Locale::En).await;
    let id = browser.post("/leads/new", "name=Anna").await.made();
    let deleted = browser.post(&format!("/leads/{id}/delete"), "").await;
    assert!(deleted.location().starts_with("/leads?done="), "where it can be undone");
    assert!(!browser.page("/leads").await.contains(">Anna<"));
    assert!(browser.page("/leads?deleted=true").await.contains(">Anna<"));
    assert!(browser.page(&format!("/leads/{id}")).await.contains("in the bin"));
    browser.post(&format!("/leads/{id}/restore"), "").await;
    assert!(browser.page("/leads").await.contains(">Anna<"));
}

/// The address of the link with this mark.
fn link(page: &str, mark: &str) -> String {
    let end = page.find(mark).unwrap_or_else(|| panic!("no {mark} in {page}"));
    let start = page[..end].rfind("href=\"").unwrap() + 6;
    page[start..].split('"').next().unwrap().replace("&amp;", "&")
}

#[tokio::test(flavor = "multi_thread")]
async fn filters_name_records_by_their_titles() {
    let (world, mut browser) = set_up(Locale::Ru).await;
    let (event, kind) = super::on_sale(&mut browser).await;
    super::ordered(&world, &kind).await;
    let built = browser.get("/orders?field=event&operator=is&value=javaвесна").await;
    assert!(built.location().contains(&event), "{}", built.text);
    let page = browser.page(built.location()).await;
    assert!(page.contains("<b>JavaВесна</b>") && page.contains("Пётр Ли"));
    let unknown = browser.get("/orders?field=event&operator=is&value=JavaЛето").await;
    assert_eq!(unknown.status, StatusCode::OK);
    assert!(unknown.text.contains("«JavaЛето» не найдено"));
    let attention = browser.get("/orders?field=needs_attention&operator=is&value=нет").await;
    assert_eq!(attention.location(), "/orders?filter=needs_attention+%21%3D+true");
    let page = browser.page(attention.location()).await;
    assert!(page.contains("Пётр Ли") && page.contains("<b>Нет</b>"), "the chip says no");
}
