//! What administrators set: the organisation and its users.

use axum::http::StatusCode;
use model::Locale;

use super::browser::Browser;
use super::{colleague, set_up};

const WHOLE: &str = "name=Ява-клуб&locale=ru&time_zone=Asia/Novosibirsk&currency=eur&sender=box@java.example&payment_wait=P2D\
                     &payment_instructions=На+счёт+клуба";

#[tokio::test(flavor = "multi_thread")]
async fn the_organisation_is_changed_on_its_page() {
    let (world, mut browser) = set_up(Locale::Ru).await;
    assert!(browser.page("/events").await.contains("href=\"/settings/organisation\""));
    let form = browser.page("/settings/organisation").await;
    assert!(form.contains("value=\"Ява-клуб\"") && form.contains("value=\"Europe/Moscow\""));
    let wrong = "name=&locale=ru&time_zone=Europe/Nowhere&currency=рубли&sender=box&payment_wait=soon\
                 &legal_entities.0.name=ООО+Клуб&legal_entities.0.inn=123";
    let refused = browser.post("/settings/organisation", wrong).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    for name in ["name", "time_zone", "currency", "sender", "payment_wait", "legal_entities.0.inn"] {
        assert!(refused.text.contains(&format!("id=\"{name}-error\"")), "{name}: {}", refused.text);
    }
    assert!(refused.text.contains("value=\"Europe/Nowhere\"") && refused.text.contains("value=\"ООО Клуб\""));
    assert_eq!(world.web.app.workspace().knowledge().settings.time_zone, "Europe/Moscow", "nothing was kept");

    let whole =
        format!("{WHOLE}&legal_entities.0.name=&legal_entities.1.name=ООО+Клуб&legal_entities.1.inn=7707083893");
    let saved = browser.post("/settings/organisation", &whole).await;
    assert_eq!(saved.location(), "/settings/organisation?saved=true", "{}", saved.text);
    let page = browser.page(saved.location()).await;
    assert!(page.contains("Сохранено") && page.contains("На счёт клуба") && page.contains("value=\"7707083893\""));
    let settings = world.web.app.workspace().knowledge().settings.clone();
    assert_eq!((settings.time_zone.as_str(), settings.currency.code()), ("Asia/Novosibirsk", "EUR"));
    assert_eq!((settings.sender.as_str(), settings.legal_entities.len()), ("box@java.example", 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn users_are_added_changed_and_let_in_no_more() {
    let (world, mut browser) = set_up(Locale::En).await;
    let wrong = browser.post("/settings/users", "name=Boris&email=boris&password=short").await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.text.contains("value=\"boris\"") && !wrong.text.contains("value=\"short\""));
    let added = "name=Boris&email=boris@java.example&roles=salesperson&password=correct+horse+battery";
    assert_eq!(browser.post("/settings/users", added).await.location(), "/settings/users");
    let list = browser.page("/settings/users").await;
    assert!(list.contains("boris@java.example"));
    let sign_in = "email=boris@java.example&password=correct+horse+battery&next=/leads";
    assert_eq!(Browser::new(&world, Locale::En).post("/sign-in", sign_in).await.location(), "/leads");
    let mut pages =
        list.split("href=\"/settings/users/").skip(1).map(|rest| rest.split('"').next().unwrap().to_owned());
    let mut boris = pages.next().unwrap();
    if !browser.page(&format!("/settings/users/{boris}")).await.contains("boris@java.example") {
        boris = pages.next().unwrap();
    }
    let at = format!("/settings/users/{boris}");
    assert_eq!(browser.post(&at, "active=false").await.location(), "/settings/users");
    assert!(browser.page(&at).await.contains("Enable"));
    assert_eq!(
        Browser::new(&world, Locale::En).post("/sign-in", sign_in).await.status,
        StatusCode::UNPROCESSABLE_ENTITY
    );
    assert_eq!(browser.post(&at, "active=true").await.location(), "/settings/users");
    assert_eq!(browser.post(&at, "name=B.+Orlov&roles=organiser&password=").await.location(), "/settings/users");
    assert!(browser.page("/settings/users").await.contains("B. Orlov"));
}

#[tokio::test(flavor = "multi_thread")]
async fn settings_are_for_administrators() {
    let (world, _) = set_up(Locale::En).await;
    let mut seller = colleague(&world, "salesperson").await;
    for path in ["/settings/organisation", "/settings/users"] {
        assert_eq!(seller.get(path).await.status, StatusCode::FORBIDDEN, "{path}");
    }
    assert_eq!(seller.post("/settings/organisation", WHOLE).await.status, StatusCode::FORBIDDEN);
    let user = "name=X&email=x@java.example&roles=administrator&password=correct+horse+battery";
    assert_eq!(seller.post("/settings/users", user).await.status, StatusCode::FORBIDDEN);
    assert!(!seller.page("/leads").await.contains("/settings/"));
}
