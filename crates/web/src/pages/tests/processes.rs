//! Settings → Processes: an administrator adds a stage and a required field to the pipeline of sponsorship and changes how
//! long orders wait, by forms; records on their way obey.

use axum::http::StatusCode;
use model::Locale;

use super::{colleague, on_sale, ordered, set_up};

const DEALS: &str = "/settings/processes/deals";
const ORDERS: &str = "/settings/processes/orders";

#[tokio::test(flavor = "multi_thread")]
async fn a_stage_is_put_on_the_road_and_asks_for_its_field() {
    for locale in Locale::ALL {
        let (world, mut browser) = set_up(locale).await;
        let deal = browser.post("/deals/new", "name=Стенд&pipeline=sponsorship").await.made();
        let list = browser.page("/settings/processes").await;
        assert!(list.contains(&format!("href=\"{DEALS}\"")) && list.contains(&format!("href=\"{ORDERS}\"")));
        let form = "label_ru=Юристы&label_en=Lawyers&name=legal&colour=warn&phase=open&after=event&road=on";
        let planned = browser.post(&format!("{DEALS}/new-state"), &format!("{form}&dry_run=yes")).await;
        assert_eq!(planned.status, StatusCode::OK, "{}", planned.text);
        assert!(planned.text.contains("value=\"Юристы\""), "what was typed stands there still");
        assert!(!browser.page(DEALS).await.contains("states/legal"), "only planned");
        let added = browser.post(&format!("{DEALS}/new-state"), form).await;
        assert_eq!(added.location(), DEALS, "{}", added.text);
        let page = browser.page(DEALS).await;
        let place = |name: &str| page.find(&format!("{DEALS}/states/{name}\"")).unwrap_or_else(|| panic!("{name}"));
        assert!(place("event") < place("legal") && place("legal") < place("price"), "between the two");

        let field = "label_ru=Юрист&label_en=Lawyer&name=lawyer&type=text&rules=on&stages=on&required_at=legal";
        let added = browser.post("/settings/modules/deals/fields", field).await;
        assert_eq!(added.location(), "/settings/modules/deals", "{}", added.text);
        let state = browser.page(&format!("{DEALS}/states/legal")).await;
        assert!(state.contains("/settings/modules/deals/fields/lawyer"), "the stage tells what it requires");
        let advance = format!("/deals/{deal}/transitions/advance");
        let asked = browser.page(&advance).await;
        assert!(asked.contains("name=\"lawyer\""), "the record on its way is asked: {asked}");
        let event = browser.post("/events/new", "name=Spring&slug=spring&starts_on=2099-04-13").await.made();
        let refused = browser.post(&advance, &format!("event={event}&lawyer=")).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        browser.post(&advance, &format!("event={event}&lawyer=Вера")).await;
        let record = browser.page(&format!("/deals/{deal}")).await;
        let stage = if locale == Locale::Ru { "Юристы" } else { "Lawyers" };
        assert!(record.contains(&format!("aria-current=\"step\" title=\"{stage}\">")), "{record}");

        // From it one goes on, back, and out.
        for (name, to) in [("advance.legal", "price"), ("back.legal", "event")] {
            let step = browser.page(&format!("{DEALS}/moves/{name}")).await;
            assert!(step.contains(&format!("value=\"{to}\" selected")), "{name}: {step}");
        }
        let lose = browser.page(&format!("{DEALS}/moves/lose")).await;
        assert!(lose.contains("name=\"from\" value=\"legal\" checked"), "{lose}");

        // Retired, its record goes where is said.
        let retire = format!("{DEALS}/states/legal");
        let planned = browser.post(&retire, "retired=true&moves_to=price&dry_run=yes").await;
        assert!(planned.text.contains(stage) && planned.status == StatusCode::OK);
        let retired = browser.post(&retire, "retired=true&moves_to=price").await;
        assert_eq!(retired.location(), format!("{DEALS}?follow=1"), "{}", retired.text);
        world.web.app.run_due().await.unwrap();
        let record = browser.page(&format!("/deals/{deal}")).await;
        let price = if locale == Locale::Ru { "Переговоры о цене" } else { "Price negotiation" };
        assert!(record.contains(&format!("aria-current=\"step\" title=\"{price}\">")), "{record}");
        let taken = browser.post(&format!("{DEALS}/new-state"), form).await;
        assert_eq!(taken.status, StatusCode::UNPROCESSABLE_ENTITY, "the name is taken");

        let mut other = colleague(&world, "salesperson").await;
        for path in ["/settings/processes", DEALS, "/settings/processes/deals/moves/lose"] {
            assert_eq!(other.get(path).await.status, StatusCode::FORBIDDEN, "{path}");
        }
        assert_eq!(other.post(DEALS, "timer=x&after=1").await.status, StatusCode::FORBIDDEN);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stage_is_put_on_the_road_of_a_move_whose_name_was_alone() {
    let (_world, mut browser) = set_up(Locale::Ru).await;
    let form = "label_ru=Пробовали&label_en=Tried&name=tried&colour=warn&phase=open&after=new&road=on";
    let added = browser.post("/settings/processes/leads/new-state", form).await;
    assert_eq!(added.location(), "/settings/processes/leads", "{}", added.text);
    let lead = browser.post("/leads/new", "name=Anna").await.made();
    browser.post(&format!("/leads/{lead}/transitions/contact"), "").await;
    let record = browser.page(&format!("/leads/{lead}")).await;
    assert!(record.contains("aria-current=\"step\" title=\"Пробовали\">"), "{record}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_wait_of_orders_is_said_in_words() {
    for (locale, words, wrong) in [(Locale::Ru, "3 дня", "0 дней"), (Locale::En, "3 days", "soon")] {
        let (world, mut browser) = set_up(locale).await;
        let (_, kind) = on_sale(&mut browser).await;
        ordered(&world, &kind).await;
        let page = browser.page(ORDERS).await;
        assert!(page.contains(if locale == Locale::Ru { "value=\"1 день\"" } else { "value=\"1 day\"" }), "{page}");
        assert!(!page.contains("new-state"), "its stages are fixed");
        let form = |text: &str| format!("timer=payment_wait&after={}", text.replace(' ', "+"));
        let refused = browser.post(ORDERS, &form(wrong)).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.text.contains("aria-invalid=\"true\"") && refused.text.contains(&format!("value=\"{wrong}\"")));
        let planned = browser.post(ORDERS, &format!("{}&dry_run=yes", form(words))).await;
        assert_eq!(planned.status, StatusCode::OK);
        let saved = browser.post(ORDERS, &form(words)).await;
        assert_eq!(saved.location(), format!("{ORDERS}?follow=1"), "{}", saved.text);
        assert!(browser.page(ORDERS).await.contains(&format!("value=\"{words}\"")));
        let look = async || {
            let read = |work: &mut store::Work<'_>| {
                let orders = work.list("orders", &store::List { limit: 1, ..store::List::default() })?;
                let order = &orders.records[0];
                let at = |name: &str| order.get(name).as_instant().unwrap();
                Ok(at("next_check_at").duration_since(at("last_letter_at")).as_hours())
            };
            world.web.app.workspace().read(model::Actor::System("test"), read).await.unwrap()
        };
        assert_eq!(look().await, 24);
        world.web.app.run_due().await.unwrap();
        assert_eq!(look().await, 72, "who waits already waits as long");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_move_says_who_makes_it_on_what_condition() {
    let (world, mut browser) = set_up(Locale::En).await;
    let win = format!("{DEALS}/moves/win.closing.won");
    let form =
        "label_ru=Победа&label_en=Victory&from=closing&from=issued&to=won&by=roles&role=head_of_sales&guard=amount+==";
    let refused = browser.post(&win, form).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text.contains("id=\"guard-error\"") && refused.text.contains("amount =="), "{}", refused.text);
    let saved = browser.post(&win, &form.replace("amount+==", "has(amount)")).await;
    assert_eq!(saved.location(), DEALS, "{}", saved.text);
    let page = browser.page(DEALS).await;
    assert!(page.contains("Victory") && page.contains("<code>has(amount)</code>"), "{page}");
    let process = world.web.app.workspace().knowledge().definitions.process("deals").unwrap().clone();
    let step = process.addressed("win.closing.won").unwrap();
    assert_eq!(step.by, model::process::By::Roles(vec!["head_of_sales".to_owned()]));

    // Saved untouched, it says nothing in the workspace's own pack.
    let untouched = "label_ru=Отказ&label_en=Lost&from=event&from=price&from=documents&from=closing&from=request\
        &from=questionnaire&from=terms&from=invoiced&from=issued&to=lost&by=editor&guard=&asks=lost_reason";
    browser.post(&format!("{DEALS}/moves/lose"), untouched).await;
    let pack = world.web.app.workspace().packs().unwrap().into_iter().find(|pack| pack.manifest.name == "own").unwrap();
    let said = &pack.files["processes/deals.toml"];
    assert!(said.contains("win") && !said.contains("lost_reason") && !said.contains("questionnaire"), "{said}");

    let added = browser
        .post(&format!("{DEALS}/new-move"), "label_ru=Сразу&label_en=At+once&name=leap&from=event&to=closing&by=editor")
        .await;
    assert_eq!(added.location(), DEALS, "{}", added.text);
    let leap = format!("{DEALS}/moves/leap");
    assert!(browser.page(&leap).await.contains("value=\"closing\" selected"));
    browser.post(&leap, "retired=true").await;
    assert!(browser.page(DEALS).await.contains("retired"));
    browser.post(&leap, "removed=true").await;
    assert_eq!(browser.get(&leap).await.status, StatusCode::NOT_FOUND);
    let whole = browser.post(DEALS, "label_ru=Сделки&label_en=Deals&initial=price").await;
    assert_eq!(whole.location(), DEALS, "{}", whole.text);
    let deal = browser.post("/deals/new", "name=Stand&pipeline=sponsorship").await.made();
    assert!(
        browser.page(&format!("/deals/{deal}")).await.contains("aria-current=\"step\" title=\"Price negotiation\">")
    );
    let down = browser.post(DEALS, "down=event").await;
    assert_eq!(down.location(), DEALS);
    let process = world.web.app.workspace().knowledge().definitions.process("deals").unwrap().clone();
    assert_eq!((process.states[0].name.as_str(), process.states[1].name.as_str()), ("price", "event"));
    let made = browser.post("/settings/processes", "module=accounts&states=fresh+=+New%0D%0Aknown").await;
    assert_eq!(made.location(), "/settings/processes/accounts", "{}", made.text);
    assert!(browser.page("/settings/processes/accounts").await.contains("<code>fresh</code>"));
}

#[tokio::test(flavor = "multi_thread")]
async fn each_stage_shows_what_happens_there_by_itself_and_leads_to_more() {
    for locale in Locale::ALL {
        let (_world, mut browser) = set_up(locale).await;
        let page = browser.page(DEALS).await;
        assert!(
            page.contains("href=\"/settings/rules/quality_check_deals\""),
            "what acts on coming to the end: {page}"
        );
        for event in ["entered", "left", "stayed"] {
            let way = format!("/settings/rules/new?module=deals&amp;event={event}&amp;states=price");
            assert!(page.contains(&format!("href=\"{way}\"")), "{event}");
            let form = browser.page(&way.replace("&amp;", "&")).await;
            assert!(form.contains(&format!("value=\"{event}\" selected")), "{form}");
            assert!(form.contains("name=\"states\" value=\"price\" checked"), "{form}");
            assert!(!form.contains("name=\"states\" value=\"event\" checked"), "{form}");
        }
        let rule = "module=deals&label_ru=Долго&label_en=Long&name=long&event=stayed&states=price&after=P9D&then.0.do=notify&then.0.to=owner&active=true";
        let made = browser.post("/settings/rules", rule).await;
        assert_eq!(made.location(), "/settings/rules/long", "{}", made.text);
        let page = browser.page(DEALS).await;
        let days = if locale == Locale::Ru { "9 дней: " } else { "9 days: " };
        assert!(page.contains(&format!("{days}<a class=\"link\" href=\"/settings/rules/long\">")), "{page}");
        assert!(browser.page("/processes/deals").await.contains(days), "the picture shows it as well");
    }
}
