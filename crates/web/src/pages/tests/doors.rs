//! Set-up, signing in and out, and who is kept out.

use axum::http::StatusCode;
use model::Locale;

use super::browser::Browser;
use super::{empty, set_up};

#[tokio::test(flavor = "multi_thread")]
async fn an_empty_installation_asks_to_be_set_up_and_does_so_once() {
    let world = empty();
    let mut browser = Browser::new(&world, Locale::En);
    assert_eq!(browser.get("/").await.location(), "/set-up");
    assert_eq!(browser.get("/sign-in").await.location(), "/set-up");
    let page = browser.page("/set-up").await;
    assert!(page.contains("Welcome to Plenary") && page.contains("lang=\"en\""));
    let wrong = browser
        .post("/set-up", "organisation=Club&organises=conference&locale=en&name=&email=maria&password=short")
        .await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.text.contains("value=\"Club\""), "what was typed is kept");
    assert!(!wrong.text.contains("short"), "passwords are not shown again");
    assert_eq!(wrong.text.matches("class=\"error\"").count(), 3, "{}", wrong.text);

    let (world, mut browser) = set_up(Locale::Ru).await;
    assert_eq!(browser.get("/").await.location(), "/start", "there are first steps");
    assert_eq!(browser.post("/start", "away=true").await.location(), "/");
    assert_eq!(browser.get("/").await.location(), "/orders");
    assert!(browser.page("/orders").await.contains("Ява-клуб"));
    let mut other = Browser::new(&world, Locale::Ru);
    assert_eq!(other.get("/set-up").await.location(), "/sign-in");
    let late = "organisation=Evil&organises=conference&locale=en&name=Eve&email=eve@evil.example&password=long+enough+password";
    assert_eq!(other.post("/set-up", late).await.location(), "/sign-in");
    assert!(other.cookies.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn signing_in_opens_a_new_session_and_signing_out_ends_it() {
    let (world, mut first) = set_up(Locale::Ru).await;
    let mut browser = Browser::new(&world, Locale::Ru);
    assert_eq!(browser.get("/leads?q=a").await.location(), "/sign-in?next=%2Fleads%3Fq%3Da");
    let wrong = browser.post("/sign-in", "email=maria@java.example&password=не+тот+пароль&next=/leads").await;
    let nobody = browser.post("/sign-in", "email=nobody@java.example&password=не+тот+пароль&next=/leads").await;
    assert_eq!((wrong.status, nobody.status), (StatusCode::UNPROCESSABLE_ENTITY, StatusCode::UNPROCESSABLE_ENTITY));
    assert_eq!(wrong.text.replace("maria", "nobody"), nobody.text, "the same answer");
    let right = browser.post("/sign-in", "email=MARIA@java.example&password=длинный+пароль&next=//evil.example").await;
    assert_eq!(right.location(), "/", "only to pages of ours");
    let cookie = right.headers.get("set-cookie").unwrap().to_str().unwrap();
    assert!(
        cookie.contains("HttpOnly")
            && cookie.contains("SameSite=Lax")
            && cookie.contains("Path=/")
            && !cookie.contains("Secure")
    );
    assert_ne!(browser.cookies["plenary_session"], first.cookies["plenary_session"]);
    let kept = browser.cookies.clone();
    assert_eq!(browser.post("/sign-out", "").await.location(), "/sign-in");
    browser.cookies = kept;
    assert_eq!(browser.get("/leads").await.location(), "/sign-in?next=%2Fleads", "the session is over");
    first.page("/leads").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn after_several_failures_one_has_to_wait() {
    let (world, _) = set_up(Locale::En).await;
    let mut browser = Browser::new(&world, Locale::En);
    for _ in 0..5 {
        browser.post("/sign-in", "email=maria@java.example&password=wrong").await;
    }
    let answer = browser.post("/sign-in", "email=maria@java.example&password=длинный+пароль").await;
    assert_eq!(answer.status, StatusCode::TOO_MANY_REQUESTS);
    assert!(answer.text.contains("Try again in"));
}

#[tokio::test(flavor = "multi_thread")]
async fn forms_of_other_sites_are_refused() {
    let (_world, mut browser) = set_up(Locale::En).await;
    for headers in
        [[("sec-fetch-site", "cross-site"), ("x", "y")], [("origin", "https://evil.example"), ("host", "plenary.test")]]
    {
        let answer = browser.post_with("/leads/new", "name=Eve", &headers).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN);
    }
    assert!(browser.page("/leads").await.contains("nothing here yet"));
}

#[tokio::test(flavor = "multi_thread")]
async fn errors_are_pages_for_people_and_problems_for_programs() {
    let (_world, mut browser) = set_up(Locale::Ru).await;
    for path in ["/nonsense", "/leads/nonsense", "/a/b/c/d", "/p/o/unknown"] {
        let answer = browser.get(path).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
        assert!(
            answer.text.contains("<html lang=\"ru\"") && answer.headers.contains_key("content-security-policy"),
            "{path}"
        );
    }
    let answer = browser.get("/api/v1/nonsense").await;
    assert_eq!(answer.headers["content-type"], "application/problem+json");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_language_can_be_chosen() {
    let (world, mut browser) = set_up(Locale::Ru).await;
    assert!(browser.page("/leads").await.contains("Лиды"));
    assert_eq!(browser.post("/language", "lang=en&next=/leads").await.location(), "/leads");
    let page = browser.page("/leads").await;
    assert!(page.contains("<html lang=\"en\"") && page.contains("Leads"));
    // It is the user's own wherever they sign in, whatever that browser asks for.
    let mut other = Browser::new(&world, Locale::Ru);
    other.post("/sign-in", "email=maria@java.example&password=длинный+пароль").await;
    assert!(other.page("/leads").await.contains("<html lang=\"en\""));
    assert!(other.get("/leads/nonsense").await.text.contains("<html lang=\"en\""), "errors too");
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_who_set_up_at_once_one_does_and_nothing_is_the_other_ones() {
    for _ in 0..4 {
        let world = empty();
        let at_once = ["Alpha", "Beta"].map(|name| {
            let mut browser = Browser::new(&world, Locale::En);
            let form = format!(
                "organisation={name}&organises=conference&locale=en&name={name}&email={name}@example.org&password=long+enough+password"
            );
            tokio::spawn(async move { (name, browser.post("/set-up", &form).await) })
        });
        let mut winners = Vec::new();
        for one in at_once {
            let (name, answer) = one.await.unwrap();
            assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
            if answer.headers.contains_key("set-cookie") {
                winners.push(name);
            }
        }
        assert_eq!(winners.len(), 1, "{winners:?}");
        assert_eq!(world.web.app.workspace().knowledge().settings.name, winners[0]);
    }
}
