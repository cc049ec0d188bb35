//! What was typed and not saved comes back: it is shown against what stands by then, and only that.

use axum::http::StatusCode;
use model::Locale;

use super::set_up;

#[tokio::test(flavor = "multi_thread")]
async fn what_came_back_is_asked_about_and_nothing_is_written() {
    for (locale, mine) in [(Locale::Ru, "Моё"), (Locale::En, "Mine")] {
        let (_world, mut browser) = set_up(locale).await;
        let id = browser.post("/leads/new", "name=Anna&company=Before").await.made();
        let (page, edit) = (format!("/leads/{id}"), format!("/leads/{id}/edit?field=company"));
        browser.post(&edit, "version=1&was.company=Before&company=Theirs").await.made();

        let draft = "version=1&was.company=Before&company=Own+words";
        let asked = browser.post(&format!("{edit}&ask=true"), draft).await;
        assert_eq!(asked.status, StatusCode::OK, "{}", asked.text);
        for side in ["class=\"conflict\"", mine, "Own words", "Theirs", "Before", "name=\"version\" value=\"2\""] {
            assert!(asked.text.contains(side), "{side}: {}", asked.text);
        }
        let now = browser.page(&page).await;
        assert!(now.contains("Theirs") && !now.contains("Own words"), "asking writes nothing: {now}");

        // The version that is known by now is the answer to the question.
        browser.post(&edit, "version=2&was.company=Theirs&take.company=mine&company=Own+words").await.made();
        assert!(browser.page(&page).await.contains("Own words"));

        let same = browser.post(&format!("{edit}&ask=true"), "version=1&was.company=Before&company=Own+words").await;
        assert!(!same.text.contains("class=\"conflict\""), "of two who typed the same nothing is asked: {}", same.text);
        let untouched =
            browser.post(&format!("{edit}&ask=true"), "version=3&was.company=Own+words&company=Hereafter").await;
        assert!(!untouched.text.contains("class=\"conflict\""), "{}", untouched.text);
        assert!(!browser.page(&page).await.contains("Hereafter"));
    }
}
