//! Settings → Rules: made, changed, switched and tried by forms, without script.

use axum::http::StatusCode;
use model::Locale;

use super::{colleague, set_up};

#[tokio::test(flavor = "multi_thread")]
async fn a_rule_is_made_by_a_form_and_shows_what_it_did() {
    for locale in Locale::ALL {
        let (world, mut browser) = set_up(locale).await;
        let name = if locale == Locale::Ru { "Заметка" } else { "Note" };
        let list = browser.page("/settings/rules").await;
        assert!(list.contains("href=\"/settings/rules/quality_check_leads\""), "{list}");
        let form = browser.page("/settings/rules/new?module=leads").await;
        assert!(form.contains("name=\"states\" value=\"lost\"") && form.contains("role:salesperson"), "{form}");

        let wrong = "module=leads&label_ru=Заметка&label_en=Note&name=note&event=created&if=nothing&set=source+%3D+%22x%22&active=true";
        let refused = browser.post("/settings/rules", wrong).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.text.contains("role=\"alert\"") && refused.text.contains("href=\"#if\""), "{}", refused.text);
        assert!(refused.text.contains("value=\"Заметка\"") && refused.text.contains("source = &quot;x&quot;"), "kept");
        let torn = browser.post("/settings/rules", &wrong.replace("if=nothing", "if=").replace("+%3D+", "+")).await;
        assert_eq!(torn.status, StatusCode::UNPROCESSABLE_ENTITY, "a line that is none");

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

        let change = "module=leads&label_ru=Заметка&label_en=Note&event=entered&states=lost&if=&budget=2\
                      &create_module=activities&create=subject+%3D+name%0D%0Aabout+%3D+id&create_by=turns&notify=owner";
        let changed = browser.post("/settings/rules/note", change).await;
        assert_eq!(changed.location(), "/settings/rules/note", "{}", changed.text);
        let page = browser.page("/settings/rules/note").await;
        assert!(page.contains("about = id\nsubject = name"), "the form holds it: {page}");
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

        // The list of a sponsorship's documents is a rule of the form: a record below the other.
        let list = browser.page("/settings/rules/sponsorship_documents").await;
        let (_, form) = list.split_once("<textarea id=\"create\"").unwrap();
        let form = form.split("</textarea>").next().unwrap();
        assert_eq!(form.matches("deal = id").count(), 2, "{form}");

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
    let calls = "create_module=activities&create=subject+%3D+name%0D%0Aabout+%3D+id&create_by=turns";
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
        ("&notify=role:nobody", "Такой роли нет."),
        ("&template=nothing&letter_to=email", "Для такого письма нет шаблона."),
        ("&survey=nothing", "Такого опроса нет."),
        ("&create_module=nothing&create=name+%3D+name", "Такого модуля нет."),
        ("&transition=nothing", "Такой стадии, перехода или таймера нет."),
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
