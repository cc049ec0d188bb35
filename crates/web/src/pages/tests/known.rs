//! Who is typed in for a second time is told before it is saved, to whoever may know, and it is saved all the same.

use axum::http::StatusCode;
use model::Locale;

use super::{colleague, set_up};

#[tokio::test(flavor = "multi_thread")]
async fn whoever_has_the_address_or_the_number_is_told_with_a_link() {
    for (locale, email, phone) in [
        (Locale::Ru, "Такая почта уже есть:", "Такой телефон уже есть:"),
        (Locale::En, "Somebody has this e-mail address already:", "Somebody has this telephone number already:"),
    ] {
        let (_world, mut browser) = set_up(locale).await;
        let person = "name=Anna+%3Cb%3E&email=anna@java.example&phone=%2B7+921+123-45-67";
        let lead = browser.post("/leads/new", person).await.made();
        let link = format!("<a class=\"link\" href=\"/leads/{lead}\" target=\"_blank\" rel=\"noopener\">");
        for (asked, says) in
            [("email=+Anna@JAVA.example", email), ("phone=8+(921)+123-45-67", phone), ("phone=%2B79211234567", phone)]
        {
            let told = browser.page(&format!("/search/known?{asked}")).await;
            assert!(told.contains(says) && told.contains(&link) && told.contains("Anna &lt;b&gt;"), "{asked}: {told}");
        }
        for nobody in ["", "email=boris@java.example", "email=anna", "phone=123", "name=Anna"] {
            assert_eq!(browser.page(&format!("/search/known?{nobody}")).await, "", "{nobody}");
        }
        for form in ["/leads/new", "/contacts/new", "/accounts/new"] {
            assert!(browser.page(form).await.contains("data-known=\"/search/known\""), "{form}");
        }
        // A form that is refused for something else comes back with it, as a page and as a dialog.
        let refused = "name=&email=Anna@java.example&phone=8+921+123-45-67";
        for headers in
            [vec![("sec-fetch-site", "same-origin")], vec![("sec-fetch-site", "same-origin"), ("hx-request", "true")]]
        {
            for form in ["/leads/new", "/contacts/new"] {
                let again = browser.post_with(form, refused, &headers).await;
                assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY, "{form}");
                assert!(
                    again.text.contains(email) && again.text.contains(phone) && again.text.contains(&link),
                    "{form}: {}",
                    again.text
                );
            }
        }
        // Nothing is in the way of saving it.
        let again = browser.post("/leads/new", person).await;
        assert_eq!(again.status, StatusCode::SEE_OTHER, "{}", again.text);
        // Who is in the bin is no longer known.
        let second = again.made();
        for id in [&lead, &second] {
            browser.post(&format!("/leads/{id}/delete"), "").await;
        }
        assert_eq!(browser.page("/search/known?email=anna@java.example").await, "");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_learns_of_records_that_they_do_not_see() {
    let (world, mut browser) = set_up(Locale::En).await;
    browser.post("/leads/new", "name=Anna&email=anna@java.example").await.made();
    let mut seller = colleague(&world, "salesperson").await;
    assert_eq!(seller.page("/search/known?email=anna@java.example").await, "", "the lead is the administrator's");
    seller.post("/leads/new", "name=Own&email=own@java.example").await.made();
    assert!(seller.page("/search/known?email=own@java.example").await.contains("Own"));
}
