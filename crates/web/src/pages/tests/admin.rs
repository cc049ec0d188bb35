//! What an administrator shapes besides fields: a module as a whole; and forms of the settings that lose nothing.

use axum::http::StatusCode;
use model::Locale;

use super::set_up;

#[tokio::test(flavor = "multi_thread")]
async fn a_module_is_asked_for_its_looks_its_owners_and_what_it_belongs_to() {
    for locale in Locale::ALL {
        let (world, mut browser) = set_up(locale).await;
        let [one, explained, none] = if locale == Locale::Ru {
            ["Гостиница", "Тогда роли могут открывать «свои» записи", "Без значка"]
        } else {
            ["Hotel", "Then roles can open “own” records", "No icon"]
        };
        let form = browser.page("/settings/modules").await;
        assert!(form.contains(explained) && form.contains(&format!("aria-label=\"{none}\"")), "{form}");
        let made = "label_ru=Гостиницы&label_en=Hotels&one_ru=Гостиница&one_en=Hotel&name=hotels&icon=building-2\
                    &asks_menu=yes&menu=on&owners=on&belongs_to=events";
        let made = browser.post("/settings/modules", made).await;
        assert_eq!(made.location(), "/settings/modules/hotels", "{}", made.text);
        let known = |name: &str| world.web.app.workspace().knowledge().definitions.module(name).cloned();
        let hotels = known("hotels").unwrap();
        assert_eq!((hotels.owners, hotels.belongs_to.as_deref(), hotels.menu), (true, Some("event"), true));
        let link = hotels.field("event").unwrap();
        assert_eq!((link.module.as_deref(), link.label.get(Locale::Ru)), (Some("events"), "Мероприятие"));
        let form = browser.page("/hotels/new").await;
        assert!(form.contains(one) && form.contains("name=\"owner\"") && form.contains("name=\"event\""), "{form}");
        assert!(form.contains(&format!("href=\"{}\"", assets::icon::BUILDING_2)), "its icon stands in the menu");

        browser.post("/settings/modules", "label_ru=Рейсы&label_en=Flights&name=flights&asks_menu=yes").await;
        let flights = known("flights").unwrap();
        assert_eq!((flights.menu, flights.owners, flights.belongs_to.as_deref()), (false, false, None));
        assert_eq!(flights.one.get(Locale::En), "Flights", "without a singular it is called as the module");

        let at = "/settings/modules/hotels";
        let other = "label_ru=Отели&label_en=Hotels&one_ru=Отель&one_en=Hotel&icon=star&menu=on";
        assert_eq!(browser.post(at, other).await.location(), at);
        let hotels = known("hotels").unwrap();
        assert_eq!(
            (hotels.one.ru.as_str(), hotels.label.ru.as_str(), hotels.icon.as_str()),
            ("Отель", "Отели", "star")
        );
        assert!(hotels.owners && hotels.belongs_to.is_some(), "what the form does not ask stays");
        let page = browser.page(at).await;
        assert!(page.contains("name=\"icon\" value=\"star\" checked"), "{page}");
        let of_pack = "label_ru=Лиды&label_en=Leads&one_ru=Заявка&one_en=Request&icon=inbox&menu=on";
        assert_eq!(browser.post("/settings/modules/leads", of_pack).await.location(), "/settings/modules/leads");
        assert_eq!(known("leads").unwrap().one.ru, "Заявка", "also of a module that a pack defines");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn refusals_are_told_in_the_reader_s_words() {
    for locale in Locale::ALL {
        let (_world, mut browser) = set_up(locale).await;
        let [taken, reserved] = if locale == Locale::Ru {
            ["Это имя занято сейчас или было занято раньше", "Это слово занято самой программой"]
        } else {
            ["This name is taken, or was", "The program itself uses this word"]
        };
        for (name, words) in [("leads", taken), ("undo", reserved)] {
            let form = format!("label_ru=Другие&label_en=&name={name}&one_ru=Другой&owners=on&icon=star");
            let refused = browser.post("/settings/modules", &form).await;
            assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
            let text = &refused.text;
            assert!(text.contains("id=\"name-error\"") && text.contains(words), "{text}");
            assert!(text.contains("href=\"#name\""), "the fault leads to its control");
            assert!(!text.contains("there is or was") && !text.contains("a word of the API"), "{text}");
            assert!(
                text.contains("value=\"Другой\"") && text.contains("value=\"star\" checked"),
                "what was typed stays"
            );
        }
        let role = browser.post("/settings/roles", "label_ru=Стажёр&name=salesperson").await;
        assert!(role.text.contains("id=\"name-error\"") && role.text.contains(taken), "{}", role.text);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_typed_into_a_form_is_guarded() {
    let (_world, mut browser) = set_up(Locale::En).await;
    for (page, form) in [
        ("/settings/users", "new-user"),
        ("/settings/teams", "new-team"),
        ("/settings/roles", "new-role"),
        ("/settings/modules", "new-module"),
        ("/settings/modules/leads", "module"),
        ("/leads", "new-view"),
        ("/me", "me"),
    ] {
        assert!(browser.page(page).await.contains(&format!("id=\"{form}\" data-guard")), "{page}");
    }
    let passwords = browser.page("/me").await;
    assert!(!passwords.contains("id=\"new-password\" data-guard"), "passwords are kept nowhere");
}
