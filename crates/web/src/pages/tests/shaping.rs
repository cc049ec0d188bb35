//! Settings → Modules: a module and its fields made, changed and retired by forms, and lived in by the other pages.

use axum::http::StatusCode;
use model::Locale;

use super::{colleague, set_up};

#[tokio::test(flavor = "multi_thread")]
async fn a_module_is_made_by_forms_and_lived_in() {
    for locale in Locale::ALL {
        let (world, mut browser) = set_up(locale).await;
        assert!(browser.page("/settings/modules").await.contains("href=\"/settings/modules/leads\""));
        let made = browser.post("/settings/modules", "label_ru=Гостиницы&label_en=Hotels&name=hotels").await;
        assert_eq!(made.location(), "/settings/modules/hotels", "{}", made.text);
        for form in [
            "label_ru=Звёзды&label_en=Stars&name=stars&type=number&module=leads&options=&expression=",
            "label_ru=Питание&label_en=Board&name=board&type=choice&options=full+=+Full+board%0D%0Abreakfast",
            "label_ru=Мероприятие&label_en=&name=event&type=link&module=events&required=on",
            "label_ru=Вдвое&label_en=Twice&name=twice&type=formula&expression=stars+*+2",
        ] {
            let added = browser.post("/settings/modules/hotels/fields", form).await;
            assert_eq!(added.location(), "/settings/modules/hotels", "{}", added.text);
        }
        let page = browser.page("/settings/modules/hotels").await;
        assert!(["stars", "board", "event", "twice"].iter().all(|name| page.contains(&format!("<code>{name}</code>"))));

        let event = browser.post("/events/new", "name=Spring&slug=spring&starts_on=2099-04-13").await.made();
        let form = format!("name=Балтия&stars=4&board=full&event={event}");
        let hotel = browser.post("/hotels/new", &form).await.made();
        let list = browser.page("/hotels").await;
        assert!(list.contains("Балтия") && list.contains("href=\"/hotels\""), "the list and the menu");
        let record = browser.page(&format!("/hotels/{hotel}")).await;
        assert!(record.contains("Full board") && record.contains('8'), "a choice and a formula");

        let field = "/settings/modules/hotels/fields/stars";
        let renamed = browser.post(field, "label_ru=Класс&label_en=Class&rules=on&required=on").await;
        assert_eq!(renamed.location(), "/settings/modules/hotels", "{}", renamed.text);
        let shown = browser.page(&format!("/hotels/{hotel}")).await;
        assert!(shown.contains(if locale == Locale::Ru { "Класс" } else { "Class" }));
        let refused = browser.post(field, "retired=true").await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "a formula needs it");
        assert!(refused.text.contains("role=\"alert\"") && refused.text.contains("twice"));
        let board = "/settings/modules/hotels/fields/board";
        browser.post(board, "retired=true").await;
        assert!(!browser.page(&format!("/hotels/{hotel}")).await.contains("Full board"));
        browser.post(board, "retired=false").await;
        assert!(browser.page(&format!("/hotels/{hotel}")).await.contains("Full board"));
        browser.post("/settings/modules/hotels", "retired=true").await;
        assert_eq!(browser.get("/hotels").await.status, StatusCode::NOT_FOUND);
        assert!(browser.page("/settings/modules/hotels").await.contains("retired"));

        let taken = browser.post("/settings/modules", "label_ru=Лиды&label_en=&name=leads").await;
        assert_eq!(taken.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(taken.text.contains("value=\"Лиды\""), "what was typed is kept");
        let mut other = colleague(&world, "salesperson").await;
        assert_eq!(other.get("/settings/modules").await.status, StatusCode::FORBIDDEN);
        assert_eq!(other.post("/settings/modules", "label_ru=x&name=x").await.status, StatusCode::FORBIDDEN);
    }
}
