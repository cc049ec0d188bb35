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
            "label_ru=Докладчики&label_en=Speakers&name=speakers&type=links&module=contacts",
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

        let mut speakers = Vec::new();
        for name in ["Anna", "Boris", "Vera"] {
            speakers.push(browser.post("/contacts/new", &format!("name={name}")).await.made());
        }
        let [anna, boris, vera] = &speakers[..] else { panic!() };
        let edit = format!("/hotels/{hotel}/edit?field=speakers");
        let form = browser.page(&edit).await;
        assert!(form.contains(&format!("name=\"speakers\" value=\"{anna}\">Anna")), "offered by name: {form}");
        assert!(!form.contains(&format!("value=\"{anna}\" checked")), "none is linked yet");
        browser.post(&edit, &format!("version=1&was.speakers=&speakers={vera}&speakers={anna}")).await;
        let record = browser.page(&format!("/hotels/{hotel}")).await;
        let link = |id: &str, name: &str| record.find(&format!("href=\"/contacts/{id}\">{name}</a>"));
        assert!(link(vera, "Vera").is_some() && link(vera, "Vera") < link(anna, "Anna"), "{record}");
        let form = browser.page(&edit).await;
        let ticked = |id: &str| form.find(&format!("value=\"{id}\" checked"));
        assert!(ticked(vera) < ticked(anna) && ticked(vera).is_some() && ticked(boris).is_none());
        let other = browser.page(&format!("/contacts/{vera}")).await;
        assert!(other.contains(&format!("href=\"/hotels/{hotel}\"")), "seen from the other side");
        let found = browser.get("/hotels?field=speakers&operator=is&value=Vera").await;
        let address = found.location().to_owned();
        assert!(browser.page(&address).await.contains("Балтия"), "{address}");
        let found = browser.get("/hotels?field=speakers&operator=is&value=Boris").await;
        let address = found.location().to_owned();
        assert!(!browser.page(&address).await.contains("Балтия"), "{address}");

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
