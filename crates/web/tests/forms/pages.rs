//! The page of a form: without a script, under a seal that tells robots from people, on its own and in a frame.

use serde_json::json;

use super::world::{Answer, Api, worlds};
use super::{FORMS, REQUEST, came, found, parts, stand};

const PAGE: &str = "/forms/request";
const FORM: &str = "application/x-www-form-urlencoded";

async fn open(who: &Api, path: &str) -> Answer {
    let page = who.send("GET", path, &[("accept-language", "en"), ("referer", "https://search.example/q")], None).await;
    assert_eq!(page.status, 200, "{}", page.text);
    page
}

/// The hidden value of a control.
fn held<'a>(page: &'a Answer, control: &str) -> &'a str {
    let (_, rest) = page.text.split_once(&format!("name=\"{control}\" value=\"")).unwrap();
    rest.split('"').next().unwrap()
}

async fn send(who: &Api, path: &str, stamp: &str, more: &str) -> Answer {
    let asked = "asked=name&asked=email&asked=phone&asked=company&asked=need";
    let body = format!("{asked}&stamp={stamp}&{more}");
    let headers = [("content-type", FORM), ("sec-fetch-site", "same-origin"), ("accept-language", "en")];
    who.call("POST", path, &headers, body).await
}

const ANNA: &str = "a.name=Anna&a.email=anna%40example.org&a.need=Seats&consent=yes";

#[tokio::test(flavor = "multi_thread")]
async fn a_page_is_filled_in_without_script_and_sent_twice_is_one_request() {
    for world in worlds() {
        let (api, guest) = (&world.admin, world.anybody());
        let page = open(&guest, &format!("{PAGE}?utm_source=vk&utm_campaign=%22%3E%3Cb%3E")).await;
        assert!(page.text.len() < 100 * 1024 && !page.text.contains("<script"), "{}", page.text);
        assert_eq!((held(&page, "utm_source"), held(&page, "referrer")), ("vk", "https://search.example/q"));
        assert!(
            page.text.contains("What do you need?") && page.text.contains("I agree to the processing"),
            "{}",
            page.text
        );
        let stamp = held(&page, "stamp").to_owned();
        // What is wrong stands beside its field, and what was typed stays.
        let wrong = send(&guest, PAGE, &stamp, "a.name=Anna&a.email=anna-at-example&a.need=%3Cb%3E").await;
        assert_eq!(wrong.status, 422);
        for id in ["a.email-error", "consent-error"] {
            assert!(wrong.text.contains(id), "{id}: {}", wrong.text);
        }
        assert!(wrong.text.contains("value=\"anna-at-example\"") && wrong.text.contains("&lt;b&gt;"), "{}", wrong.text);
        assert_eq!(held(&wrong, "stamp"), stamp, "the clock of the page goes on");
        assert!(came(api, "request").await.is_empty());
        let more = format!("{ANNA}&utm_source=vk&referrer=https%3A%2F%2Fsearch.example%2Fq");
        for _ in 0..2 {
            let done = send(&guest, PAGE, &stamp, &more).await;
            assert_eq!(
                (done.status, &done.headers["location"]),
                (303, &axum::http::HeaderValue::from_static("/forms/request?done=1"))
            );
        }
        let messages = came(api, "request").await;
        assert_eq!(
            (messages.len(), &messages[0]["source"]),
            (1, &json!({"utm_source": "vk", "referrer": "https://search.example/q"}))
        );
        assert_eq!(found(api, "leads", "has(email)").await[0]["source"], "vk");
        let thanks = open(&guest, &format!("{PAGE}?done=1")).await;
        assert!(thanks.text.contains("Your request is with us"), "{}", thanks.text);
        assert!(!thanks.headers.contains_key("refresh"));
        // Another site cannot send through the page of somebody's browser.
        let foreign = [("content-type", FORM), ("sec-fetch-site", "cross-site")];
        assert_eq!(guest.call("POST", PAGE, &foreign, ANNA).await.status, 403);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn robots_are_set_aside_and_a_page_of_nobody_is_asked_once_more() {
    for world in worlds() {
        let (api, guest) = (&world.admin, world.anybody());
        let page = open(&guest, PAGE).await;
        let stamp = held(&page, "stamp").to_owned();
        let trapped = send(&guest, PAGE, &stamp, &format!("{ANNA}&website=x")).await;
        assert_eq!(trapped.status, 303, "a robot is thanked like everybody");
        // A page that this program never made: nothing is lost, the button is pressed once more.
        let unseen = send(&guest, PAGE, "0.forged.seal", ANNA).await;
        assert!(unseen.status == 422 && unseen.text.contains("value=\"Anna\""), "{}", unseen.text);
        let again = send(&guest, PAGE, held(&unseen, "stamp"), ANNA).await;
        assert_eq!(again.status, 303, "{}", again.text);
        let states: Vec<_> = came(api, "request").await.iter().map(|it| it["status"].clone()).collect();
        assert_eq!(states, [json!("set_aside"), json!("received")]);
        // Where it is no rehearsal, nobody answers in the moment in which the page came.
        let earnest = world.in_earnest(20);
        let stamp = held(&open(&earnest, PAGE).await, "stamp").to_owned();
        let fast = send(&earnest, PAGE, &stamp, "a.name=Fast&a.email=fast@example.org&a.need=x&consent=yes").await;
        assert_eq!(fast.status, 303, "{}", fast.text);
        let last = came(api, "request").await.pop().unwrap();
        assert_eq!((&last["status"], &last["from"]), (&json!("set_aside"), &json!("fast@example.org")));
        assert!(last["aside_reason"].as_str().unwrap().contains("быстрее"), "{last}");
        let mut knocks = Vec::new();
        for _ in 0..10 {
            knocks.push(earnest.get(PAGE).await.status);
        }
        assert!(knocks.contains(&429), "one address knocks so often and no more: {knocks:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_answers_open_comes_with_the_page_again_and_files_are_chosen_again() {
    for world in worlds() {
        let (api, guest) = (&world.admin, world.anybody());
        stand(api, json!({"next": "https://site.example/thanks"})).await;
        let page = open(&guest, "/forms/stand?embed=1&lang=en").await;
        assert!(page.headers["content-security-policy"].to_str().unwrap().contains("frame-ancestors *"));
        assert!(page.text.contains("action=\"/forms/stand?embed=1&amp;lang=en\""), "{}", page.text);
        assert_eq!(held(&page, "landing_page"), "https://search.example/q", "a frame comes from the page around it");
        assert!(page.text.contains("multipart/form-data") && !page.text.contains("a.need"), "{}", page.text);
        let stamp = held(&page, "stamp").to_owned();
        let asked = [("asked", "name"), ("asked", "email"), ("asked", "company"), ("asked", "brief")];
        let said = [("a.name", "Anna"), ("a.email", "anna@example.org"), ("a.company", "Romashka"), ("consent", "yes")];
        let texts: Vec<(&str, &str)> = asked.into_iter().chain(said).chain([("stamp", stamp.as_str())]).collect();
        let framed = "/forms/stand?embed=1&lang=en";
        let more = parts(&guest, framed, &texts, &[("file.brief", "brief.txt", b"words".as_slice())]).await;
        assert!(more.status == 200 && more.text.contains("What does the company need?"), "{}", more.text);
        assert!(more.text.contains("chosen once more"), "{}", more.text);
        let texts: Vec<_> = texts.into_iter().chain([("asked", "need"), ("a.need", "A wall")]).collect();
        let done = parts(&guest, framed, &texts, &[("file.brief", "brief.txt", b"words".as_slice())]).await;
        assert_eq!(done.headers["location"], "/forms/stand?embed=1&lang=en&done=1");
        assert_eq!(found(api, "files", "name == \"brief.txt\"").await.len(), 1);
        let thanks = open(&guest, "/forms/stand?embed=1&lang=en&done=1").await;
        assert!(!thanks.headers.contains_key("refresh") && thanks.text.contains("target=\"_top\""), "{}", thanks.text);
        let whole = open(&guest, "/forms/stand?done=1").await;
        assert_eq!(whole.headers["refresh"], "0; url=https://site.example/thanks");
        assert!(whole.headers["content-security-policy"].to_str().unwrap().contains("frame-ancestors 'none'"));
        let bound = guest.call("POST", REQUEST, &[("content-type", FORM)], "x".repeat(80 * 1024)).await;
        assert_eq!(bound.status, 413);
        let page = api.get(&format!("{FORMS}/stand")).await.expect(200);
        assert_eq!(page["requests"]["received"], 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn in_a_rush_a_page_works_for_being_sent_and_without_a_script_it_waits() {
    for world in worlds() {
        let (api, earnest) = (&world.admin, world.in_earnest(1_000_000));
        let early = open(&earnest, PAGE).await;
        assert!(!early.text.contains("stamp_proof"), "nobody works while few come");
        let stamp = held(&early, "stamp").to_owned();
        for number in 0..30 {
            let body =
                json!({"name": "Many", "email": format!("many{number}@example.org"), "need": "x", "consent": true});
            earnest.post(REQUEST, body).await.expect(201);
        }
        // Nobody reads faster than that.
        tokio::time::sleep(std::time::Duration::from_millis(2_100)).await;
        let before = came(api, "request").await.len();
        let asked = send(&earnest, PAGE, &stamp, ANNA).await;
        assert_eq!(asked.status, 422, "the page could not know: {}", asked.text);
        assert!(asked.text.contains("name=\"stamp_proof\"") && asked.text.contains(assets::PROOF_JS), "{}", asked.text);
        assert!(asked.text.contains("value=\"Anna\"") && held(&asked, "stamp") == stamp);
        assert_eq!(came(api, "request").await.len(), before);

        let of = |name: &str, proof: &str| {
            format!("a.name={name}&a.email={name}%40example.org&a.need=Seats&consent=yes&stamp_proof={proof}")
        };
        let state = async || came(api, "request").await.pop().unwrap()["status"].clone();
        assert_eq!(send(&earnest, PAGE, &stamp, &of("Anna", "")).await.status, 303, "it is thanked like everybody");
        assert_eq!(state().await, "set_aside");
        let proof = (0..).map(|number: u64| number.to_string()).find(|it| app::forms::is_proof(&stamp, it)).unwrap();
        assert_eq!(send(&earnest, PAGE, &stamp, &of("Vera", &proof)).await.status, 303);
        assert_eq!(state().await, "received");
        // The work is done for one request.
        assert_eq!(send(&earnest, PAGE, &stamp, &of("Clara", &proof)).await.status, 303);
        assert_eq!(state().await, "set_aside");
    }
}
