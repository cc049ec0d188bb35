//! Process 2, step 2: where no seats are left the waiting list is offered, by page and by API; on both databases.

use serde_json::{Value, json};

use crate::world::{Answer, World, worlds};

const EVENT: &str = "/api/public/v1/events/harbour";

async fn order(world: &World, kind: &str, who: &str) -> Answer {
    let body = json!({"buyer": {"name": "Anna Reed", "email": format!("{who}@example.org")}, "tickets": [{"ticket_type": kind}]});
    world.anybody().post(&format!("{EVENT}/orders"), body).await
}

async fn join(world: &World, kind: &str, who: &str, seats: i64) -> Answer {
    let body = json!({"ticket_type": kind, "seats": seats, "name": "Vera Lane", "email": format!("{who}@example.org")});
    world.anybody().post(&format!("{EVENT}/waiting-list"), body).await
}

async fn later(world: &World, by: &str) {
    world.admin.post("/api/v1/sandbox/clock", json!({"advance": by})).await.expect(200);
}

/// `name status` of the entries, in line.
async fn line(world: &World) -> Vec<String> {
    let page = world.admin.get("/api/v1/waiting_list?sort=id&limit=100").await.expect(200);
    let said = |it: &Value| {
        let who = it["email"].as_str().unwrap().split('@').next().unwrap().to_owned();
        format!("{who} {}", it["status"].as_str().unwrap())
    };
    page["data"].as_array().unwrap().iter().map(said).collect()
}

/// The letters to somebody, oldest first.
async fn told(world: &World, who: &str) -> Vec<String> {
    let page = world.admin.get(&format!("/api/v1/sandbox/outbox?to={who}@example.org")).await.expect(200);
    page["data"].as_array().unwrap().iter().map(|it| it["template"].as_str().unwrap().to_owned()).collect()
}

/// The secret of the order that the last letter to somebody leads to.
async fn link(world: &World, who: &str) -> String {
    secret(world, who, "/p/o/").await
}

/// The secret behind `page` in the last letter to somebody.
async fn secret(world: &World, who: &str, page: &str) -> String {
    let outbox = world.admin.get(&format!("/api/v1/sandbox/outbox?to={who}@example.org")).await.expect(200);
    let text = outbox["data"].as_array().unwrap().last().unwrap()["text"].as_str().unwrap().to_owned();
    let start = text.find(page).unwrap() + page.len();
    text[start..].chars().take_while(|sign| sign.is_ascii_alphanumeric() || "-_".contains(*sign)).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn process_2_step_2_seats_that_come_free_go_down_the_line() {
    for world in worlds() {
        let kind = world.event("harbour").await;
        world.admin.patch(&format!("/api/v1/ticket_types/{kind}"), json!({"quota": 1})).await.expect(200);
        join(&world, &kind, "early", 1).await.refused(409, "seats_left");
        let sold = order(&world, &kind, "first").await.expect(201);
        let refused = order(&world, &kind, "second").await;
        refused.refused(409, "sold_out");
        for who in ["anna", "boris", "anna"] {
            join(&world, &kind, who, 1).await.expect(201);
        }
        join(&world, &kind, "many", 2).await.faulty(&["seats"]);
        join(&world, "nonsense", "x", 0).await.faulty(&["seats", "ticket_type"]);
        assert_eq!(line(&world).await, ["anna waiting", "boris waiting"]);

        let token = |order: &Value| order["public_url"].as_str().unwrap().rsplit('/').next().unwrap().to_owned();
        world.anybody().post(&format!("/api/public/v1/orders/{}/cancel", token(&sold)), json!({})).await.expect(200);
        order(&world, &kind, "stranger").await.refused(409, "sold_out");
        later(&world, "PT1S").await;
        assert_eq!(
            (line(&world).await, told(&world, "anna").await),
            (
                vec!["anna offered".to_owned(), "boris waiting".to_owned()],
                vec!["waiting_joined".to_owned(), "order_offered".to_owned()]
            )
        );

        // A day without an answer, and it is Boris's turn; he takes it on the page.
        later(&world, "PT24H").await;
        assert_eq!(line(&world).await, ["anna missed", "boris offered"]);
        assert_eq!(told(&world, "anna").await, ["waiting_joined", "order_offered", "order_annulled"]);
        let page = format!("/p/o/{}", link(&world, "boris").await);
        let shown = world.anybody().get(&page).await;
        assert!(
            shown.text.contains("Для Вас освободились места") && !shown.text.contains("Как оплатить"),
            "{}",
            shown.text
        );
        let question = world.anybody().get(&format!("{page}/agree")).await;
        assert!(question.text.contains("Взять места за"), "{}", question.text);
        let headers = [("content-type", "application/x-www-form-urlencoded"), ("sec-fetch-site", "same-origin")];
        let taken = world.anybody().call("POST", &format!("{page}/agree"), &headers, Vec::new()).await;
        assert_eq!(taken.status, 303, "{}", taken.text);
        assert_eq!(line(&world).await, ["anna missed", "boris taken"]);
        assert_eq!(told(&world, "boris").await, ["waiting_joined", "order_offered", "order_received"]);

        // A hold of the event's own, and an answer by the API.
        let event = world.admin.get("/api/v1/events").await.expect(200)["data"][0]["id"].as_str().unwrap().to_owned();
        world.admin.patch(&format!("/api/v1/events/{event}"), json!({"waiting_hold": "PT2H"})).await.expect(200);
        for who in ["vera", "gleb"] {
            join(&world, &kind, who, 1).await.expect(201);
        }
        world.admin.patch(&format!("/api/v1/ticket_types/{kind}"), json!({"quota": 2})).await.expect(200);
        later(&world, "PT1S").await;
        let offered = link(&world, "vera").await;
        world.anybody().post(&format!("/api/public/v1/orders/{offered}/decline"), json!({})).await.expect(200);
        world
            .anybody()
            .post(&format!("/api/public/v1/orders/{offered}/agree"), json!({}))
            .await
            .refused(409, "nothing_to_agree");
        later(&world, "PT1S").await;
        later(&world, "PT2H").await;
        assert_eq!(line(&world).await, ["anna missed", "boris taken", "vera left", "gleb missed"]);
        order(&world, &kind, "stranger").await.expect(201);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn process_2_step_2_the_list_is_joined_on_a_page_and_seen_by_staff() {
    for world in worlds() {
        let kind = world.event("harbour").await;
        world.admin.patch(&format!("/api/v1/ticket_types/{kind}"), json!({"quota": 0})).await.expect(200);
        let form = world.anybody().get("/e/harbour").await;
        assert!(form.text.contains(&format!("/e/harbour/waiting?ticket_type={kind}")), "{}", form.text);
        let headers = [("content-type", "application/x-www-form-urlencoded"), ("sec-fetch-site", "same-origin")];
        let send = async |typed: &str| {
            world.anybody().call("POST", "/e/harbour/waiting", &headers, typed.as_bytes().to_vec()).await
        };
        let wrong = send(&format!("ticket_type={kind}&seats=x&name=www.casino.com&email=anna%40%40")).await;
        assert_eq!(wrong.status, 422);
        assert!(wrong.text.contains("consent-error"), "{}", wrong.text);
        let wrong = send(&format!("ticket_type={kind}&seats=x&name=www.casino.com&email=anna%40%40&consent=yes")).await;
        assert!(
            ["seats-error", "name-error", "email-error"].iter().all(|it| wrong.text.contains(it)),
            "{}",
            wrong.text
        );
        send(&format!("ticket_type={kind}&seats=1&name=A&email=r%40example.org&consent=yes&website=x")).await;
        assert!(line(&world).await.is_empty(), "a robot");
        // Nothing fits a quota of none, so it waits for one that is raised.
        world.admin.patch(&format!("/api/v1/ticket_types/{kind}"), json!({"quota": 1})).await.expect(200);
        order(&world, &kind, "first").await.expect(201);
        let taken = send(&format!("ticket_type={kind}&seats=1&name=Anna&email=anna%40example.org&consent=yes")).await;
        assert_eq!(taken.status, 200, "{}", taken.text);
        assert!(taken.text.contains("Вы в листе ожидания") && taken.text.contains("anna@example.org"));
        assert_eq!(line(&world).await, ["anna waiting"]);
        // Staff take off who waits no more.
        let entry =
            world.admin.get("/api/v1/waiting_list").await.expect(200)["data"][0]["id"].as_str().unwrap().to_owned();
        world.admin.post(&format!("/api/v1/waiting_list/{entry}/transitions/leave"), json!({})).await.expect(200);
        assert_eq!(line(&world).await, ["anna left"]);
    }
}

const BY_FORM: [(&str, &str); 2] =
    [("content-type", "application/x-www-form-urlencoded"), ("sec-fetch-site", "same-origin")];

/// A line of people behind a ticket type with one seat, which is sold; answers the type and the order's secret.
async fn sold_out(world: &World, people: &[&str]) -> (String, String) {
    let kind = world.event("harbour").await;
    world.admin.patch(&format!("/api/v1/ticket_types/{kind}"), json!({"quota": 1})).await.expect(200);
    let sold = order(world, &kind, "first").await.expect(201);
    for who in people {
        join(world, &kind, who, 1).await.expect(201);
    }
    (kind, sold["public_url"].as_str().unwrap().rsplit('/').next().unwrap().to_owned())
}

#[tokio::test(flavor = "multi_thread")]
async fn process_2_step_2_whoever_joins_is_told_their_place_and_leaves_by_a_link() {
    for world in worlds() {
        let (kind, sold) = sold_out(&world, &["anna", "boris", "vera"]).await;
        // Who joins once more stays where they are, and no second letter goes out.
        join(&world, &kind, "boris", 1).await.expect(201);
        assert_eq!(told(&world, "boris").await, ["waiting_joined"]);
        let english = [("accept-language", "en-GB"), ("content-type", "application/json")];
        let body = json!({"ticket_type": kind, "name": "Ann Hill", "email": "ann@example.org"}).to_string();
        let joined = world.anybody().call("POST", &format!("{EVENT}/waiting-list"), &english, body.into_bytes()).await;
        assert_eq!(joined.status, 201, "{}", joined.text);
        let page = world.admin.get("/api/v1/sandbox/outbox?to=ann@example.org").await.expect(200);
        let letter = page["data"][0]["text"].as_str().unwrap();
        assert!(letter.contains("Hello Ann Hill") && letter.contains("Your place: 4."), "{letter}");

        let page = format!("/p/w/{}", secret(&world, "boris", "/p/w/").await);
        let russian = world.anybody().get(&page).await;
        assert_eq!(russian.status, 200);
        assert!(russian.text.contains("Ваше место: 2.") && russian.text.contains("Выйти из листа"), "{}", russian.text);
        assert!(!russian.text.contains("boris@example.org"), "a link tells no addresses");
        let said = world.anybody().call("GET", &page, &[("accept-language", "en")], Vec::new()).await;
        assert!(said.text.contains("Your place: 2.") && said.text.contains("Leave the waiting list"), "{}", said.text);
        let unknown = format!("/p/w/{}", "x".repeat(24));
        assert_eq!(world.anybody().get(&unknown).await.status, 404);
        assert_eq!(world.anybody().call("POST", &unknown, &BY_FORM, Vec::new()).await.status, 404);
        assert_eq!(world.anybody().get("/p/w/short").await.status, 404);

        // Looking leaves nobody out; the button does, and twice is once.
        assert_eq!(line(&world).await[1], "boris waiting");
        for _ in 0..2 {
            let left = world.anybody().call("POST", &page, &BY_FORM, Vec::new()).await;
            assert_eq!((left.status, left.headers["location"].to_str().unwrap()), (303, page.as_str()));
        }
        assert_eq!(line(&world).await, ["anna waiting", "boris left", "vera waiting", "ann waiting"]);
        assert!(world.anybody().get(&page).await.text.contains("Вы не ждёте мест"));
        let vera = format!("/p/w/{}", secret(&world, "vera", "/p/w/").await);
        assert!(world.anybody().get(&vera).await.text.contains("Ваше место: 2."));

        // Whoever leaves while seats are held for them gives them to the next in line.
        let anna = format!("/p/w/{}", secret(&world, "anna", "/p/w/").await);
        world.anybody().post(&format!("/api/public/v1/orders/{sold}/cancel"), json!({})).await.expect(200);
        later(&world, "PT1S").await;
        let offered = world.anybody().get(&anna).await;
        assert!(
            offered.text.contains("Для Вас освободились места") && offered.text.contains("/p/o/"),
            "{}",
            offered.text
        );
        assert_eq!(world.anybody().call("POST", &anna, &BY_FORM, Vec::new()).await.status, 303);
        later(&world, "PT1S").await;
        assert_eq!(line(&world).await, ["anna left", "boris left", "vera offered", "ann waiting"]);
        let order = link(&world, "vera").await;
        world.anybody().post(&format!("/api/public/v1/orders/{order}/agree"), json!({})).await.expect(200);
        let got = world.anybody().get(&vera).await;
        assert!(got.text.contains("Вы взяли места") && !got.text.contains("Выйти из листа"), "{}", got.text);
        // What is taken is not left here.
        assert_eq!(world.anybody().call("POST", &vera, &BY_FORM, Vec::new()).await.status, 303);
        assert_eq!(line(&world).await[2], "vera taken");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn process_2_step_2_what_comes_out_of_the_bin_has_its_turn() {
    for world in worlds() {
        let (kind, sold) = sold_out(&world, &["anna", "boris"]).await;
        let entries = world.admin.get("/api/v1/waiting_list?sort=id").await.expect(200);
        let id = |place: usize| entries["data"][place]["id"].as_str().unwrap().to_owned();
        let page = format!("/p/w/{}", secret(&world, "anna", "/p/w/").await);
        let mut sets = Vec::new();
        for entry in [id(0), id(1)] {
            let binned = world.admin.call("DELETE", &format!("/api/v1/waiting_list/{entry}"), &[], Vec::new()).await;
            assert_eq!(binned.status, 204, "{}", binned.text);
            sets.push(binned.headers["change-set"].to_str().unwrap().to_owned());
        }
        assert_eq!(world.anybody().get(&page).await.status, 404, "what is in the bin has no page");
        world.anybody().post(&format!("/api/public/v1/orders/{sold}/cancel"), json!({})).await.expect(200);
        // The look of a minute after joining has been: only the bin wakes the line now.
        later(&world, "PT5M").await;
        world.admin.post(&format!("/api/v1/undo/{}", sets[1]), json!({})).await.expect(200);
        later(&world, "PT1S").await;
        assert_eq!(line(&world).await, ["boris offered"]);
        world.admin.patch(&format!("/api/v1/ticket_types/{kind}"), json!({"quota": 2})).await.expect(200);
        later(&world, "PT5M").await;
        world.admin.post(&format!("/api/v1/waiting_list/{}/restore", id(0)), json!({})).await.expect(200);
        later(&world, "PT1S").await;
        assert_eq!(line(&world).await, ["anna offered", "boris offered"]);
    }
}
