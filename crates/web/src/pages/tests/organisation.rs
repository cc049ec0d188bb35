//! The organisation as its administrator sets it: cities instead of names of zones, a number instead of a length of time.

use axum::http::StatusCode;
use model::Locale;

use super::set_up;

const AT: &str = "/settings/organisation";
const REST: &str = "name=Java&locale=ru&time_zone=Europe/Moscow&sender=box@java.example";

#[tokio::test(flavor = "multi_thread")]
async fn how_long_a_payment_is_waited_for_is_a_number_of_days_or_hours() {
    let (world, mut browser) = set_up(Locale::Ru).await;
    let kept = || world.web.app.workspace().knowledge().settings.payment_wait.clone();
    for (typed, stands, shown) in [
        ("payment_wait=3&payment_wait_unit=days", Some("P3D"), ["value=\"3\"", "value=\"days\" selected"]),
        ("payment_wait=36&payment_wait_unit=hours", Some("PT36H"), ["value=\"36\"", "value=\"hours\" selected"]),
        ("payment_wait=P1DT12H&payment_wait_unit=as-it-is", Some("P1DT12H"), ["value=\"P1DT12H\"", "как есть"]),
        ("payment_wait=&payment_wait_unit=days", None, ["id=\"payment_wait\"", "value=\"days\""]),
    ] {
        let saved = browser.post(AT, &format!("{REST}&currency=RUB&{typed}")).await;
        assert_eq!(saved.status, StatusCode::SEE_OTHER, "{typed}: {}", saved.text);
        assert_eq!(kept().as_deref(), stands);
        let page = browser.page(AT).await;
        for said in shown {
            assert!(page.contains(said), "{typed}: {said}: {page}");
        }
    }
    for wrong in ["0", "-1", "1,5", "скоро"] {
        let form = format!("{REST}&currency=RUB&payment_wait={wrong}&payment_wait_unit=hours");
        let refused = browser.post(AT, &form).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{wrong}");
        for said in ["целое число дней или часов", &format!("value=\"{wrong}\""), "value=\"hours\" selected"]
        {
            assert!(refused.text.contains(said), "{wrong}: {said}: {}", refused.text);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn zones_and_currencies_are_called_as_people_call_them() {
    for (locale, city, currency) in [
        (Locale::Ru, "Москва (Europe/Moscow)", "Российский рубль (RUB)"),
        (Locale::En, "Moscow (Europe/Moscow)", "Euro (EUR)"),
    ] {
        let (world, mut browser) = set_up(locale).await;
        let page = browser.page(AT).await;
        let zone = format!("<option value=\"Europe/Moscow\" label=\"{city}\">");
        assert!(page.contains(&zone) && page.contains("<option value=\"Pacific/Apia\">"), "{page}");
        assert!(page.contains(&format!("selected>{currency}")), "{page}");
        assert_eq!(page.matches("<option value=\"Europe/Moscow\"").count(), 1, "under one name");
        // One that is not on offer stays when something else is saved.
        browser.post(AT, &format!("{REST}&currency=SEK")).await;
        assert_eq!(world.web.app.workspace().knowledge().settings.currency.code(), "SEK");
        assert!(browser.page(AT).await.contains("<option value=\"SEK\" selected>SEK"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_colour_that_was_picked_stays_when_something_else_is_refused() {
    let (_world, mut browser) = set_up(Locale::Ru).await;
    for (ticked, box_is) in [("&has_accent=on", "value=\"on\" checked"), ("", "value=\"on\"")] {
        let form = format!("{REST}&currency=RUB&accent=%23AA3300{ticked}").replace("box@java.example", "box");
        let refused = browser.post(AT, &form).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.text.contains("value=\"#AA3300\"") && refused.text.contains(box_is), "{}", refused.text);
    }
}
