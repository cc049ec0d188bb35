//! Lists people live in: saved views, columns, groups and totals, cells that are changed in their place, acts on many.

use axum::http::StatusCode;
use model::Locale;

use super::browser::Browser;
use super::{colleague, set_up, toast};

const PARTIAL: [(&str, &str); 2] = [("hx-request", "true"), ("sec-fetch-site", "same-origin")];

async fn lead(browser: &mut Browser, form: &str) -> String {
    browser.post("/leads/new", form).await.made()
}

/// Names of the columns of a list, in their order.
fn columns(page: &str) -> Vec<String> {
    let head = page.split("<thead>").nth(1).and_then(|rest| rest.split("</thead>").next()).unwrap_or_default();
    let plain = |cell: &str| {
        let mut text = String::new();
        let mut is_tag = false;
        for character in cell.split("</th>").next().unwrap_or_default().chars() {
            match character {
                '<' => is_tag = true,
                '>' => is_tag = false,
                other if !is_tag => text.push(other),
                _ => {}
            }
        }
        text
    };
    let cells = head.split("<th").skip(1).filter_map(|cell| cell.split_once('>')).map(|(_, cell)| plain(cell));
    cells.filter(|text| !text.is_empty()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_view_is_kept_shown_changed_and_removed() {
    let (world, mut browser) = set_up(Locale::En).await;
    lead(&mut browser, "name=Anna+Hot&readiness=hot&phone=%2B79161234567").await;
    lead(&mut browser, "name=Boris+Cold&readiness=cold").await;
    let form = "module=leads&name=Hot+ones&audience=all&filter=readiness+==+%22hot%22&sort=-name&columns=name,phone";
    let kept = browser.post("/views", form).await;
    let address = kept.location().to_owned();
    assert!(address.starts_with("/leads?view="), "{}", kept.text);
    let page = browser.page(&address).await;
    assert!(page.contains("Anna Hot") && !page.contains("Boris Cold"));
    assert_eq!(columns(&page), ["Name", "Phone"]);
    assert!(page.contains("<title>Hot ones") && page.contains("class=\"of-module\""), "the menu has it");
    assert!(page.contains("aria-sort=\"descending\""));
    // What is taken away from a view is said so in the address.
    let without = format!("{address}&filter=");
    let page = browser.page(&without).await;
    assert!(page.contains("Boris Cold") && page.contains("The list differs from the saved view."));
    let id = address.split("view=").nth(1).unwrap().to_owned();
    let saved = browser.post(&format!("/views/{id}"), "module=leads&name=Everybody&audience=all&sort=-name").await;
    assert_eq!(saved.location(), address);
    assert!(browser.page(&address).await.contains("Boris Cold"));

    let mut seller = colleague(&world, "head_of_sales").await;
    let page = seller.page(&address).await;
    assert!(page.contains("Everybody") && !page.contains(&format!("action=\"/views/{id}\"")), "seen, not changed");
    assert_eq!(seller.post(&format!("/views/{id}"), "do=remove").await.status, StatusCode::FORBIDDEN);
    let private = seller.post("/views", "module=leads&name=Own&audience=private").await.location().to_owned();
    assert_eq!(browser.get(&private).await.status, StatusCode::NOT_FOUND);
    let mut door = colleague(&world, "door").await;
    assert_eq!(door.get(&address).await.status, StatusCode::NOT_FOUND);

    assert_eq!(browser.post(&format!("/views/{id}"), "do=remove").await.location(), "/leads");
    assert_eq!(browser.get(&address).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test(flavor = "multi_thread")]
async fn columns_are_chosen_ordered_and_given_back_without_script() {
    let (_world, mut browser) = set_up(Locale::En).await;
    lead(&mut browser, "name=Anna").await;
    let chosen = browser.get("/leads?choose=columns&column=phone&column=source&column=owner&sort=name").await;
    assert_eq!(chosen.location(), "/leads?sort=name&columns=name%2Cphone%2Csource%2Cowner");
    assert_eq!(columns(&browser.page(chosen.location()).await), ["Name", "Phone", "Source", "Owner"]);
    let moved = browser.get("/leads?choose=columns&column=phone&column=source&column=owner&up=source").await;
    assert_eq!(moved.location(), "/leads?columns=name%2Csource%2Cphone%2Cowner&open=columns");
    assert!(browser.page(moved.location()).await.contains("<details class=\"menu wide\" open>"), "one goes on there");
    let first = browser.get("/leads?choose=columns&column=phone&column=source&up=phone").await;
    assert_eq!(first.location(), "/leads?columns=name%2Cphone%2Csource&open=columns");
    let down = browser.get("/leads?choose=columns&column=phone&column=source&down=phone").await;
    assert_eq!(down.location(), "/leads?columns=name%2Csource%2Cphone&open=columns");
    let reset = browser.get("/leads?choose=columns&column=phone&reset=true&sort=name").await;
    assert_eq!(reset.location(), "/leads?sort=name");
    let odd = browser.page("/leads?columns=phone,nothing,phone,token").await;
    assert_eq!(columns(&odd), ["Name", "Phone"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn groups_have_heads_and_the_list_has_totals() {
    let (_world, mut browser) = set_up(Locale::En).await;
    for (name, amount, pipeline) in
        [("A", "100", "sponsorship"), ("B", "250.50", "sponsorship"), ("C", "40", "general")]
    {
        browser.post("/deals/new", &format!("name={name}&amount={amount}&pipeline={pipeline}")).await.made();
    }
    let page = browser.page("/deals?group=pipeline&columns=name,amount,pipeline&sort=name").await;
    assert_eq!(page.matches("<tr class=\"group\">").count(), 2, "{page}");
    let text = page.replace('\u{a0}', " ");
    assert!(text.contains("350.50") && text.contains("390.50"), "of the group and of all: {text}");
    assert!(text.contains("130.17") && text.contains("2 records") && text.contains("3 records"), "{text}");
    // What goes on in a group that the page before began has no head of its own, and its groups are not counted again.
    let more = "/deals?group=pipeline&columns=name,amount&sort=name&rows=true&after=%22sponsorship%22";
    let rows = browser.send(axum::http::Method::GET, more, axum::body::Body::empty(), &PARTIAL).await.text;
    assert!(rows.matches("<tr class=\"group\">").count() >= 1 && rows.contains("record"), "{rows}");
    let wrong = browser.page("/deals?group=name").await;
    assert!(wrong.contains("role=\"alert\"") && wrong.contains("cannot be grouped"), "{wrong}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cell_is_changed_in_its_place_and_a_refusal_stays_in_it() {
    let (_world, mut browser) = set_up(Locale::Ru).await;
    let id = lead(&mut browser, "name=Анна&company=Вектор").await;
    let page = browser.page("/leads").await;
    assert!(page.contains("data-cells=\"/leads\"") && page.contains("data-field=\"company\""));
    assert!(!page.contains("data-field=\"status\""), "the process moves it");
    let address = format!("/leads/{id}/edit?field=company&cell=true");
    let control = browser.send(axum::http::Method::GET, &address, axum::body::Body::empty(), &PARTIAL).await.text;
    assert!(control.starts_with("<td class=\"edit ") && control.contains("value=\"Вектор\""), "{control}");
    let saved = browser.post_with(&address, "version=1&was.company=Вектор&company=Ядро", &PARTIAL).await;
    assert!(
        saved.text.starts_with("<td") && saved.text.contains("Ядро") && saved.text.contains("data-field=\"company\"")
    );
    let told = toast(saved.headers["hx-trigger"].to_str().unwrap());
    let undo = told["toast"]["undo"]["href"].as_str().unwrap().to_owned();
    let mail = format!("/leads/{id}/edit?field=email&cell=true");
    let refused = browser.post_with(&mail, "version=2&was.email=&email=не+почта", &PARTIAL).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text.starts_with("<td class=\"edit ") && refused.text.contains("value=\"не почта\""));
    assert!(refused.text.contains("Проверьте адрес почты"), "{}", refused.text);
    assert_eq!(browser.post(&undo, "next=/leads").await.location(), "/leads");
    assert!(browser.page("/leads").await.contains("Вектор"));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_ticked_is_changed_together_and_taken_back_together() {
    let (_world, mut browser) = set_up(Locale::En).await;
    let anna = lead(&mut browser, "name=Anna&source=Call").await;
    let boris = lead(&mut browser, "name=Boris").await;
    lead(&mut browser, "name=Clara").await;
    let picked = format!("bulk.in=sort%3Dname&bulk.pick={anna}&bulk.pick={boris}");
    let which = browser.post("/leads/bulk", &format!("{picked}&bulk.do=set")).await.text;
    assert!(which.contains("2 records are picked.") && which.contains("<option value=\"source\">"), "{which}");
    let what = browser.post("/leads/bulk", &format!("{picked}&bulk.do=set&bulk.field=source")).await.text;
    assert!(what.contains("name=\"source\"") && what.contains("name=\"bulk.sure\""), "{what}");
    let form = format!("{picked}&bulk.do=set&bulk.field=email&bulk.sure=true&email=nonsense");
    let wrong = browser.post("/leads/bulk", &form).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.text.contains("value=\"nonsense\"") && wrong.text.contains("id=\"email-error\""), "{}", wrong.text);

    let form = format!("{picked}&bulk.do=set&bulk.field=source&bulk.sure=true&source=Fair");
    let done = browser.post("/leads/bulk", &form).await.location().to_owned();
    assert!(done.starts_with("/leads?sort=name&done=") && done.ends_with("&many=2"), "{done}");
    let page = browser.page(&done).await;
    assert!(page.contains("2 records changed") && page.matches(">Fair<").count() == 2, "{page}");
    let set = done.split("done=").nth(1).unwrap().split('&').next().unwrap();
    browser.post(&format!("/undo/{set}"), "next=/leads").await;
    let page = browser.page("/leads").await;
    assert!(page.contains(">Call<") && !page.contains(">Fair<"), "one change set, taken back whole");

    let empty = format!("{picked}&bulk.do=set&bulk.field=source&bulk.sure=true&source=");
    let asked = browser.post("/leads/bulk", &empty).await;
    assert!(asked.text.contains("in 2 records?") && asked.text.contains("name=\"bulk.clear\""), "{}", asked.text);
    assert!(browser.page("/leads").await.contains(">Call<"), "a box that was passed over clears nothing");
    let cleared = browser.post("/leads/bulk", &format!("{empty}&bulk.clear=true")).await.location().to_owned();
    assert!(cleared.contains("done=") && !browser.page(&cleared).await.contains(">Call<"), "{cleared}");
    let set = cleared.split("done=").nth(1).unwrap().split('&').next().unwrap();
    browser.post(&format!("/undo/{set}"), "next=/leads").await;

    let moved = format!("{picked}&bulk.do=move&bulk.move=contact");
    let moved = browser.post("/leads/bulk", &moved).await.location().to_owned();
    assert!(moved.ends_with("&many=2"), "{moved}");
    let again = browser.post("/leads/bulk", &format!("{picked}&bulk.do=move&bulk.move=contact")).await;
    assert_eq!(again.status, StatusCode::OK);
    assert!(again.text.contains("Refused: 2") && again.text.contains("Anna: "), "{}", again.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn all_that_a_list_finds_goes_by_its_filter_and_comes_back_by_one_press() {
    let (world, mut browser) = set_up(Locale::Ru).await;
    let make = |work: &mut store::Work<'_>| {
        for number in 0..620 {
            let readiness = if number < 610 { "hot" } else { "cold" };
            work.create("leads", store::Draft::new().set("name", format!("Лид {number}")).set("readiness", readiness))?;
        }
        Ok(())
    };
    let workspace = world.web.app.workspace();
    workspace.write(model::Actor::System("test"), store::Origin::from("command"), make).await.unwrap();
    let picked = "bulk.in=filter%3Dreadiness%2B%253D%253D%2B%2522hot%2522&bulk.all=true&bulk.do=delete";
    let asked = browser.post("/leads/bulk", picked).await.text;
    assert!(asked.contains("Выбрано 610 записей"), "{asked}");
    let done = browser.post("/leads/bulk", &format!("{picked}&bulk.sure=true")).await.location().to_owned();
    let set = done.split("done=").nth(1).unwrap().split('&').next().unwrap();
    let one: model::Id = set.parse().unwrap();
    let read = move |work: &mut store::Work<'_>| work.change_set_changes(one, 0, 1_000);
    let written = workspace.read(model::Actor::System("test"), read).await.unwrap();
    assert_eq!(written.changes.len(), 610, "one change set, though two turns of the database");
    let left = browser.page("/leads").await;
    assert!(left.contains("Лид 619") && !left.contains(">Лид 609<") && left.contains("1–10"), "only what was found");
    browser.post(&format!("/undo/{set}"), "next=/leads").await;
    assert!(browser.page("/leads").await.contains("620"));
    let nothing = browser.post("/leads/bulk", "bulk.in=&bulk.do=delete").await.text;
    assert!(nothing.contains("Ни одна запись не выбрана"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_is_a_table_for_spreadsheets_to_whoever_may_export() {
    let (world, mut browser) = set_up(Locale::En).await;
    let make = |work: &mut store::Work<'_>| {
        for number in 0..1_003 {
            work.create("leads", store::Draft::new().set("name", format!("Lead {number:04}")))?;
        }
        work.create("leads", store::Draft::new().set("name", "=HYPERLINK(\"x\")"))?;
        let amount = model::Money::parse("-1500.50", model::Currency::parse("RUB").unwrap()).unwrap();
        work.as_process(|work| work.create("payments", store::Draft::new().set("amount", amount)))?;
        Ok(())
    };
    let workspace = world.web.app.workspace();
    workspace.write(model::Actor::System("test"), store::Origin::from("command"), make).await.unwrap();
    let page = browser.page("/leads?sort=name&columns=name,status").await;
    let address = page.split("href=\"/export/leads").nth(1).and_then(|rest| rest.split('"').next()).unwrap();
    let table = browser.page(&format!("/export/leads{}", address.replace("&amp;", "&"))).await;
    let lines: Vec<&str> = table.split("\r\n").collect();
    assert_eq!((lines.len(), lines[0], lines[1006 - 1]), (1_006, "\u{feff}\"Name\",\"Status\"", ""), "{}", lines[0]);
    assert_eq!((lines[1], lines[2]), ("\"'=HYPERLINK(\"\"x\"\")\",\"New\"", "\"Lead 0000\",\"New\""));
    assert_eq!(lines[1_004], "\"Lead 1002\",\"New\"", "all pages, in order");
    let narrow = browser.page("/export/leads?filter=name+%3D%3D+%22Lead+0007%22").await;
    assert_eq!(narrow.split("\r\n").count(), 3, "{narrow}");
    assert_eq!(browser.get("/export/leads?filter=nonsense").await.status, StatusCode::BAD_REQUEST);
    let money = browser.page("/export/payments?columns=amount").await;
    assert_eq!(money, "\u{feff}\"Amount\",\"Amount, Currency\"\r\n-1500.50,\"RUB\"\r\n");

    let mut door = colleague(&world, "door").await;
    assert_eq!(door.get("/export/leads").await.status, StatusCode::NOT_FOUND);
    let mut seller = colleague(&world, "salesperson").await;
    assert!(!seller.page("/leads").await.contains("/export/"));
    assert_eq!(seller.get("/export/leads").await.status, StatusCode::FORBIDDEN);
}

#[tokio::test(flavor = "multi_thread")]
async fn many_are_changed_only_as_far_as_rights_go() {
    let (world, mut browser) = set_up(Locale::En).await;
    let id = lead(&mut browser, "name=Anna").await;
    let mut seller = colleague(&world, "salesperson").await;
    let form = format!("bulk.in=&bulk.pick={id}&bulk.do=set&bulk.field=source&bulk.sure=true&source=Mine");
    seller.post("/leads/bulk", &form).await;
    assert!(!browser.page("/leads").await.contains(">Mine<"), "it has another owner");
    let mut door = colleague(&world, "door").await;
    assert_eq!(door.post("/leads/bulk", &form).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test(flavor = "multi_thread")]
async fn rows_come_in_behind_those_before_them() {
    let (_world, mut browser) = set_up(Locale::En).await;
    for number in 0..53 {
        lead(&mut browser, &format!("name=Lead+{number:02}")).await;
    }
    let page = browser.page("/leads?sort=name").await;
    let more = page.split("class=\"more\" hx-get=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap();
    let address = more.replace("&amp;", "&");
    let rows = browser.send(axum::http::Method::GET, &address, axum::body::Body::empty(), &PARTIAL).await.text;
    assert!(rows.starts_with("<tr data-id=") && rows.contains("Lead 52") && !rows.contains("Lead 49"), "{rows}");
    assert!(!rows.contains("class=\"more\""), "that was all");
}

#[tokio::test(flavor = "multi_thread")]
async fn one_act_on_many_records_waits_for_the_other() {
    let (world, mut browser) = set_up(Locale::En).await;
    let id = lead(&mut browser, "name=Anna").await;
    let page = browser.page("/leads").await;
    let me = page.split("data-me=\"").nth(1).unwrap().split('"').next().unwrap().parse().unwrap();
    let form = format!("bulk.in=&bulk.pick={id}&bulk.do=delete");
    let alone = world.web.acting.begin(me, 1);
    let refused = browser.post_with("/leads/bulk", &form, &PARTIAL).await;
    assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS);
    assert!(refused.text.contains("still running"), "{}", refused.text);
    assert!(browser.page("/leads").await.contains("Anna"));
    drop(alone);
    browser.post("/leads/bulk", &form).await;
    assert!(!browser.page("/leads").await.contains(&format!("href=\"/leads/{id}\"")));
}
