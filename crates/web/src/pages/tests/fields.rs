//! The form of a field with everything that can be said of it, the layout of a module, what stages require.

use axum::http::StatusCode;
use model::{Field, Locale, Module};

use super::{World, set_up};

const HOTELS: &str = "/settings/modules/hotels";

fn module(world: &World, name: &str) -> Module {
    Module::clone(world.web.app.workspace().knowledge().definitions.module(name).unwrap())
}

fn field(world: &World, of: &str, name: &str) -> Field {
    module(world, of).field(name).unwrap().clone()
}

async fn hotels(locale: Locale) -> (World, super::Browser) {
    let (world, mut browser) = set_up(locale).await;
    browser.post("/settings/modules", "label_ru=Гостиницы&label_en=Hotels&name=hotels").await;
    (world, browser)
}

#[tokio::test(flavor = "multi_thread")]
async fn everything_of_a_field_is_said_in_the_form() {
    for locale in Locale::ALL {
        let (world, mut browser) = hotels(locale).await;
        let page = browser.page(HOTELS).await;
        assert!(["data-for=\"decimal\"", "id=\"measure\"", "option.2.value"].iter().all(|part| page.contains(part)));
        let fields = format!("{HOTELS}/fields");
        for form in [
            "label_ru=Цена&label_en=Price&name=price&type=decimal&scale=3&min=1&max=900&rules=on&index=on&default=7,5&help_ru=За+ночь&help_en=&expression=&module=leads",
            "label_ru=Номер&label_en=Number&name=number&type=text&rules=on&unique=on&series=H-{n:04}",
            "label_ru=Питание&label_en=Board&name=board&type=choice&option.0.value=full&option.0.ru=Полное&option.0.en=Full&option.0.colour=good&option.1.value=&option.1.ru=&option.1.en=&option.1.colour=&option.2.value=none&option.2.ru=Нет&option.2.en=&option.2.colour=&options=half+=+Half",
            "label_ru=Метки&label_en=Words&name=words&type=multi_choice&open=on",
            "label_ru=Вид&label_en=Look&name=look&type=colour",
            "label_ru=Гостиница&label_en=Hotel&name=hotel&type=link&module=hotels",
            "label_ru=Филиалы&label_en=Branches&name=branches&type=roll_up&via=hotels.hotel&measure=count()&filter=",
        ] {
            let added = browser.post(&fields, form).await;
            assert_eq!(added.location(), HOTELS, "{form}: {}", added.text);
        }
        let price = field(&world, "hotels", "price");
        assert_eq!(
            (price.scale, price.min, price.max, price.index, price.required),
            (3, Some(1), Some(900), true, false)
        );
        assert_eq!(
            (price.default.unwrap().to_string(), price.help.unwrap().en),
            ("\"7.5\"".to_owned(), "За ночь".to_owned())
        );
        let board = field(&world, "hotels", "board");
        let options: Vec<_> = board.options.iter().map(|it| (&*it.value, &*it.label.en, &*it.colour)).collect();
        assert_eq!(options, [("full", "Full", "good"), ("none", "Нет", ""), ("half", "Half", "")]);
        assert!(field(&world, "hotels", "words").open);
        let hotel = browser.post("/hotels/new", "name=Балтия&board=full").await.made();
        assert!(browser.page(&format!("/hotels/{hotel}")).await.contains("H-0001"), "numbered");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_expression_is_told_with_its_place_and_nothing_typed_is_lost() {
    let (world, mut browser) = hotels(Locale::En).await;
    let form = "label_ru=Звёзды&label_en=Stars&name=stars&type=number&rules=on&validation=stars+>+nothing&max=5";
    let refused = browser.post(&format!("{HOTELS}/fields"), form).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        refused.text.contains("id=\"validation-error\"") && refused.text.contains("at character 9"),
        "{}",
        refused.text
    );
    assert!(refused.text.contains("stars &gt; nothing") && refused.text.contains("value=\"Stars\""));
    assert!(module(&world, "hotels").field("stars").is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn rows_move_without_being_saved_and_a_change_is_told_before_it_is_made() {
    let (world, mut browser) = hotels(Locale::En).await;
    let fields = format!("{HOTELS}/fields");
    browser.post(&fields, "label_ru=П&label_en=Board&name=board&type=choice&options=a%0D%0Ab%0D%0Ac").await;
    browser.post("/hotels/new", "name=One").await.made();
    browser.post("/hotels/new", "name=Two&board=b").await.made();
    let at = format!("{fields}/board");
    let rows = "label_ru=П&label_en=Board&rules=on&option.0.value=a&option.1.value=b&option.2.value=c";
    let moved = browser.post(&at, &format!("{rows}&down=0")).await;
    assert_eq!(moved.status, StatusCode::OK);
    let place = |value: &str| moved.text.find(&format!("value=\"{value}\" aria-label")).unwrap();
    assert!(place("b") < place("a") && place("a") < place("c"));
    let values =
        |world: &World| field(world, "hotels", "board").options.iter().map(|it| it.value.clone()).collect::<String>();
    assert_eq!(values(&world), "abc", "nothing is saved yet");
    let told = browser.post(&at, &format!("{rows}&required=on&dry_run=yes")).await;
    assert_eq!(told.status, StatusCode::OK);
    assert!(
        told.text.contains("It concerns 2 records.") && told.text.contains("In 1 record the required field"),
        "{}",
        told.text
    );
    assert!(!field(&world, "hotels", "board").required);
    let swapped =
        rows.replace("0.value=a", "0.value=x").replace("1.value=b", "1.value=a").replace("0.value=x", "0.value=b");
    assert_eq!(browser.post(&at, &swapped).await.location(), HOTELS);
    assert_eq!(values(&world), "bac");
    let renamed = browser.post(&at, &format!("{swapped}&name=meals")).await;
    assert_eq!(renamed.location(), HOTELS, "{}", renamed.text);
    assert_eq!(field(&world, "hotels", "meals").formerly, ["board"]);
    let theirs = browser.page("/settings/modules/leads/fields/need").await;
    assert!(!theirs.contains("id=\"name\""), "a pack's field keeps its name");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_changed_is_not_said_in_the_own_pack() {
    let (world, mut browser) = set_up(Locale::En).await;
    let need = field(&world, "leads", "need");
    let form = format!("label_ru={}&label_en={}&rules=on&stages=on", need.label.ru, need.label.en);
    assert_eq!(browser.post("/settings/modules/leads/fields/need", &form).await.location(), "/settings/modules/leads");
    assert_eq!(world.web.app.workspace().knowledge().definitions.pack_version("own"), None);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stage_asks_for_what_it_requires() {
    let (world, mut browser) = set_up(Locale::En).await;
    let source = field(&world, "leads", "source");
    let page = browser.page("/settings/modules/leads/fields/source").await;
    assert!(page.contains("name=\"required_at\" value=\"contacted\"") && !page.contains("value=\"contacted\" checked"));
    let form =
        format!("label_ru={}&label_en={}&rules=on&stages=on&required_at=contacted", source.label.ru, source.label.en);
    browser.post("/settings/modules/leads/fields/source", &form).await;
    assert_eq!(field(&world, "leads", "source").required_at, ["contacted"]);
    let page = browser.page("/settings/modules/leads/fields/source").await;
    assert!(page.contains("value=\"contacted\" checked"));
    let definitions = world.web.app.workspace().knowledge().definitions;
    let step = definitions.process("leads").unwrap().transitions.iter().find(|step| step.to == "contacted").unwrap();
    assert!(step.asks.contains(&"source".to_owned()));
    let page = browser.page("/settings/modules/leads").await;
    assert!(page.contains("href=\"/settings/modules/leads/fields/source\""), "the table of moves leads there");
    let lead = browser.post("/leads/new", "name=Anna").await.made();
    let refused = browser.post(&format!("/leads/{lead}/transitions/{}", step.name), "").await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", refused.text);
    assert!(refused.text.contains("name=\"source\""), "the move asks for it");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_layout_is_moved_on_the_screen_and_saved_for_all() {
    let (world, mut browser) = set_up(Locale::En).await;
    let leads = module(&world, "leads");
    let at = "/settings/modules/leads/layout";
    let page = browser.page("/settings/modules/leads").await;
    assert!(page.contains("name=\"place.need\"") && page.contains("name=\"group.0.ru\""));
    let places = |first: &str| {
        let others = leads.fields.iter().filter(|field| !field.secret && field.name != first && field.name != "name");
        let rest: String = others.map(|field| format!("&place.{}=", field.name)).collect();
        format!("layout=on&group.0.ru=Главное&group.0.en=Main&place.{first}=0&place.name=0{rest}&place.owner=")
    };
    let lists = "&column=name&column=need&search=name&subtitle=email";
    let drawn = browser.post(at, &format!("{}{lists}&do=field-down:need", places("need"))).await;
    assert_eq!(drawn.status, StatusCode::OK);
    let place = |name: &str| drawn.text.find(&format!("name=\"place.{name}\"")).unwrap();
    assert!(place("name") < place("need"), "moved on the screen");
    assert_eq!(module(&world, "leads").groups, leads.groups, "and not saved");
    let saved = browser.post(at, &format!("{}{lists}", places("need"))).await;
    assert_eq!(saved.location(), "/settings/modules/leads", "{}", saved.text);
    let now = module(&world, "leads");
    let groups: Vec<_> = now.groups.iter().map(|group| (&*group.label.en, group.fields.join(" "))).collect();
    assert_eq!(groups, [("Main", "need name".to_owned())]);
    assert_eq!(
        (now.columns.join(" "), now.search.join(" "), now.subtitle),
        ("name need".to_owned(), "name".to_owned(), Some("email".to_owned()))
    );
    let lead = browser.post("/leads/new", "name=Anna&need=tickets").await.made();
    assert!(browser.page(&format!("/leads/{lead}")).await.contains("Main"));
    assert!(browser.page("/settings/modules/leads").await.contains("value=\"reset\""));
    assert_eq!(browser.post(at, "layout=on&do=reset").await.location(), "/settings/modules/leads");
    let back = module(&world, "leads");
    assert_eq!((back.groups, back.columns, back.search), (leads.groups, leads.columns, leads.search));
    let mut seller = super::colleague(&world, "salesperson").await;
    assert_eq!(seller.post(at, &places("need")).await.status, StatusCode::FORBIDDEN);
}
