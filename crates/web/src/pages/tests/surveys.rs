//! Surveys on pages: a ranking without script, a check with its own words, and results with their bars.

use axum::body::Body;
use axum::http::{Method, StatusCode};
use model::Locale;
use serde_json::json;

use super::browser::Browser;
use super::set_up;

async fn survey(browser: &mut Browser) {
    let label = |ru: &str, en: &str| json!({"ru": ru, "en": en});
    let options =
        json!([{"value": "hall", "label": label("Зал", "Hall")}, {"value": "food", "label": label("Еда", "Food")}]);
    let grades =
        json!([{"value": "good", "label": label("Хорошо", "Good")}, {"value": "bad", "label": label("Плохо", "Bad")}]);
    let body = json!({
        "name": "visit", "label": label("Визит", "Your visit"), "anonymous": true,
        "questions": [
            {"key": "days", "kind": "number", "label": label("Дней", "Days"), "check": "days <= 3", "refusal": label("Дней было три", "There were three days")},
            {"key": "liked", "kind": "several", "label": label("Понравилось", "What you liked"), "options": options},
            {"key": "grades", "kind": "matrix", "label": label("Оценки", "Grades"), "options": grades, "rows": options},
            {"key": "order", "kind": "ranking", "label": label("Важнее всего", "What matters most"), "options": options},
        ],
    });
    let headers = [("content-type", "application/json"), ("sec-fetch-site", "same-origin")];
    let answer = browser.send(Method::POST, "/api/v1/meta/surveys", Body::from(body.to_string()), &headers).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn answers_are_ranked_and_checked_without_script_and_stand_in_bars() {
    for locale in Locale::ALL {
        let (world, mut browser) = set_up(locale).await;
        survey(&mut browser).await;
        let mut guest = Browser::new(&world, locale);
        let page = guest.page("/p/s/visit").await;
        assert!(page.contains("name=\"a.order.hall\"") && page.contains("name=\"a.order.food\""), "{page}");
        let asked = "asked=days&asked=liked&asked=grades&asked=order";
        let is_ru = locale == Locale::Ru;

        // What the survey itself says where its check does not hold.
        let refused = guest.post("/p/s/visit", &format!("{asked}&a.days=4&a.order.hall=2&a.order.food=1")).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        let words = if is_ru { "Дней было три" } else { "There were three days" };
        assert!(refused.text.contains("id=\"a.days-error\"") && refused.text.contains(words), "{}", refused.text);
        assert!(
            refused.text.contains("<option value=\"2\" selected>2</option>"),
            "what was chosen stays: {}",
            refused.text
        );
        // Two in one place, and one without a place.
        for places in ["a.order.hall=1&a.order.food=1", "a.order.hall=1&a.order.food="] {
            let refused = guest.post("/p/s/visit", &format!("{asked}&a.days=2&{places}")).await;
            assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{places}");
            assert!(refused.text.contains("id=\"a.order-error\""), "{places}: {}", refused.text);
        }
        for (places, grade) in [
            ("a.order.hall=2&a.order.food=1", "good"),
            ("a.order.hall=2&a.order.food=1", "bad"),
            ("a.order.hall=1&a.order.food=2", "bad"),
        ] {
            let form = format!("{asked}&a.days=3&a.liked=hall&a.liked=food&a.grades.hall={grade}&{places}");
            let taken = guest.post("/p/s/visit", &form).await;
            assert_eq!(taken.location(), "/p/s/visit?done=1", "{}", taken.text);
        }

        let results = browser.page("/surveys/results/visit").await;
        // A table of bars for the choices, one for each row of the matrix, one for the places.
        assert_eq!(results.matches("class=\"bars\"").count(), 4, "{results}");
        let (liked, hall) = if is_ru { ("Понравилось", "Зал") } else { ("What you liked", "Hall") };
        assert!(results.contains(liked) && results.contains(hall), "{results}");
        assert!(
            results.contains("<progress value=\"3\" max=\"3\"") && results.contains("<progress value=\"2\" max=\"3\""),
            "{results}"
        );
        let places = if is_ru {
            ["среднее место 1,33", "среднее место 1,66"]
        } else {
            ["mean place 1.33", "mean place 1.66"]
        };
        let at = places.map(|words| results.find(words).unwrap_or_else(|| panic!("{words}: {results}")));
        assert!(at[0] < at[1], "the best first");
    }
}
