//! Controls that are more than a line of text: a rating, a colour, a length of time.

use axum::http::StatusCode;
use model::Locale;

use super::set_up;

#[tokio::test(flavor = "multi_thread")]
async fn ratings_colours_and_lengths_of_time_are_typed_as_people_mean_them() {
    for (locale, typed, shown) in
        [(Locale::Ru, "1+ч+30+мин", "1 час 30 минут"), (Locale::En, "1h+30m", "1 hour 30 minutes")]
    {
        let (_world, mut browser) = set_up(locale).await;
        browser.post("/settings/modules", "label_ru=Гостиницы&label_en=Hotels&name=hotels").await;
        for form in [
            "label_ru=Звёзды&label_en=Stars&name=stars&type=rating",
            "label_ru=Цвет&label_en=Look&name=look&type=colour",
            "label_ru=Срок&label_en=Stay&name=stay&type=duration",
        ] {
            let added = browser.post("/settings/modules/hotels/fields", form).await;
            assert_eq!(added.location(), "/settings/modules/hotels", "{form}: {}", added.text);
        }
        let form = browser.page("/hotels/new").await;
        assert_eq!(form.matches("type=\"radio\" name=\"stars\"").count(), 6, "five stars and none: {form}");
        assert!(form.contains("name=\"stars\" value=\"\" checked") && form.contains("type=\"color\""), "{form}");

        let body = format!("name=Балтия&stars=4&look=%233c58c9&stay={typed}");
        let hotel = browser.post("/hotels/new", &body).await.made();
        let edit = format!("/hotels/{hotel}/edit");
        let form = browser.page(&edit).await;
        for part in [
            "name=\"stars\" value=\"4\" checked",
            "name=\"look\" value=\"#3c58c9\"",
            "type=\"hidden\" name=\"was.stay\" value=\"PT1H30M\"",
        ] {
            assert!(form.contains(part), "{part}: {form}");
        }
        assert!(form.contains(&format!("name=\"stay\" value=\"{shown}\"")), "{form}");

        // The words that stand there are no change.
        let same = format!("version=1&was.stay=PT1H30M&stay={}", shown.replace(' ', "+"));
        assert_eq!(browser.post(&format!("{edit}?field=stay"), &same).await.location(), format!("/hotels/{hotel}"));
        assert!(browser.page(&edit).await.contains("name=\"version\" value=\"1\""), "nothing was written");
        for (field, wrong) in [("stay", "someday"), ("look", "red"), ("stars", "9")] {
            let refused = browser
                .post(&format!("{edit}?field={field}"), &format!("version=1&was.{field}=&{field}={wrong}"))
                .await;
            assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{field}");
            assert!(refused.text.contains(&format!("id=\"{field}-error\"")), "{field}: {}", refused.text);
        }
        let none = browser.post(&format!("{edit}?field=stars"), "version=1&was.stars=4&stars=").await;
        assert_eq!(none.made(), hotel);
        assert!(browser.page(&edit).await.contains("name=\"stars\" value=\"\" checked"), "a rating is taken back");
    }
}
