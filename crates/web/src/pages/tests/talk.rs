//! Comments, tags, following and notices on pages, without script.

use axum::http::StatusCode;
use model::Locale;

use super::browser::Browser;
use super::{colleague, set_up, toast};

const PARTIAL: [(&str, &str); 2] = [("hx-request", "true"), ("sec-fetch-site", "same-origin")];

async fn part(browser: &mut Browser, path: &str) -> String {
    browser.send(axum::http::Method::GET, path, axum::body::Body::empty(), &PARTIAL).await.text
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_said_stands_in_the_story_and_is_changed_by_its_author() {
    for locale in Locale::ALL {
        let (world, mut browser) = set_up(locale).await;
        let mut head = colleague(&world, "head_of_sales").await;
        let id = browser.post("/leads/new", "name=Anna").await.made();
        let page = format!("/leads/{id}");
        let said = browser.post(&format!("{page}/comments"), "text=%3Cb%3E+@head_of_sales%0D%0Alook").await;
        assert_eq!(said.status, StatusCode::SEE_OTHER, "{}", said.text);
        let (_, comment) = said.location().rsplit_once("#comment-").unwrap();
        let comment = format!("/comments/{comment}");
        assert_eq!(browser.get(&comment).await.location(), said.location());
        let story = browser.page(&page).await;
        let text = "&lt;b&gt; <span class=\"mention\">@head_of_sales</span><br>look";
        assert!(story.contains(text) && story.contains(&format!("action=\"{comment}/text\"")), "{story}");

        // The colleague is told, reads and follows, and changes nothing of it.
        let bell = "class=\"bell\"";
        assert!(
            head.page("/leads")
                .await
                .split(bell)
                .nth(1)
                .unwrap()
                .starts_with(" href=\"/notifications\" aria-label=\"Notifications: 1 new\"")
        );
        let notices = head.page("/notifications").await;
        assert!(notices.contains("</b> · <span class=\"dim\">"), "{notices}");
        let open = notices.split("href=\"/notifications/").nth(1).unwrap().split('"').next().unwrap().to_owned();
        let opened = head.get(&format!("/notifications/{open}")).await;
        assert_eq!(opened.location(), said.location());
        let story = head.page(&page).await;
        assert!(story.contains(text) && !story.contains(&format!("{comment}/text")), "{story}");
        assert!(story.contains("aria-pressed=\"true\""), "who is mentioned follows");
        assert!(!head.page("/leads").await.contains("1 new"));
        assert_eq!(head.post(&format!("{comment}/text"), "text=Mine").await.status, StatusCode::FORBIDDEN);
        assert_eq!(head.post(&format!("{comment}/delete"), "").await.status, StatusCode::FORBIDDEN);
        head.post(&format!("{page}/follow"), "follow=false").await.made();
        assert!(head.page(&page).await.contains("aria-pressed=\"false\""));

        let changed = browser.post_with(&format!("{comment}/text"), "text=Better", &PARTIAL).await;
        assert!(changed.text.starts_with("<div id=\"talk\">") && changed.text.contains("Better"), "{}", changed.text);
        let gone = browser.post_with(&format!("{comment}/delete"), "", &PARTIAL).await;
        let gone = toast(gone.headers["hx-trigger"].to_str().unwrap());
        assert!(gone["toast"]["undo"]["href"].as_str().unwrap().starts_with("/undo/"), "{gone}");
        assert!(!browser.page(&page).await.contains(&format!("id=\"{}", comment.replace("/comments/", "comment-"))));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_does_not_see_the_record_is_not_called_to_it() {
    let (world, mut browser) = set_up(Locale::Ru).await;
    let mut seller = colleague(&world, "salesperson").await;
    let mine = browser.post("/leads/new", "name=Anna").await.made();
    let me = browser.page("/leads/new").await;
    let owner = me.split(">Мария Вершинина</option>").next().unwrap().rsplit("value=\"").next().unwrap();
    let owner = owner.split('"').next().unwrap().to_owned();
    browser.post(&format!("/leads/{mine}/edit?field=owner"), &format!("version=1&was.owner=&owner={owner}")).await;
    let page = format!("/leads/{mine}");
    assert_eq!(seller.get(&page).await.status, StatusCode::NOT_FOUND);
    for path in ["/comments", "/follow", "/tags?field=tags"] {
        let answer = seller.post(&format!("{page}{path}"), "text=Hi&follow=true&add=x").await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
    }
    assert_eq!(seller.get(&format!("{page}/mentions?q=m")).await.status, StatusCode::NOT_FOUND);
    let refused = browser.post_with(&format!("{page}/comments"), "text=@salesperson,+взгляни", &PARTIAL).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        refused.text.contains("Этой записи не видят: salesperson.")
            && refused.text.contains(">@salesperson, взгляни</textarea>"),
        "{}",
        refused.text
    );
    // A change that is refused stays a change: in the form of its comment, not in the composer.
    let said = browser.post(&format!("{page}/comments"), "text=Сам").await;
    let (_, comment) = said.location().rsplit_once("#comment-").unwrap();
    let change = format!("/comments/{comment}/text");
    for headers in [&PARTIAL[..], &PARTIAL[1..]] {
        let refused = browser.post_with(&change, "text=@salesperson,+взгляни", headers).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        let (_, form) = refused.text.split_once("<details class=\"change-words\" open>").unwrap();
        let form = form.split("</details>").next().unwrap();
        let error = format!("id=\"words-{comment}-error\"");
        assert!(form.contains(&change) && form.contains(&error) && form.contains("data-guard"), "{form}");
        assert_eq!(refused.text.matches(">@salesperson, взгляни</textarea>").count(), 1, "{}", refused.text);
        assert!(!refused.text.contains("id=\"say-error\""));
    }
    let offered = part(&mut browser, &format!("{page}/mentions?q=")).await;
    assert!(offered.contains("data-insert=\"Мария Вершинина\"") && !offered.contains("salesperson"), "{offered}");
    assert!(part(&mut browser, &format!("{page}/mentions?q=mari")).await.contains("role=\"option\""));
    assert!(part(&mut browser, &format!("{page}/mentions?q=aria")).await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn tags_are_put_in_and_taken_away_where_they_stand() {
    let (_world, mut browser) = set_up(Locale::Ru).await;
    let id = browser.post("/leads/new", "name=Анна&tags=vip,+Казань").await.made();
    let other = browser.post("/leads/new", "name=Пётр").await.made();
    assert!(browser.page("/leads").await.contains("Казань"));
    let address = format!("/leads/{other}/tags?field=tags");
    let offered = part(&mut browser, &address).await;
    assert!(offered.contains("<option value=\"vip\">") && offered.contains("<option value=\"Казань\">"), "{offered}");
    let added = browser.post_with(&address, "add=vip,+новый", &PARTIAL).await;
    assert!(
        added.text.starts_with("<dd class=\"labels\">") && added.text.contains("Убрать метку «новый»"),
        "{}",
        added.text
    );
    assert_eq!(toast(added.headers["hx-trigger"].to_str().unwrap())["toast"]["text"], "Сохранено");
    let taken = browser.post(&address, "remove=vip").await;
    assert_eq!(taken.location(), format!("/leads/{other}"));
    let page = browser.page(&format!("/leads/{other}")).await;
    assert!(!page.contains("value=\"vip\"") && page.contains("value=\"новый\""), "{page}");
    let long = browser.post_with(&address, &format!("add={}", "ы".repeat(60)), &PARTIAL).await;
    assert!(long.text.contains("id=\"add-tags-error\""), "{}", long.text);
    let form = browser.page(&format!("/leads/{id}/edit")).await;
    assert!(form.contains("name=\"tags\" value=\"vip, Казань\""), "{form}");
}

#[tokio::test(flavor = "multi_thread")]
async fn people_choose_what_they_get_by_letter() {
    let (_world, mut browser) = set_up(Locale::Ru).await;
    let page = browser.page("/notifications").await;
    assert!(page.contains("value=\"personal\" checked") && page.contains("Уведомлений нет"), "{page}");
    browser.post("/notifications/letters", "letters=none").await.made();
    assert!(browser.page("/notifications").await.contains("value=\"none\" checked"));
    browser.post("/notifications/letters", "letters=nonsense").await.made();
    assert!(browser.page("/notifications").await.contains("value=\"none\" checked"));
}
