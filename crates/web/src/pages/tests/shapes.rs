//! Lists as boards, calendars and timelines: what they show to whom, and how records are moved in them.

use axum::body::Body;
use axum::http::{Method, StatusCode};
use model::Locale;
use serde_json::json;

use super::browser::{Answer, Browser};
use super::{colleague, set_up, toast};

const PARTIAL: [(&str, &str); 2] = [("hx-request", "true"), ("sec-fetch-site", "same-origin")];

async fn part(browser: &mut Browser, path: &str) -> String {
    let answer = browser.send(Method::GET, path, Body::empty(), &PARTIAL).await;
    assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.text);
    answer.text
}

/// What the script sends when a card or an event is put down.
async fn put(browser: &mut Browser, path: &str, form: &str) -> Answer {
    browser.post_with(path, form, &PARTIAL).await
}

async fn deal(browser: &mut Browser, name: &str, more: &str) -> String {
    browser.post("/deals/new", &format!("name={name}&pipeline=general{more}")).await.made()
}

/// The part of a page that is the column of a stage.
fn column<'p>(page: &'p str, stage: &str) -> &'p str {
    let start = page.find(&format!("id=\"col-{stage}\"")).unwrap_or_else(|| panic!("no column {stage} in {page}"));
    page[start..].split("</section>").next().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_list_has_the_shapes_that_make_sense() {
    for locale in Locale::ALL {
        let (world, mut browser) = set_up(locale).await;
        for module in world.web.app.workspace().knowledge().definitions.modules() {
            let page = browser.page(&format!("/{}", module.name)).await;
            for shape in ["board", "calendar", "timeline", "chart"] {
                let address = format!("/{}?as={shape}", module.name);
                let is_offered = page.contains(&format!("href=\"{address}\""));
                let shown = browser.page(&address).await;
                let mark = match shape {
                    "board" => "data-board",
                    "calendar" => "data-calendar",
                    "chart" => "data-chart",
                    _ => "calendar-bar",
                };
                assert_eq!(is_offered, shown.contains(mark), "{address}");
            }
        }
        let accounts = browser.page("/accounts").await;
        assert!(!accounts.contains("as=calendar"), "an account has no dates");
        for span in ["week", "day", "agenda"] {
            browser.page(&format!("/activities?as=calendar&span={span}&who=team")).await;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_chart_counts_sums_and_leads_to_the_records() {
    let (_world, mut browser) = set_up(Locale::En).await;
    deal(&mut browser, "Small", "&amount=100").await;
    deal(&mut browser, "Large", "&amount=300").await;
    deal(&mut browser, "Other", "&amount=40").await;
    let plain = |text: &str| text.replace('\u{a0}', " ");
    let counted = plain(&browser.page("/deals?as=chart").await);
    assert!(counted.contains("<td class=\"num\">3</td>"), "three at one stage: {counted}");
    let summed = plain(&browser.page("/deals?as=chart&by=amount").await);
    assert!(summed.contains("value=\"44000\" max=\"44000\"") && summed.contains(", EUR</caption>"), "{summed}");
    let owners = plain(&browser.page("/deals?as=chart&group=created_at.year").await);
    let inside = owners.split("<th scope=\"row\"><a href=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap();
    let inside = browser.page(&inside.replace("&amp;", "&")).await;
    assert!(["Small", "Large", "Other"].iter().all(|name| inside.contains(name)), "{inside}");
    let narrowed = browser.page("/deals?as=chart&q=nobody").await;
    assert!(narrowed.contains("There is nothing to draw here"), "{narrowed}");
    // What somebody may not see is no measure.
    let odd = browser.page("/deals?as=chart&by=nonsense").await;
    assert!(odd.contains("<td class=\"num\">3</td>"), "{odd}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_chart_is_kept_as_a_picture_and_by_whoever_may_export_as_a_table() {
    for locale in Locale::ALL {
        let (world, mut browser) = set_up(locale).await;
        deal(&mut browser, "Small", "&amount=100").await;
        deal(&mut browser, "Large", "&amount=300").await;
        let chart = "/deals?as=chart&by=amount";
        let page = browser.page(chart).await;
        let address = |kind: &str| format!("{chart}&save={kind}&picture=0");
        let link = |kind: &str| {
            let rest =
                page.split("href=\"").find(|rest| rest.contains(&format!("save={kind}&amp;picture=0\" download")));
            rest.map(|rest| rest.split('"').next().unwrap().replace("&amp;", "&"))
        };
        let picture = browser.get(&link("svg").unwrap()).await;
        assert_eq!(picture.headers["content-type"], "image/svg+xml");
        assert_eq!(picture.headers["content-disposition"], "attachment; filename=\"deals.svg\"");
        let svg = &picture.text;
        assert!(svg.starts_with("<svg xmlns=") && svg.contains("400"), "{svg}");
        assert!(!svg.contains("style=") && !svg.contains("<script"), "{svg}");
        let table = browser.get(&link("csv").unwrap()).await;
        assert_eq!(table.headers["content-type"], "text/csv; charset=utf-8");
        let lines: Vec<&str> = table.text.lines().collect();
        assert_eq!(lines.len(), 2, "{}", table.text);
        assert!(lines[1].ends_with(",400.00"), "{}", table.text);

        let mut seller = colleague(&world, "salesperson").await;
        deal(&mut seller, "Own", "&amount=5").await;
        let own = seller.page(chart).await;
        assert!(own.contains("save=svg") && !own.contains("save=csv"), "{own}");
        let picture = seller.page(&address("svg")).await;
        assert!(picture.contains("5") && !picture.contains("400"), "{picture}");
        assert_eq!(seller.get(&address("csv")).await.status, StatusCode::FORBIDDEN);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_board_counts_sums_and_keeps_what_the_list_was_narrowed_to() {
    let (_world, mut browser) = set_up(Locale::Ru).await;
    for (name, amount) in [("Ядро+спонсор", "100+000"), ("Ядро+стенд", "20+000,50"), ("Волга", "7+000")]
    {
        deal(&mut browser, name, &format!("&amount={amount}&readiness=hot&close_date=2020-01-01")).await;
    }
    let page = browser.page("/deals?as=board").await;
    let first = column(&page, "event");
    assert_eq!(first.matches("<article").count(), 3);
    assert!(first.contains("127\u{a0}000,50\u{a0}₽"), "{first}");
    assert!(first.contains("меньше дня") && first.contains("срок был 1 января 2020"), "{first}");
    assert!(column(&page, "won").contains("Пусто"));
    let narrowed = browser.page("/deals?as=board&q=ядро&filter=amount+%3E+%2250000%22").await;
    assert_eq!(narrowed.matches("<article").count(), 1);
    assert!(
        narrowed.contains("href=\"/deals?q=%D1%8F%D0%B4%D1%80%D0%BE&amp;as=board\""),
        "the chip goes, the board stays"
    );
    let by_heat = browser.page("/deals?as=board&by=readiness").await;
    assert_eq!(column(&by_heat, "hot").matches("<article").count(), 3);
    let alone = part(&mut browser, "/deals?as=board&stage=event&stage=won").await;
    assert!(!alone.contains("<main") && alone.matches("<section").count() == 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_long_column_goes_on_where_it_ended() {
    let (_world, mut browser) = set_up(Locale::En).await;
    for number in 0..53 {
        browser.post("/leads/new", &format!("name=Lead+{number:02}")).await.made();
    }
    let page = browser.page("/leads?as=board&sort=name").await;
    let column = column(&page, "new");
    assert!(column.matches("<article").count() == 50 && column.contains("Lead 49") && !column.contains("Lead 50"));
    assert!(
        column.contains("href=\"/leads?filter=status+%3D%3D+%22new%22&amp;sort=name\""),
        "without script: {column}"
    );
    let more = column.split("hx-get=\"").nth(1).unwrap().split('"').next().unwrap().replace("&amp;", "&");
    let rest = part(&mut browser, &more).await;
    assert!(rest.matches("<article").count() == 3 && rest.contains("Lead 50") && !rest.contains("<section"), "{rest}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_card_goes_where_its_process_lets_it() {
    let (_world, mut browser) = set_up(Locale::En).await;
    let lead = browser.post("/leads/new", "name=Anna&email=anna@example.org").await.made();
    let page = browser.page("/leads?as=board").await;
    assert!(page.contains("value=\"contacted\">Contacted<"), "its menu");
    let next = "next=%2Fleads%3Fas%3Dboard&by=status";
    let stage = format!("/leads/{lead}/stage");
    // Without script one comes back to the board; with it a message comes, and its way back.
    let moved = browser.post(&stage, &format!("{next}&to=contacted")).await;
    assert_eq!((moved.status, moved.location()), (StatusCode::SEE_OTHER, "/leads?as=board"));
    let back = put(&mut browser, &stage, &format!("{next}&to=new")).await;
    assert_eq!(back.status, StatusCode::CONFLICT);
    assert!(
        back.text.contains("Nothing goes from “Contacted” to “New”. From here: Qualified, Lost, Disqualified."),
        "{}",
        back.text
    );
    // What is an operation of its own shows its sheet; what only the process does is refused.
    let converts = put(&mut browser, &stage, &format!("{next}&to=converted")).await;
    assert_eq!(converts.location(), format!("/leads/{lead}/convert"));
    assert!(part(&mut browser, converts.location()).await.contains("<dialog"));
    let bad = json!({"source": "form", "module": "leads", "fields": {"name": "Petr", "email": "none"}}).to_string();
    let headers = [("content-type", "application/json"), ("sec-fetch-site", "same-origin")];
    let kept = browser.send(Method::POST, "/api/v1/intake", Body::from(bad), &headers).await.text;
    let kept: serde_json::Value = serde_json::from_str(&kept).unwrap();
    let kept = format!("/rejected_requests/{}/stage", kept["rejected"]["id"].as_str().unwrap());
    let process = put(&mut browser, &kept, "by=status&to=resubmitted").await;
    assert!(process.status == StatusCode::CONFLICT && process.text.contains("happens by itself"), "{}", process.text);
    // What asks for something shows its form, which leads back here.
    let asked = put(&mut browser, &stage, &format!("{next}&to=qualified")).await;
    let form = asked.location().to_owned();
    assert_eq!(form, format!("/leads/{lead}/transitions/qualify?next=%2Fleads%3Fas%3Dboard"));
    let dialog = part(&mut browser, &form).await;
    assert!(
        dialog.contains("<dialog") && dialog.contains("name=\"need\"") && dialog.contains("value=\"/leads?as=board\"")
    );
    let path = format!("/leads/{lead}/transitions/qualify");
    let short = put(&mut browser, &path, "next=%2Fleads%3Fas%3Dboard&company=&need=").await;
    assert!(short.status == StatusCode::UNPROCESSABLE_ENTITY && short.text.starts_with("<dialog"), "{}", short.text);
    let done = put(&mut browser, &path, "next=%2Fleads%3Fas%3Dboard&company=Volga&need=A+booth").await;
    assert_eq!(done.status, StatusCode::OK);
    let told = toast(done.headers["hx-trigger"].to_str().unwrap());
    let undo = told["toast"]["undo"]["href"].as_str().unwrap().to_owned();
    assert!(column(&browser.page("/leads?as=board").await, "qualified").contains("Anna"));
    browser.post(&undo, "next=%2Fleads").await;
    assert!(column(&browser.page("/leads?as=board").await, "contacted").contains("Anna"), "taken back");
    // Elsewhere nobody is led.
    let away = browser.post(&stage, "by=status&to=contacted&next=https%3A%2F%2Fevil.example").await;
    assert_eq!(away.location(), "/leads?as=board");
    let nonsense = put(&mut browser, &stage, "by=status&to=heaven").await;
    assert_eq!(nonsense.status, StatusCode::BAD_REQUEST);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_field_without_a_process_is_set() {
    let (_world, mut browser) = set_up(Locale::En).await;
    let lead = browser.post("/leads/new", "name=Anna&readiness=cold").await.made();
    let set = put(&mut browser, &format!("/leads/{lead}/stage"), "by=readiness&to=hot").await;
    let told = toast(set.headers["hx-trigger"].to_str().unwrap());
    assert_eq!(told["toast"]["text"], "“Anna”: Hot");
    let board = "/leads?as=board&by=readiness";
    assert!(column(&browser.page(board).await, "hot").contains("Anna"));
    put(&mut browser, &format!("/leads/{lead}/stage"), "by=readiness&to=").await;
    let page = browser.page(board).await;
    assert!(column(&page, "-").contains("Anna") && column(&page, "-").contains("Not filled in"), "nobody is lost");
}

#[tokio::test(flavor = "multi_thread")]
async fn shapes_show_what_their_reader_sees() {
    let (world, mut administrator) = set_up(Locale::En).await;
    let secret = deal(&mut administrator, "Undisclosed", "&amount=999+000&close_date=2026-12-01").await;
    let mut seller = colleague(&world, "salesperson").await;
    for shape in ["board", "calendar&on=2026-12-01", "timeline&on=2026-12-01"] {
        let address = format!("/deals?as={shape}");
        assert!(administrator.page(&address).await.contains("Undisclosed"), "{address}");
        let page = seller.page(&address).await;
        assert!(!page.contains("Undisclosed") && !page.contains("999,000"), "{address}");
    }
    for path in ["stage", "when"] {
        let moved = put(&mut seller, &format!("/deals/{secret}/{path}"), "by=stage&to=lost&at=2026-12-02").await;
        assert_eq!(moved.status, StatusCode::NOT_FOUND, "{path}");
    }
    let mut door = colleague(&world, "door").await;
    assert_eq!(door.get("/leads?as=board").await.status, StatusCode::NOT_FOUND);
}

/// The day of a month whose cell holds a text.
fn day_of(page: &str, text: &str) -> String {
    let end = page.find(text).unwrap_or_else(|| panic!("no {text} in {page}"));
    page[..end].rsplit("data-at=\"").next().unwrap().split('"').next().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_calendar_keeps_the_time_of_the_workspace() {
    let (_world, mut browser) = set_up(Locale::Ru).await;
    // Shortly after midnight in Moscow it is still the day before in London.
    let task = browser.post("/activities/new", "subject=Ночной+созвон&kind=task&due_at=2026-12-10T00:30").await.made();
    let month = "/activities?as=calendar&on=2026-12-01";
    let page = browser.page(month).await;
    assert_eq!(day_of(&page, "Ночной созвон"), "2026-12-10");
    assert!(page.contains("href=\"/activities/new?due_at=2026-12-11T10%3A00\""), "a day is chosen to begin something");
    assert!(browser.page("/activities/new?due_at=2026-12-11T10%3A00").await.contains("value=\"2026-12-11T10:00\""));
    let when = format!("/activities/{task}/when");
    let moved = put(&mut browser, &when, "at=2026-12-15").await;
    assert_eq!(moved.status, StatusCode::OK, "{}", moved.text);
    let page = browser.page(month).await;
    assert_eq!(day_of(&page, "Ночной созвон"), "2026-12-15");
    assert!(page.contains("<time>00:30</time>"), "a day keeps the hour");
    put(&mut browser, &when, "at=2026-12-16T14:00").await;
    let week = browser.page("/activities?as=calendar&span=week&on=2026-12-16").await;
    assert_eq!(day_of(&week, "Ночной созвон"), "2026-12-16T14:00");
    assert!(week.contains("<time>14:30</time>"), "an hour keeps the minutes");
    assert!(!browser.page("/activities?as=calendar&on=2026-11-01").await.contains("Ночной созвон"));
    let nonsense = put(&mut browser, &when, "at=someday").await;
    assert_eq!(nonsense.status, StatusCode::BAD_REQUEST);
    let page = browser.post(&when, &format!("at=2026-12-17&next={}", "%2Factivities%3Fas%3Dcalendar")).await;
    assert_eq!(page.location(), "/activities?as=calendar");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_promised_call_is_moved_with_its_reason() {
    let (_world, mut browser) = set_up(Locale::En).await;
    let call = browser.post("/activities/new", "subject=Call+Olga&kind=call&due_at=2026-12-10T12:00").await.made();
    let when = format!("/activities/{call}/when");
    let asked = put(&mut browser, &when, "at=2026-12-11&next=%2Factivities%3Fas%3Dcalendar").await;
    assert_eq!(asked.status, StatusCode::SEE_OTHER);
    let form = part(&mut browser, asked.location()).await;
    assert!(form.contains("name=\"result_reason\"") && !form.contains("name=\"due_at\""), "{form}");
    let empty = put(&mut browser, &when, "at=2026-12-11&asked=yes&result_reason=").await;
    assert!(
        empty.status == StatusCode::UNPROCESSABLE_ENTITY && empty.text.contains("result_reason-error"),
        "{}",
        empty.text
    );
    let month = "/activities?as=calendar&on=2026-12-01";
    assert_eq!(day_of(&browser.page(month).await, "Call Olga"), "2026-12-10", "nothing is half done");
    let done = put(&mut browser, &when, "at=2026-12-11&asked=yes&result_reason=Olga+is+ill").await;
    assert_eq!(done.status, StatusCode::OK, "{}", done.text);
    assert_eq!(day_of(&browser.page(month).await, "Call Olga"), "2026-12-11");
    assert!(browser.page(&format!("/activities/{call}")).await.contains("Olga is ill"));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_lasts_is_moved_whole_and_drawn_over_its_days() {
    let (_world, mut browser) = set_up(Locale::En).await;
    let event = "name=RustConf&slug=rust&kind=conference&status=draft&starts_on=2026-12-14&ends_on=2026-12-16";
    let event = browser.post("/events/new", event).await.made();
    let month = browser.page("/events?as=calendar&on=2026-12-01").await;
    assert_eq!(month.matches("title=\"RustConf\"").count(), 3, "on each of its days");
    assert_eq!(month.matches(&format!("data-when=\"/events/{event}/when\"")).count(), 1, "held at its first");
    put(&mut browser, &format!("/events/{event}/when"), "by=starts_on&at=2026-12-31").await;
    let timeline = browser.page("/events?as=timeline&on=2026-12-28").await;
    assert!(timeline.contains("31 December 2026 – 2 January 2027"), "{timeline}");
    assert!(timeline.contains("colspan=\"3\"></td><td colspan=\"3\">"), "Thursday to Saturday: {timeline}");
    // Weeks in which there is nothing lead to where there is something.
    for (empty, says) in [("2026-01-01", "After: 31 December"), ("2028-01-01", "Before: 31 December")] {
        let page = browser.page(&format!("/events?as=timeline&on={empty}")).await;
        assert!(page.contains(says) && page.contains("on=2026-12-24\""), "{empty}: {page}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_day_shows_what_nobody_has_taken_and_says_whom_it_leaves_out() {
    let (world, mut browser) = set_up(Locale::En).await;
    let day = "/activities?as=calendar&span=day&on=2026-12-10";
    let fill = |from: usize, to: usize| {
        move |work: &mut store::Work<'_>| {
            let due: jiff::Timestamp = "2026-12-10T09:00:00Z".parse().unwrap();
            let task = |subject: String, owner: Option<model::Id>| {
                let task = store::Draft::new().set("subject", subject).set("kind", "task").set("due_at", due);
                task.owned_by(owner)
            };
            for number in from..to {
                let account = store::NewUser {
                    email: format!("{number}@java.example"),
                    name: format!("Person {number:02}"),
                    password_hash: "-".to_owned(),
                    roles: vec!["salesperson".to_owned()],
                    locale: Locale::En,
                };
                let owner = work.add_user(&account)?;
                work.create("activities", task(format!("Task {number:02}"), Some(owner)))?;
            }
            work.create("activities", task("Unclaimed".to_owned(), None)).map(drop)
        }
    };
    let workspace = world.web.app.workspace();
    let (system, origin) = (model::Actor::System("test"), || store::Origin::from("command"));
    workspace.write(system.clone(), origin(), fill(1, 3)).await.unwrap();
    let page = browser.page(day).await;
    assert!(page.contains("Nobody’s") && page.contains("Unclaimed") && page.contains("Task 02"), "{page}");
    assert!(!page.contains("side by side"), "all are there");
    workspace.write(system, origin(), fill(3, 15)).await.unwrap();
    let page = browser.page(day).await;
    let hours = page.split("<table class=\"hours\">").nth(1).unwrap().split("</table>").next().unwrap();
    assert!(hours.contains("Task 12") && !hours.contains("Task 13") && hours.contains("Unclaimed"), "{page}");
    assert!(page.contains("side by side"), "{page}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_calendar_is_ones_own_ones_teams_or_everybodys() {
    let (world, mut browser) = set_up(Locale::En).await;
    let me: model::Id =
        browser.page("/leads").await.split("data-me=\"").nth(1).unwrap().split('"').next().unwrap().parse().unwrap();
    let fill = move |work: &mut store::Work<'_>| {
        let mut people = Vec::new();
        for name in ["beside", "elsewhere"] {
            let account = store::NewUser {
                email: format!("{name}@java.example"),
                name: name.to_owned(),
                password_hash: "-".to_owned(),
                roles: vec!["salesperson".to_owned()],
                locale: Locale::En,
            };
            people.push(work.add_user(&account)?);
        }
        let team = work.add_team("Ours")?;
        work.set_members(team, &[me, people[0]].into())?;
        let owners =
            [("Own task", Some(me)), ("Beside me", Some(people[0])), ("Elsewhere", Some(people[1])), ("Nobody", None)];
        for ((subject, owner), day) in owners.into_iter().zip(8..) {
            let due: jiff::Timestamp = format!("2026-12-{day:02}T09:00:00Z").parse().unwrap();
            let task = store::Draft::new().set("subject", subject).set("kind", "task").set("due_at", due);
            work.create("activities", task.owned_by(owner))?;
        }
        Ok(())
    };
    let origin = store::Origin::from("command");
    world.web.app.workspace().write(model::Actor::System("test"), origin, fill).await.unwrap();
    for span in ["", "week", "agenda"] {
        for (who, wanted) in [
            ("me", vec!["Own task"]),
            ("team", vec!["Own task", "Beside me"]),
            ("", vec!["Own task", "Beside me", "Elsewhere", "Nobody"]),
        ] {
            let page = browser.page(&format!("/activities?as=calendar&span={span}&who={who}&on=2026-12-07")).await;
            let seen = ["Own task", "Beside me", "Elsewhere", "Nobody"].into_iter();
            let seen: Vec<_> = seen.filter(|subject| page.contains(&format!("title=\"{subject}\""))).collect();
            assert_eq!(seen, wanted, "{span} {who}: {page}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_has_no_room_among_the_hours_is_a_link_away() {
    let (_world, mut browser) = set_up(Locale::En).await;
    for number in 0..10 {
        let times = "starts_at=2026-12-10T10:00&due_at=2026-12-10T11:00";
        browser.post("/activities/new", &format!("subject=Call+{number}&kind=task&{times}")).await.made();
    }
    let hours =
        |page: &str| page.split("<table class=\"hours\">").nth(1).unwrap().split("</table>").next().unwrap().to_owned();
    let rest = |hours: &str| {
        let link = hours.split("<a class=\"rest ").nth(1).unwrap().split("</a>").next().unwrap().to_owned();
        let address = link.split("href=\"").nth(1).unwrap().split('"').next().unwrap().replace("&amp;", "&");
        (link, address)
    };
    let week = hours(&browser.page("/activities?as=calendar&span=week&on=2026-12-10").await);
    let (link, day) = rest(&week);
    assert_eq!(week.matches("class=\"event").count(), 2, "{week}");
    assert!(link.contains("lasts m0 h1 q0 at2 of3") && link.ends_with(">8 more"), "{link}");
    assert!(day.contains("span=day") && day.contains("on=2026-12-10"), "{day}");
    // A day has room for more of them, and leads to all.
    let day = hours(&browser.page(&day).await);
    let (link, list) = rest(&day);
    assert_eq!(day.matches("class=\"event").count(), 7, "{day}");
    assert!(link.contains("at7 of8") && link.contains("Call ") && link.ends_with(">3 more"), "{link}");
    let list = browser.page(&list).await;
    assert!((0..10).all(|number| list.contains(&format!("title=\"Call {number}\""))), "{list}");
}
