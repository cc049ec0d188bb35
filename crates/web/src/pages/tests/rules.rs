//! Settings → Rules: made, changed, switched and tried by forms, without script.

use axum::body::Body;
use axum::http::{Method, StatusCode};
use model::Locale;
use serde_json::json;

use super::browser::Browser;
use super::{colleague, set_up};

/// Sends JSON to the API as whoever is signed in.
async fn made(browser: &mut Browser, path: &str, body: serde_json::Value) {
    let headers = [("content-type", "application/json"), ("sec-fetch-site", "same-origin")];
    let answer = browser.send(Method::POST, path, Body::from(body.to_string()), &headers).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{path}: {}", answer.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rule_is_made_by_a_form_and_shows_what_it_did() {
    for locale in Locale::ALL {
        let (world, mut browser) = set_up(locale).await;
        let name = if locale == Locale::Ru { "Заметка" } else { "Note" };
        let list = browser.page("/settings/rules").await;
        assert!(list.contains("href=\"/settings/rules/quality_check_leads\""), "{list}");
        let form = browser.page("/settings/rules/new?module=leads").await;
        assert!(form.contains("name=\"states\" value=\"lost\""), "{form}");

        let wrong = "module=leads&label_ru=Заметка&label_en=Note&name=note&event=created&if=nothing&then.0.do=set&then.0.fields=source+%3D+%22x%22&active=true";
        let refused = browser.post("/settings/rules", wrong).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.text.contains("role=\"alert\"") && refused.text.contains("href=\"#if\""), "{}", refused.text);
        assert!(refused.text.contains("value=\"Заметка\"") && refused.text.contains("source = &quot;x&quot;"), "kept");
        let torn = browser.post("/settings/rules", &wrong.replace("if=nothing", "if=").replace("+%3D+", "+")).await;
        assert_eq!(torn.status, StatusCode::UNPROCESSABLE_ENTITY, "a line that is none");
        assert!(torn.text.contains("id=\"then.0-0-error\"") && torn.text.contains("href=\"#then\""), "{}", torn.text);

        let made = browser.post("/settings/rules", &wrong.replace("if=nothing", "if=name+!%3D+%22Boris%22")).await;
        assert_eq!(made.location(), "/settings/rules/note", "{}", made.text);
        let anna = browser.post("/leads/new", "name=Anna").await.made();
        let boris = browser.post("/leads/new", "name=Boris").await.made();
        world.web.app.run_due().await.unwrap();
        assert!(browser.page(&format!("/leads/{anna}")).await.contains(name), "who did it");
        let page = browser.page("/settings/rules/note").await;
        assert!(page.contains(&format!("href=\"/leads/{anna}\"")) && !page.contains(&boris), "{page}");
        assert!(page.contains("/changes\""), "the way to what it changed");
        let tried = browser.page("/settings/rules/note?rehearse=true").await;
        assert!(tried.contains("id=\"rehearsal\"") && tried.contains("Anna"), "{tried}");

        let change = "module=leads&label_ru=Заметка&label_en=Note&event=entered&states=lost&if=&budget=2&letters=5\
                      &then.0.do=create&then.0.module=activities&then.0.fields=subject+%3D+name%0D%0Aabout+%3D+id&then.0.by=turns\
                      &then.1.do=notify&then.1.to=owner";
        let changed = browser.post("/settings/rules/note", change).await;
        assert_eq!(changed.location(), "/settings/rules/note", "{}", changed.text);
        let page = browser.page("/settings/rules/note").await;
        assert!(page.contains("about = id\nsubject = name"), "the form holds it: {page}");
        assert!(page.contains("name=\"letters\" inputmode=\"numeric\" value=\"5\""), "{page}");
        for lead in [&anna, &boris] {
            browser.post(&format!("/leads/{lead}/transitions/lose"), "lost_reason=Later").await;
        }
        world.web.app.run_due().await.unwrap();
        let page = browser.page("/settings/rules/note").await;
        assert!(page.contains("action=\"/settings/rules/note/resume\""), "one was its budget: {page}");
        let resumed = browser.post("/settings/rules/note/resume", "").await;
        assert_eq!(resumed.location(), "/settings/rules/note?queued=true");
        world.web.app.run_due().await.unwrap();
        assert!(!browser.page("/settings/rules/note").await.contains("/resume\""));

        // The list of a sponsorship's documents is a rule of the form: one record is made after the other.
        let list = browser.page("/settings/rules/sponsorship_documents").await;
        assert_eq!(list.matches("deal = id").count(), 2, "{list}");

        let off = browser.post("/settings/rules/note/switch", "active=false&back=list").await;
        assert_eq!(off.location(), "/settings/rules");
        let kept = browser.post("/settings/rules/quality_check_leads/delete", "").await;
        assert_eq!(kept.status, StatusCode::UNPROCESSABLE_ENTITY, "a pack's own is switched off");
        let gone = browser.post("/settings/rules/note/delete", "").await;
        assert_eq!(gone.location(), "/settings/rules");
        assert_eq!(browser.get("/settings/rules/note").await.status, StatusCode::NOT_FOUND);

        let mut other = colleague(&world, "salesperson").await;
        assert_eq!(other.get("/settings/rules").await.status, StatusCode::FORBIDDEN);
        assert_eq!(other.get("/settings/rules/share_leads").await.status, StatusCode::FORBIDDEN);
        let form = "active=true";
        assert_eq!(other.post("/settings/rules/share_leads/switch", form).await.status, StatusCode::FORBIDDEN);
        assert_eq!(other.post("/settings/rules/share_leads/rerun", "").await.status, StatusCode::FORBIDDEN);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rule_is_saved_switched_off_and_asks_before_it_acts_at_once() {
    let (world, mut browser) = set_up(Locale::En).await;
    let form = browser.page("/settings/rules/new?module=leads").await;
    assert!(form.contains("name=\"active\" value=\"false\" checked"), "off unless somebody says otherwise: {form}");
    browser.post("/leads/new", "name=Anna").await.made();
    let workspace = world.web.app.workspace().clone();
    let later = workspace.clock().now().checked_add(jiff::SignedDuration::from_hours(9)).unwrap();
    tokio::task::spawn_blocking(move || workspace.move_clock(later)).await.unwrap().unwrap();
    let calls =
        "then.0.do=create&then.0.module=activities&then.0.fields=subject+%3D+name%0D%0Aabout+%3D+id&then.0.by=turns";
    let body = format!("module=leads&label_en=Slow&name=slow&event=stayed&states=new&after=PT8H&{calls}");
    let made = browser.post("/settings/rules", &body).await;
    assert_eq!(made.location(), "/settings/rules/slow", "{}", made.text);
    world.web.app.run_due().await.unwrap();
    let page = browser.page("/settings/rules/slow").await;
    assert!(
        page.contains("Switched on, it acts on 1 record at once.") && page.contains("There are no runs."),
        "{page}"
    );

    // The switch and the form ask first.
    let asked = browser.post("/settings/rules/slow/switch", "active=true&back=list").await;
    assert_eq!(asked.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(asked.text.contains("name=\"sure\" value=\"yes\"") && asked.text.contains("1 record at once"));
    let asked = browser.post("/settings/rules/slow", &format!("{body}&active=true")).await;
    assert_eq!(asked.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(asked.text.contains("name=\"sure\" value=\"yes\"") && asked.text.contains("value=\"true\" checked"));
    let asked =
        browser.post("/settings/rules", &format!("{body}&active=true").replace("name=slow", "name=other")).await;
    assert_eq!(asked.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(asked.text.contains("name=\"sure\" value=\"yes\""));
    world.web.app.run_due().await.unwrap();
    assert!(browser.page("/settings/rules/slow").await.contains("There are no runs."), "nothing was switched on");
    // What acts on nobody is not asked about.
    let none = body.replace("PT8H", "P30D").replace("name=slow", "name=later");
    let made = browser.post("/settings/rules", &format!("{none}&active=true")).await;
    assert_eq!(made.location(), "/settings/rules/later", "{}", made.text);

    let on = browser.post("/settings/rules/slow", &format!("{body}&active=true&sure=yes")).await;
    assert_eq!(on.location(), "/settings/rules/slow");
    world.web.app.run_due().await.unwrap();
    let page = browser.page("/settings/rules/slow").await;
    assert!(!page.contains("There are no runs.") && !page.contains("record at once"), "{page}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_wrong_is_told_in_the_readers_language() {
    let (_world, mut browser) = set_up(Locale::Ru).await;
    let rule = "module=leads&label_ru=П&label_en=R&name=note&event=created";
    for (more, told) in [
        ("&then.0.do=notify&then.0.to=role:nobody", "Такой роли нет."),
        ("&then.0.do=letter&then.0.template=nothing&then.0.to=email", "Для такого письма нет шаблона."),
        ("&then.0.do=survey&then.0.survey=nothing", "Такого опроса нет."),
        ("&then.0.do=create&then.0.module=nothing&then.0.fields=name+%3D+name", "Такого модуля нет."),
        ("&then.0.do=move&then.0.transition=nothing", "Такой стадии, перехода или таймера нет."),
    ] {
        let refused = browser.post("/settings/rules", &format!("{rule}{more}")).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{more}");
        assert!(refused.text.contains(told), "{more}: {}", refused.text);
        assert!(!refused.text.contains("there is no"), "{more}: {}", refused.text);
    }
    let question = "label_ru=Как?&label_en=How?&key=how&kind=text&prefill=nothing";
    let refused = browser.post("/settings/surveys/decline/new-question", question).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.text.contains("Такого поля нет."), "{}", refused.text);
}

/// The value that a control of the form has.
fn value<'p>(page: &'p str, name: &str) -> Option<&'p str> {
    let (_, rest) = page.split_once(&format!("name=\"{name}\" value=\""))?;
    rest.split('"').next()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_letter_three_days_and_another_letter_are_put_together_by_buttons_without_script() {
    for locale in Locale::ALL {
        let (world, mut browser) = set_up(locale).await;
        for name in ["first", "second"] {
            let letter = json!({"name": name, "label": name, "subject": name, "text": "Text"});
            made(&mut browser, "/api/v1/meta/letters", letter).await;
        }
        let list = "/settings/rules";
        let empty = browser.page("/settings/rules/new?module=leads").await;
        assert!(empty.contains("name=\"do\" value=\"add:\"") && !empty.contains("then.0.do"), "{empty}");
        let head = "module=leads&label_ru=Письма&label_en=Letters&name=letters&event=created&if=has(email)&active=true";
        let letter = |place: usize, name: &str| {
            format!("then.{place}.do=letter&then.{place}.template={name}&then.{place}.to=email&then.{place}.name=name")
        };
        let first = browser.post(list, &format!("{head}&add=letter&do=add:")).await;
        assert_eq!(first.status, StatusCode::OK);
        assert!(first.text.contains("name=\"then.0.template\""), "{}", first.text);
        assert!(first.text.contains("has(email)</textarea>") && first.text.contains("value=\"letters\""), "kept");
        let form = format!("{head}&{}&add=wait&do=add:", letter(0, "first"));
        let second = browser.post(list, &form).await.text;
        assert_eq!(value(&second, "then.0.to"), Some("email"), "{second}");
        assert!(second.contains("name=\"then.1.after\"") && !second.contains("name=\"then.1.template\""));
        let wait = |place: usize| format!("then.{place}.do=wait&then.{place}.after=P3D");
        // It was added in the wrong place, and comes up; what nobody wanted goes.
        let form = format!("{head}&{}&{}&{}", letter(0, "first"), letter(1, "second"), wait(2));
        let up = browser.post(list, &format!("{form}&do=up:2")).await.text;
        assert!(up.contains("name=\"then.1.after\"") && value(&up, "then.2.to") == Some("email"), "{up}");
        let less = browser.post(list, &format!("{form}&then.3.do=notify&do=remove:3")).await.text;
        assert!(less.contains("then.2.do") && !less.contains("then.3.do"), "{less}");
        assert_eq!(browser.get("/settings/rules/letters").await.status, StatusCode::NOT_FOUND, "nothing is saved yet");

        let form = format!("{head}&{}&{}&{}", letter(0, "first"), wait(1), letter(2, "second"));
        let saved = browser.post(list, &form).await;
        assert_eq!(saved.location(), "/settings/rules/letters", "{}", saved.text);
        let page = browser.page("/settings/rules/letters").await;
        assert!(page.contains("name=\"then.2.template\"") && page.contains("name=\"then.1.after\""), "{page}");
        // The form of a rule that is there is put together by the same buttons.
        let more = browser.post("/settings/rules/letters", &format!("{form}&add=notify&do=add:")).await;
        assert_eq!(more.status, StatusCode::OK);
        assert!(more.text.contains("name=\"then.3.to\"") && more.text.contains("#then.3\""), "{}", more.text);

        browser.post("/leads/new", "name=Anna&email=anna@example.org").await.made();
        let outbox = async |browser: &mut Browser| -> Vec<String> {
            world.web.app.run_due().await.unwrap();
            let page = browser.page("/api/v1/sandbox/outbox?to=anna@example.org").await;
            let page: serde_json::Value = serde_json::from_str(&page).unwrap();
            let letters = page["data"].as_array().unwrap();
            letters.iter().map(|it| it["subject"].as_str().unwrap().to_owned()).collect()
        };
        assert_eq!(outbox(&mut browser).await, ["first"]);
        let workspace = world.web.app.workspace().clone();
        let later = workspace.clock().now().checked_add(jiff::SignedDuration::from_hours(73)).unwrap();
        tokio::task::spawn_blocking(move || workspace.move_clock(later)).await.unwrap().unwrap();
        assert_eq!(outbox(&mut browser).await, ["first", "second"]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rule_of_a_move_is_begun_from_the_page_of_its_process_and_stands_there() {
    let (world, mut browser) = set_up(Locale::En).await;
    let process = browser.page("/settings/processes/leads").await;
    let address = "/settings/rules/new?module=leads&amp;event=moved&amp;transitions=lose";
    assert!(process.contains(&format!("href=\"{address}\"")), "{process}");
    let form = browser.page(&address.replace("&amp;", "&")).await;
    assert!(form.contains("name=\"transitions\" value=\"lose\" checked"), "{form}");
    let body = "module=leads&label_en=Farewell&name=farewell&event=moved&transitions=lose&active=true\
                &then.0.do=set&then.0.fields=need+%3D+%22gone%22";
    let saved = browser.post("/settings/rules", body).await;
    assert_eq!(saved.location(), "/settings/rules/farewell", "{}", saved.text);
    let lead = browser.post("/leads/new", "name=Anna").await.made();
    browser.post(&format!("/leads/{lead}/transitions/lose"), "lost_reason=Later").await;
    world.web.app.run_due().await.unwrap();
    assert!(browser.page("/settings/rules/farewell").await.contains(&format!("href=\"/leads/{lead}\"")));
    assert!(browser.page("/settings/processes/leads").await.contains("href=\"/settings/rules/farewell\""));
}

#[tokio::test(flavor = "multi_thread")]
async fn administrators_come_from_the_bell_to_the_runs_that_need_them() {
    for locale in Locale::ALL {
        let (world, mut browser) = set_up(locale).await;
        let body = json!({
            "name": "broken", "label": {"ru": "Сломано", "en": "Broken"}, "module": "leads", "when": {"event": "created"},
            "then": [{"do": "assign", "to": {"team": "Nobody"}}],
        });
        made(&mut browser, "/api/v1/meta/rules", body).await;
        browser.post("/leads/new", "name=Anna").await.made();
        world.web.app.run_due().await.unwrap();
        let bell = browser.page("/notifications").await;
        let words = if locale == Locale::Ru {
            "в правиле «Сломано» начались сбои"
        } else {
            "the rule “Broken” has begun to fail"
        };
        assert!(bell.contains(words), "{bell}");
        let (_, rest) = bell.split_once("class=\"about\"").unwrap();
        let (_, rest) = rest.split_once("href=\"/notifications/").unwrap();
        let notice = rest.split('"').next().unwrap();
        let opened = browser.get(&format!("/notifications/{notice}")).await;
        assert_eq!(opened.location(), "/settings/rules/broken?state=failed#runs");
        let page = browser.page("/settings/rules/broken?state=failed").await;
        assert!(page.contains("Anna"), "{page}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_keeps_what_a_rule_names_and_nobody_offers() {
    let (_world, mut browser) = set_up(Locale::En).await;
    let body = json!({
        "name": "sold", "label": {"ru": "Продано", "en": "Sold"}, "module": "deals",
        "when": {"event": "moved", "transitions": ["win"]},
        "then": [{"do": "notify", "to": ["owner", {"team": "Sales"}]}],
    });
    made(&mut browser, "/api/v1/meta/rules", body).await;
    let form = browser.page("/settings/rules/sold").await;
    for control in ["name=\"transitions\" value=\"win\" checked", "name=\"then.0.to\" value=\"team:Sales\" checked"] {
        assert!(form.contains(control), "{control}: {form}");
    }
}
