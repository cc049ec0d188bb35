//! Processes drawn: how many records stand where, the way of one record, and who sees what of it.

use axum::http::StatusCode;
use model::Locale;

use super::{colleague, on_sale, ordered, set_up};
use crate::ui::Words;

#[tokio::test(flavor = "multi_thread")]
async fn every_process_is_drawn_in_both_languages() {
    for locale in Locale::ALL {
        let (world, mut browser) = set_up(locale).await;
        let definitions = world.web.app.workspace().knowledge().definitions;
        for process in definitions.processes() {
            let page = browser.page(&format!("/processes/{}", process.module)).await;
            for state in &process.states {
                assert!(page.contains(state.label.get(locale)), "{}: {}", process.name, state.name);
            }
            assert_eq!(page.matches("role=\"img\"").count(), 2, "for a screen and for a phone: {}", process.name);
            assert!(!page.contains(&locale.say("drawn-findings")), "nothing is wrong with {}", process.name);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn states_are_counted_and_lead_to_their_records() {
    let (world, mut browser) = set_up(Locale::En).await;
    let lead = browser.post("/leads/new", "name=Anna+Hot").await.made();
    browser.post("/leads/new", "name=Boris+Cold").await.made();
    browser.post(&format!("/leads/{lead}/transitions/contact"), "").await;
    let page = browser.page("/processes/leads").await;
    let filter = "/leads?filter=status+%3D%3D+%22contacted%22";
    assert!(page.contains(&format!("href=\"{filter}\"")), "{page}");
    let list = browser.page(filter).await;
    assert!(list.contains("Anna Hot") && !list.contains("Boris Cold"));
    assert!(page.contains("the last 1 move of 90 days"), "{page}");
    let mut seller = colleague(&world, "salesperson").await;
    let page = seller.page("/processes/leads").await;
    assert!(!page.contains("/leads?filter=status"), "they have no leads: {page}");
    assert!(page.contains("none changed its stage"), "{page}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_process_is_found_from_list_record_palette_and_settings() {
    let (world, mut browser) = set_up(Locale::Ru).await;
    let lead = browser.post("/leads/new", "name=Анна").await.made();
    let link = "href=\"/processes/leads\"";
    for path in ["/leads", "/leads?as=board", "/search/palette", "/settings/modules/leads"] {
        assert!(browser.page(path).await.contains(link), "{path}");
    }
    let way = format!("href=\"/processes/leads?record={lead}\"");
    assert!(browser.page(&format!("/leads/{lead}")).await.contains(&way));
    assert!(!browser.page("/accounts").await.contains("/processes/accounts"), "clients have no process");
    let mut door = colleague(&world, "door").await;
    let palette = door.page("/search/palette").await;
    assert!(palette.contains("/processes/tickets") && !palette.contains(link), "{palette}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_way_of_a_record_is_drawn_step_by_step() {
    let (world, mut browser) = set_up(Locale::En).await;
    let lead = browser.post("/leads/new", "name=Anna+<b>Hot</b>").await.made();
    for name in ["contact", "disqualify", "reopen"] {
        let moved = browser.post(&format!("/leads/{lead}/transitions/{name}"), "").await;
        assert_eq!(moved.status, StatusCode::SEE_OTHER, "{name}: {}", moved.text);
    }
    let page = browser.page(&format!("/processes/leads?record={lead}")).await;
    assert!(page.contains("Anna &lt;b&gt;Hot") && !page.contains("<b>Hot"), "{page}");
    let steps = page.split("<tbody>").nth(1).unwrap().split("</tbody>").next().unwrap();
    let places: Vec<_> = ["New", "Contacted", "Disqualified", "New"].iter().zip([0, 1, 2, 3]).collect();
    for (label, index) in places {
        assert!(steps.split("<tr>").nth(index + 1).unwrap().contains(label), "{index}: {steps}");
    }
    assert_eq!(steps.matches("here now").count(), 1);
    // In each of the two pictures.
    for (mark, count) in [("state here", 2), ("state gone", 4), ("way gone", 6)] {
        assert_eq!(page.matches(mark).count(), count, "{mark}: {page}");
    }
    let open = page.split("What can be done now").nth(1).unwrap();
    assert!(open.contains("Contacted") && !open.contains("Reopen"), "{open}");
    let mut seller = colleague(&world, "salesperson").await;
    assert_eq!(seller.get(&format!("/processes/leads?record={lead}")).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_order_waits_by_its_clock() {
    let (world, mut browser) = set_up(Locale::Ru).await;
    let (_, kind) = on_sale(&mut browser).await;
    ordered(&world, &kind).await;
    let page = browser.page("/processes/orders").await;
    assert!(page.contains("таймер: 1 день") && page.contains("class=\"clock\""), "{page}");
    assert!(page.contains("Отказ от новой цены") && page.contains("выполняется сам"), "{page}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_there_is_not_drawn() {
    let (world, mut browser) = set_up(Locale::Ru).await;
    let lead = browser.post("/leads/new", "name=Анна").await.made();
    let nowhere = [
        "/processes/accounts",
        "/processes/nothing",
        "/processes/leads?record=x",
        "/processes/leads?record=%22%3E%3Czz",
    ];
    for path in nowhere {
        assert_eq!(browser.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
    }
    let other = format!("/processes/orders?record={lead}");
    assert_eq!(browser.get(&other).await.status, StatusCode::NOT_FOUND, "a record of another module");
    let mut door = colleague(&world, "door").await;
    assert_eq!(door.get("/processes/leads").await.status, StatusCode::NOT_FOUND);
}
