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

/// Hotels with a field `stars` that others work with.
async fn used(locale: Locale) -> (super::World, super::Browser) {
    let (world, mut browser) = set_up(locale).await;
    browser.post("/settings/modules", "label_ru=Гостиницы&label_en=Hotels&name=hotels").await;
    for form in [
        "label_ru=Звёзды&label_en=Stars&name=stars&type=number",
        "label_ru=Вдвое&label_en=Twice&name=twice&type=formula&expression=stars+*+2",
        "label_ru=Цена&label_en=Price&name=price&type=number&validation=price+>+stars",
    ] {
        let added = browser.post("/settings/modules/hotels/fields", form).await;
        assert_eq!(added.location(), "/settings/modules/hotels", "{}", added.text);
    }
    (world, browser)
}

#[tokio::test(flavor = "multi_thread")]
async fn who_works_with_a_field_is_told_before_it_is_retired() {
    for locale in Locale::ALL {
        let (_world, mut browser) = used(locale).await;
        let rule = "module=hotels&label_ru=Хорошие&label_en=Good&name=good&event=created&if=stars+>+3&then.0.do=set&then.0.fields=name+%3D+%22x%22";
        assert_eq!(browser.post("/settings/rules", rule).await.location(), "/settings/rules/good");
        let view = browser.post("/views", "module=hotels&name=Best&audience=all&filter=stars+>+4").await;
        assert_eq!(view.status, StatusCode::SEE_OTHER, "{}", view.text);
        let field = "/settings/modules/hotels/fields/stars";
        let page = browser.page(field).await;
        let uses = page.split_once("id=\"uses\"").unwrap().1.split("</section>").next().unwrap();
        for way in [
            "/settings/modules/hotels/fields/twice\"",
            "/settings/modules/hotels/fields/price\"",
            "/settings/rules/good\"",
            "/hotels?view=",
        ] {
            assert!(uses.contains(&format!("href=\"{way}")), "{way} in {uses}");
        }
        let listed = browser.page("/settings/modules/leads/fields/company").await;
        assert!(listed.contains("href=\"/settings/modules/leads#layout\""), "{listed}");
        let hidden = browser.page("/settings/modules/tickets/fields/attendee_email").await;
        let uses = hidden.split_once("id=\"uses\"").unwrap().1;
        assert!(uses.contains("href=\"/settings/roles/door\""), "{uses}");
        // Refused, each thing in the way leads there.
        let refused = browser.post(field, "retired=true").await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        let note = refused.text.split_once("role=\"alert\"").unwrap().1.split("</div></div>").next().unwrap();
        assert!(note.contains("href=\"/settings/modules/hotels/fields/twice\""), "{note}");
        let unused = browser.page("/settings/modules/hotels/fields/twice").await;
        assert!(!unused.contains("href=\"/settings/rules/good\""));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_fields_of_a_module_have_two_labels() {
    for (locale, told) in [(Locale::Ru, "Так же называется другое поле"), (Locale::En, "has the same label")]
    {
        let (world, mut browser) = used(locale).await;
        let same = "label_ru=Звёзды&label_en=Class&name=class&type=number&rules=on";
        let refused = browser.post("/settings/modules/hotels/fields", same).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.text.contains(told) && refused.text.contains("hotels.stars.label"), "{}", refused.text);
        let renamed = browser.post("/settings/modules/hotels/fields/price", "label_ru=Стоимость&label_en=Stars").await;
        assert_eq!(renamed.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(renamed.text.contains(told), "{}", renamed.text);
        let definitions = world.web.app.workspace().knowledge().definitions;
        let hotels = definitions.module("hotels").unwrap();
        assert!(hotels.field("class").is_none() && hotels.field("price").unwrap().label.en == "Price");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn old_addresses_find_a_field_under_its_present_name() {
    let (_world, mut browser) = used(Locale::En).await;
    browser.post("/hotels/new", "name=Grand&stars=5&price=9").await.made();
    browser.post("/hotels/new", "name=Plain&stars=2&price=9").await.made();
    let renamed = browser
        .post("/settings/modules/hotels/fields/stars", "label_ru=Звёзды&label_en=Stars&name=rank&rules=on")
        .await;
    assert_eq!(renamed.location(), "/settings/modules/hotels", "{}", renamed.text);
    let page = browser.page("/hotels?filter=stars+%3E+3&sort=-stars&columns=name,stars").await;
    assert!(page.contains("Grand") && !page.contains("Plain"), "{page}");
    assert!(page.contains("filter=rank+%3E+3"), "its own links say the present name: {page}");
    assert!(!page.contains("role=\"alert\""));
    let unknown = browser.page("/hotels?filter=nothing+%3E+3").await;
    assert!(unknown.contains("role=\"alert\""), "what never was is a fault still");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_of_a_module_has_an_index_of_its_parts() {
    let (_world, mut browser) = set_up(Locale::En).await;
    let page = browser.page("/settings/modules/leads").await;
    let index = page.split_once("class=\"tabs parts\"").unwrap().1.split("</nav>").next().unwrap();
    for part in ["fields", "layout", "moves", "rules", "rights", "new-field", "properties"] {
        assert!(index.contains(&format!("href=\"#{part}\"")), "{index}");
        assert_eq!(page.matches(&format!("id=\"{part}\"")).count(), 1, "{part}");
    }
    assert!(page.contains("href=\"/settings/rules/quality_check_leads\""));
    assert!(page.contains("href=\"/settings/roles/salesperson\""));
}

/// Tables of settings are cards on a phone: each says so, and each cell what it is.
#[test]
fn tables_of_settings_are_cards_on_a_phone() {
    fn files(folder: &std::path::Path, into: &mut Vec<std::path::PathBuf>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() { files(&path, into) } else { into.push(path) }
        }
    }
    let mut all = Vec::new();
    files(std::path::Path::new("src/pages/settings"), &mut all);
    // Two or three narrow columns fit.
    let narrow = ["rehearsed.rs", "rehearsal.rs", "letters/one.rs", "mailboxes/one.rs", "lines/one.rs"];
    for file in all.iter().filter(|file| !narrow.iter().any(|name| file.ends_with(name))) {
        let text = std::fs::read_to_string(file).unwrap();
        for table in text.split("table.plain").skip(1) {
            assert!(table.starts_with(".as-cards"), "{}", file.display());
        }
    }
}
