//! Settings of forms, without a script: a form is made, its fields added, put in order and taken out, tried out, put in use.

use axum::http::StatusCode;
use model::Locale;

use super::browser::Browser;
use super::set_up;

const AT: &str = "/settings/forms/stand";

/// What stands around the fields, with a consent; `more` is sent besides.
fn around(more: &str) -> String {
    format!("label_ru=Стенд&label_en=A stand&consent_ru=Согласен&consent_en=I agree&values=readiness = warm{more}")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_is_built_tried_out_and_put_in_use() {
    for locale in Locale::ALL {
        let (world, mut staff) = set_up(locale).await;
        let is_ru = locale == Locale::Ru;
        let list = staff.page("/settings/forms").await;
        assert!(list.contains("/settings/forms/request"), "a fresh workspace has one: {list}");
        let refused = staff.post("/settings/forms", "label_ru=Стенд&name=Стенд&module=leads").await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        let made = staff.post("/settings/forms", "label_ru=Стенд&label_en=A stand&name=stand&module=leads").await;
        assert_eq!((made.status, made.location()), (StatusCode::SEE_OTHER, AT), "{}", made.text);
        // It asks for what every lead has, and is a draft.
        let page = staff.page(AT).await;
        for part in ["fields/name", "fields/email", if is_ru { "Черновик" } else { "Draft" }] {
            assert!(page.contains(part), "{part}: {page}");
        }
        assert!(!page.contains("iframe"), "a draft is put on no site");

        let new = format!("{AT}/new-field");
        let offered = staff.page(&new).await;
        assert!(offered.contains("value=\"company\"") && !offered.contains("value=\"status\""), "{offered}");
        assert!(!offered.contains("<option value=\"name\""), "what is asked already is not offered: {offered}");
        staff.post(&new, "field=company").await;
        let wrong = staff.post(&new, "field=need&label_en=What for?&if=nothing ==").await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(wrong.text.contains("id=\"if-error\"") && wrong.text.contains("value=\"What for?\""), "{}", wrong.text);
        staff.post(&new, "field=need&label_ru=Зачем?&label_en=What for?&if=has(company)&required=on").await;
        let nameless = staff.post(&new, "field=&name=brief").await;
        assert_eq!(nameless.status, StatusCode::UNPROCESSABLE_ENTITY, "a file says what it is");
        staff.post(&new, "field=&name=brief&label_ru=Бриф&label_en=Brief").await;
        // What a condition speaks of stands before it.
        let turned = staff.post(&format!("{AT}/order"), "up=need").await;
        assert_eq!(turned.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", turned.text);
        staff.post(&format!("{AT}/order"), "up=brief").await;
        let page = staff.page(AT).await;
        assert!(page.find("fields/brief") < page.find("fields/need"), "{page}");

        // Nobody else sees the draft; whoever shapes it tries it out, and nothing is kept.
        let mut guest = Browser::new(&world, locale);
        assert_eq!(guest.get("/forms/stand").await.status, StatusCode::NOT_FOUND);
        assert_ne!(guest.get(&format!("{AT}/test")).await.status, StatusCode::OK);
        let test = staff.page(&format!("{AT}/test")).await;
        assert!(test.contains("name=\"a.name\"") && test.contains("method=\"get\""), "{test}");
        let asked = "asked=name&asked=email&asked=company&asked=brief";
        let said = format!("{asked}&a.name=Anna&a.email=anna@example.org&a.company=Romashka");
        let more = staff.page(&format!("{AT}/test?{said}")).await;
        assert!(more.contains(if is_ru { "Зачем?" } else { "What for?" }), "{more}");
        let done = staff.page(&format!("{AT}/test?{said}&asked=need&a.need=A+wall")).await;
        assert!(
            done.contains("A wall")
                && done.contains(if is_ru { "Ничего не сохранено" } else { "Nothing was kept" }),
            "{done}"
        );
        assert!(!staff.page("/leads").await.contains("Romashka"));

        // It is put in use with a consent alone, and then stands on sites.
        let bare = staff.post(AT, "label_ru=Стенд&label_en=A stand&active=on").await;
        assert_eq!(bare.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(bare.text.contains("id=\"consent_ru-error\""), "{}", bare.text);
        let used = staff.post(AT, &around("&active=on")).await;
        assert_eq!(used.status, StatusCode::SEE_OTHER, "{}", used.text);
        let page = staff.page(AT).await;
        assert!(page.contains("&lt;iframe src=&quot;http://plenary.test/forms/stand?embed=1&quot;"), "{page}");
        assert!(page.contains("POST http://plenary.test/api/public/v1/forms/stand"), "{page}");
        assert!(guest.page("/forms/stand").await.contains("name=\"a.name\""));

        // Its own form is deleted, that of a pack is not; a field says who asks for it.
        assert!(staff.page("/settings/modules/leads/fields/company").await.contains(AT));
        let kept = staff.post("/settings/forms/request/delete", "").await;
        assert_eq!(kept.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", kept.text);
        assert_eq!(staff.post(&format!("{AT}/delete"), "").await.location(), "/settings/forms");
        assert_eq!(guest.get("/forms/stand").await.status, StatusCode::NOT_FOUND);
    }
}
