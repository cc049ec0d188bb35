//! Who is kept out for how often they come, and that nobody else is.

use std::net::IpAddr;

use axum::http::StatusCode;
use model::Locale;

use super::browser::{Answer, Browser};
use super::{World, set_up, set_up_as};

const RIGHT: &str = "email=maria@java.example&password=длинный+пароль";

/// A browser behind the proxy on this machine, or one that came straight from `peer`.
fn from(world: &World, peer: [u8; 4], forwarded: &str) -> Browser {
    let mut browser = Browser::new(world, Locale::En);
    browser.peer = Some(IpAddr::from(peer));
    browser.forwarded = Some(forwarded.to_owned()).filter(|text| !text.is_empty());
    browser
}

/// Tries a password at one account after the other.
async fn guess(browser: &mut Browser, times: usize) -> Answer {
    for number in 1..times {
        browser.post("/sign-in", &format!("email=guess{number}@java.example&password=wrong")).await;
    }
    browser.post("/sign-in", "email=guess@java.example&password=wrong").await
}

#[tokio::test(flavor = "multi_thread")]
async fn behind_a_proxy_only_the_guesser_has_to_wait() {
    let (world, _) = set_up(Locale::En).await;
    let mut guesser = from(&world, [127, 0, 0, 1], "198.51.100.1, 203.0.113.9");
    assert_eq!(guess(&mut guesser, 21).await.status, StatusCode::TOO_MANY_REQUESTS);
    guesser.forwarded = Some("198.51.100.2, 203.0.113.9".to_owned());
    assert_eq!(
        guess(&mut guesser, 1).await.status,
        StatusCode::TOO_MANY_REQUESTS,
        "what the guesser sent is no address"
    );
    let mut other = from(&world, [127, 0, 0, 1], "203.0.113.10");
    assert_eq!(other.post("/sign-in", RIGHT).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_proxy_that_tells_no_address_locks_nobody_out() {
    let (world, _) = set_up(Locale::En).await;
    let mut everybody = from(&world, [127, 0, 0, 1], "");
    assert_eq!(guess(&mut everybody, 25).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(everybody.post("/sign-in", RIGHT).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_comes_straight_cannot_say_to_be_somebody_else() {
    let (world, _) = set_up(Locale::En).await;
    let mut guesser = from(&world, [203, 0, 113, 9], "");
    for number in 0..20 {
        guesser.forwarded = Some(format!("198.51.100.{number}"));
        guess(&mut guesser, 1).await;
    }
    assert_eq!(guess(&mut guesser, 1).await.status, StatusCode::TOO_MANY_REQUESTS);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_proxy_elsewhere_is_believed_when_it_is_named() {
    let (mut world, _) = set_up(Locale::En).await;
    world.web = world.web.clone().behind(vec!["10.0.0.0/8".parse().unwrap()]);
    let mut guesser = from(&world, [10, 0, 0, 7], "203.0.113.9");
    assert_eq!(guess(&mut guesser, 21).await.status, StatusCode::TOO_MANY_REQUESTS);
    let mut other = from(&world, [10, 0, 0, 7], "203.0.113.10");
    assert_eq!(other.post("/sign-in", RIGHT).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_public_doors_count_each_visitor_apart() {
    let (world, _) = set_up_as(Locale::En, "").await;
    let mut eager = from(&world, [127, 0, 0, 1], "203.0.113.9");
    let mut statuses = Vec::new();
    for _ in 0..13 {
        statuses.push(eager.get("/e/nothing").await.status);
    }
    assert_eq!(statuses.pop(), Some(StatusCode::TOO_MANY_REQUESTS));
    assert!(statuses.iter().all(|status| *status == StatusCode::NOT_FOUND), "{statuses:?}");
    let mut other = from(&world, [127, 0, 0, 1], "203.0.113.10");
    assert_eq!(other.get("/e/nothing").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test(flavor = "multi_thread")]
async fn many_guesses_at_once_gain_nothing() {
    let (world, _) = set_up(Locale::En).await;
    let guesses = (0..40).map(|_| {
        let mut browser = Browser::new(&world, Locale::En);
        tokio::spawn(async move { browser.post("/sign-in", "email=maria@java.example&password=wrong").await })
    });
    let mut judged = 0;
    for guess in guesses.collect::<Vec<_>>() {
        let answer = guess.await.unwrap();
        judged += usize::from(answer.status == StatusCode::UNPROCESSABLE_ENTITY);
        assert!(answer.status != StatusCode::TOO_MANY_REQUESTS || answer.headers.contains_key("retry-after"));
    }
    assert!((5..10).contains(&judged), "{judged} were judged");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_queue_at_the_passwords_is_short_and_forgives() {
    let (world, _) = set_up(Locale::En).await;
    let guesses = (0..200).map(|number| {
        let mut browser = Browser::new(&world, Locale::En);
        let form = format!("email=nobody{number}@java.example&password=wrong");
        tokio::spawn(async move { browser.post("/sign-in", &form).await })
    });
    let mut refused = 0;
    for guess in guesses.collect::<Vec<_>>() {
        let answer = guess.await.unwrap();
        if answer.status == StatusCode::SERVICE_UNAVAILABLE {
            assert!(answer.headers.contains_key("retry-after") && answer.text.contains("Busy at the moment"));
            refused += 1;
        }
    }
    assert!(refused > 0, "two hundred wait at once");
    assert_eq!(Browser::new(&world, Locale::En).post("/sign-in", RIGHT).await.status, StatusCode::SEE_OTHER);
}
