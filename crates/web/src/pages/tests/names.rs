//! Help while an expression is written: what may be named beside its control, and where it is wrong. Without script.

use axum::body::Body;
use axum::http::{Method, StatusCode};
use model::Locale;

use super::{Browser, set_up};

/// What is folded beside the control of that id.
fn names<'p>(page: &'p str, id: &str) -> &'p str {
    let mark = format!("<details class=\"names\" id=\"{id}-names\"");
    let (_, rest) = page.split_once(&mark).unwrap_or_else(|| panic!("no names of {id} in {page}"));
    rest.split("</details>").next().unwrap()
}

async fn part(browser: &mut Browser, path: &str) -> String {
    let headers = [("hx-request", "true"), ("sec-fetch-site", "same-origin")];
    browser.send(Method::GET, path, Body::empty(), &headers).await.text
}

#[tokio::test(flavor = "multi_thread")]
async fn names_stand_beside_every_expression() {
    for locale in Locale::ALL {
        let (_world, mut browser) = set_up(locale).await;
        let (label, link) = if locale == Locale::Ru {
            ("Сумма", "Через связь «")
        } else {
            ("Amount", "Through the link “")
        };
        for (page, control) in [
            ("/settings/modules/deals", "expression"),
            ("/settings/modules/deals", "validation"),
            ("/settings/modules/deals/fields/amount", "validation"),
            ("/settings/rules/new?module=deals", "if"),
            ("/settings/processes/deals/new-move", "guard"),
        ] {
            let page = browser.page(page).await;
            assert!(page.contains(&format!("data-names=\"{control}-names\"")), "{page}");
            let names = names(&page, control);
            for part in
                ["data-insert=\"amount\"", label, link, "data-insert=\"account.name\"", "data-insert=\"today()\""]
            {
                assert!(names.contains(part), "{control}: {part} in {names}");
            }
            assert!(names.contains("*  /"), "division is among the signs");
        }
        // Rules know the record before the change, and their other expressions take the names of the condition.
        let rule = browser.page("/settings/rules/new?module=deals").await;
        assert!(names(&rule, "if").contains("data-before=\"was_\""));
        let letter = browser.post("/settings/rules", "module=deals&event=created&add=letter&do=add:").await.text;
        assert_eq!(letter.matches("data-names=\"if-names\"").count(), 3, "{letter}");
        // Of which module a roll-up gathers is said by its link.
        let module = browser.page("/settings/modules/accounts").await;
        let gathered = names(&module, "filter");
        assert!(gathered.contains("data-from=\"/settings/modules/{module}/names\" data-by=\"via\""), "{gathered}");
        assert!(!gathered.contains("data-insert"));
        let fetched = part(&mut browser, "/settings/modules/deals/names").await;
        assert!(fetched.contains("data-insert=\"amount\"") && !fetched.contains("<html"), "{fetched}");
        // A list stays small: its names come once they are wanted, and are a page without script.
        let list = browser.page("/deals").await;
        let offered = names(&list, "expression");
        assert!(offered.contains("data-from=\"/deals/names\"") && !offered.contains("data-insert"), "{offered}");
        assert!(browser.page("/deals/names").await.contains("data-insert=\"amount\""));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_fault_says_where_it_is_and_what_was_meant() {
    for (locale, near) in [(Locale::Ru, "Может быть, «amount»?"), (Locale::En, "Perhaps “amount”?")] {
        let (_world, mut browser) = set_up(locale).await;
        let line = "<code>stage != &quot;x&quot; &amp;&amp; <mark>amont</mark> &gt; 1</code>";
        let text = "stage+!%3D+%22x%22+%26%26+amont+%3E+1";
        let rule =
            format!("module=deals&label_ru=П&label_en=R&name=note&event=created&set=source+%3D+%22x%22&if={text}");
        let guard = "/settings/processes/deals/moves/lose";
        let field = "/settings/modules/deals/fields/amount";
        for (path, form) in [
            ("/settings/rules", rule.as_str()),
            (field, &format!("label_ru=Сумма&label_en=Amount&rules=on&validation={text}")),
            (guard, &format!("label_ru=П&label_en=L&to=lost&by=editor&from=qualification&guard={text}")),
        ] {
            let refused = browser.post(path, form).await;
            assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{path}: {}", refused.text);
            for part in [line, near, "data-fault=\"16 21\""] {
                assert!(refused.text.contains(part), "{path}: {part} in {}", refused.text);
            }
        }
        let list = browser.page(&format!("/deals?filter={text}")).await;
        assert!(list.contains(line) && list.contains(near) && list.contains("data-fault=\"16 21\""), "{list}");
    }
}
