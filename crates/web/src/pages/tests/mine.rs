//! What everybody sets for themselves by the pages, without script: widths of columns, the order of the menu; and an act
//! on many records that is watched and stopped.

use std::time::Duration;

use axum::http::StatusCode;
use model::Locale;
use serde_json::{Value, json};

use super::browser::Browser;
use super::{World, colleague, set_up};

const PARTIAL: [(&str, &str); 2] = [("hx-request", "true"), ("sec-fetch-site", "same-origin")];

/// Whether the table of a list has widths, and what stands in it for a column.
fn width(page: &str, column: &str) -> Option<String> {
    let rest = page.split(&format!("<col data-column=\"{column}\"")).nth(1).unwrap();
    let width = rest.split('>').next().unwrap().split("width=\"").nth(1)?;
    Some(width.split('"').next().unwrap().to_owned())
}

#[tokio::test(flavor = "multi_thread")]
async fn columns_have_the_widths_that_their_user_gave_them() {
    let (world, mut browser) = set_up(Locale::En).await;
    browser.post("/leads/new", "name=Anna").await.made();
    let plain = browser.page("/leads").await;
    assert!(plain.contains("<colgroup data-widths=\"/leads/widths\">") && plain.contains("<table class=\"grid\""));
    assert_eq!(width(&plain, "name"), None);

    let kept = browser.post_with("/leads/widths", "widths=name:300,phone:10,nothing:90,email:x&view=", &PARTIAL).await;
    assert_eq!((kept.status, kept.text.as_str()), (StatusCode::NO_CONTENT, ""));
    let page = browser.page("/leads").await;
    assert!(page.contains("<table class=\"grid sized\""), "the page comes with them");
    assert_eq!((width(&page, "name"), width(&page, "phone")), (Some("300".to_owned()), Some("48".to_owned())));
    assert_eq!(width(&page, "company"), Some("168".to_owned()), "and the others with what is usual");
    let view = browser.post("/views", "module=leads&name=Mine&audience=all&sort=name").await.location().to_owned();
    let id = view.split("view=").nth(1).unwrap();
    let page = browser.page(&view).await;
    assert!(page.contains(&format!("data-view=\"{id}\"")) && !page.contains("grid sized"), "a view has its own");
    let mut seller = colleague(&world, "head_of_sales").await;
    assert!(!seller.page("/leads").await.contains("grid sized"), "and so has everybody");

    // The buttons of the form, which carries the list along.
    let form = "choose=columns&column=phone&sort=name";
    let wider = browser.post("/leads/widths", &format!("{form}&wider=name")).await.location().to_owned();
    assert_eq!(wider, "/leads?sort=name&columns=name%2Cphone&open=columns");
    let page = browser.page(&wider).await;
    assert_eq!((width(&page, "name"), width(&page, "phone")), (Some("324".to_owned()), Some("48".to_owned())));
    browser.post("/leads/widths", &format!("{form}&narrower=phone")).await;
    let page = browser.page("/leads").await;
    assert_eq!(width(&page, "phone"), Some("48".to_owned()), "no narrower than can be used");
    let of_view = browser.post("/leads/widths", &format!("view={id}&narrower=company")).await.location().to_owned();
    assert_eq!(of_view, format!("{view}&open=columns"));
    assert_eq!(width(&browser.page(&view).await, "company"), Some("144".to_owned()));
    assert_eq!(width(&browser.page("/leads").await, "company"), Some("168".to_owned()));
    let fit = browser.post("/leads/widths", "fit=true").await.location().to_owned();
    assert_eq!(fit, "/leads?open=columns");
    assert!(!browser.page("/leads").await.contains("grid sized") && browser.page(&view).await.contains("grid sized"));

    assert_eq!(browser.post("/nothing/widths", "fit=true").await.status, StatusCode::NOT_FOUND);
    let mut door = colleague(&world, "door").await;
    assert_eq!(door.post("/leads/widths", "fit=true").await.status, StatusCode::NOT_FOUND);
    let gone = browser.post("/deals/widths", &format!("view={id}&fit=true")).await;
    assert_eq!(gone.status, StatusCode::NOT_FOUND, "a view of another module");
}

/// The modules in the side bar.
fn menu(page: &str) -> Vec<String> {
    let nav = page.split("class=\"side-menu\"").nth(1).and_then(|rest| rest.split("</nav>").next()).unwrap();
    let names = nav.split("<a href=\"/").skip(1).filter_map(|rest| rest.split('"').next());
    names.filter(|name| !name.contains(['/', '?'])).map(str::to_owned).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_menu_stands_as_its_user_likes_it() {
    let (world, mut browser) = set_up(Locale::Ru).await;
    let before = menu(&browser.page("/leads").await);
    let at = before.iter().position(|name| name == "leads").unwrap();
    assert!(at > 0 && before.len() > 5, "{before:?}");
    let page = browser.page("/me/menu").await;
    assert!(page.contains("Порядок меню") && page.contains("id=\"menu-leads\"") && !page.contains("Вернуть обычный"));

    assert_eq!(browser.post("/me/menu", "carried=&to=&up=leads").await.location(), "/me/menu#menu-leads");
    let mut wanted = before.clone();
    wanted.swap(at - 1, at);
    assert_eq!(menu(&browser.page("/deals").await), wanted, "on every page");
    let (first, last) = (wanted[0].clone(), wanted[wanted.len() - 1].clone());
    browser.post("/me/menu", &format!("carried={last}&to={first}")).await;
    wanted.rotate_right(1);
    assert_eq!(menu(&browser.page("/leads").await), wanted);

    browser.post("/me/menu", "carried=&to=&hide=contacts").await;
    let shown = menu(&browser.page("/contacts").await);
    wanted.retain(|name| name != "contacts");
    assert_eq!(shown, wanted, "left out, and its page is there");
    let page = browser.page("/me/menu").await;
    assert!(page.contains("name=\"show\" value=\"contacts\"") && page.contains("Вернуть обычный порядок"));
    let mut head = colleague(&world, "head_of_sales").await;
    assert!(menu(&head.page("/leads").await).contains(&"contacts".to_owned()), "nobody else's");
    browser.post("/me/menu", "carried=&to=&show=contacts").await;
    assert!(menu(&browser.page("/leads").await).contains(&"contacts".to_owned()));

    assert_eq!(browser.post("/me/menu", "up=%2F%2Fevil").await.location(), "/me/menu");
    assert_eq!(browser.post("/me/menu", "reset=true").await.location(), "/me/menu");
    assert_eq!(menu(&browser.page("/leads").await), before);
    let mut stranger = Browser::new(&world, Locale::Ru);
    assert!(stranger.post("/me/menu", "reset=true").await.location().starts_with("/sign-in"));
}

async fn leads(world: &World, count: usize) {
    let make = move |work: &mut store::Work<'_>| {
        for number in 0..count {
            work.create("leads", store::Draft::new().set("name", format!("Lead {number}")))?;
        }
        Ok(())
    };
    let workspace = world.web.app.workspace();
    workspace.write(model::Actor::System("test"), store::Origin::from("command"), make).await.unwrap();
}

/// What is heard of an act on many, asked until it is of this kind.
async fn heard(browser: &mut Browser, kind: &str) -> Value {
    for _ in 0..5_000 {
        let told = browser.get("/me/act").await;
        let told: Value = serde_json::from_str(&told.text).unwrap_or_default();
        if !told[kind].is_null() {
            return told[kind].clone();
        }
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
    panic!("nothing was heard of {kind}")
}

#[tokio::test(flavor = "multi_thread")]
async fn the_end_of_an_act_that_was_left_is_told_once_with_the_way_back() {
    let (world, mut browser) = set_up(Locale::En).await;
    leads(&world, 1_200).await;
    let mut other = Browser::new(&world, Locale::En);
    other.cookies.clone_from(&browser.cookies);
    let act = browser.post("/leads/bulk", "bulk.in=&bulk.all=true&bulk.do=delete&bulk.sure=true");
    // Whoever goes away is not answered any more.
    tokio::select! {
        _ = act => panic!("it ended at once"),
        _ = heard(&mut other, "all") => {}
    }
    let (left, told) = ("data-acting=\"true\"", "data-acting=\"false\"");
    assert!(other.page("/deals").await.contains(left), "the next page knows");
    let ended = heard(&mut other, "ended").await;
    assert_eq!((&ended["text"], &ended["tone"]), (&json!("1,200 records moved to the bin"), &json!("good")));
    assert_eq!(other.get("/me/act").await.status, StatusCode::NO_CONTENT, "once");
    assert!(other.page("/deals").await.contains(told));
    let back = other.post(ended["undo"]["href"].as_str().unwrap(), "next=/leads").await;
    assert_eq!(back.location(), "/leads", "{}", back.text);
    assert!(!other.page("/leads?deleted=true").await.contains("Lead 1199"));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_act_on_many_is_watched_and_stopped_between_its_turns() {
    let (world, mut browser) = set_up(Locale::En).await;
    leads(&world, 2_000).await;
    assert_eq!(browser.get("/me/act").await.status, StatusCode::NO_CONTENT, "nothing is under way");
    let mut other = Browser::new(&world, Locale::En);
    other.cookies.clone_from(&browser.cookies);
    let mut seller = colleague(&world, "salesperson").await;

    let act = browser.post("/leads/bulk", "bulk.in=&bulk.all=true&bulk.do=delete&bulk.sure=true");
    let watch = async {
        for _ in 0..2_000 {
            let told = other.get("/me/act").await;
            if told.status == StatusCode::OK {
                let seen: Value = serde_json::from_str(&told.text).unwrap();
                assert_eq!(seller.get("/me/act").await.status, StatusCode::NO_CONTENT, "everybody sees their own");
                assert_eq!(other.post("/me/act/stop", "").await.status, StatusCode::NO_CONTENT);
                return seen;
            }
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
        Value::Null
    };
    let (told, seen) = tokio::join!(act, watch);
    assert_eq!(seen["all"], json!(2_000));
    assert_eq!(told.status, StatusCode::OK);
    assert!(told.text.contains("You stopped it") && told.text.contains("href=\"/leads?done="), "{}", told.text);
    let (gone, left) = (browser.page("/leads?deleted=true").await, browser.page("/leads").await);
    assert!(gone.contains("Lead 1999") && left.contains("Lead "), "some went, some stayed");
    assert_eq!(browser.get("/me/act").await.status, StatusCode::NO_CONTENT);
}
