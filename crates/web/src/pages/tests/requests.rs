//! Requests from outside and webhooks, without a script: a source is connected, tried out and taken away; what is rejected is
//! corrected; a webhook is seen and sent once more.

use axum::body::Body;
use axum::http::{Method, StatusCode};
use model::Locale;
use serde_json::{Value as Json, json};

use super::browser::{Answer, Browser};
use super::set_up;

const AT: &str = "/settings/requests";
const WEBHOOKS: &str = "/settings/webhooks";

async fn told(browser: &mut Browser, path: &str, body: &Json) -> Answer {
    let headers = [("content-type", "application/json"), ("sec-fetch-site", "same-origin")];
    browser.send(Method::POST, path, Body::from(body.to_string()), &headers).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_source_is_connected_tried_out_and_taken_away() {
    for locale in Locale::ALL {
        let (_world, mut staff) = set_up(locale).await;
        let [would, refused, unread] = if locale == Locale::Ru {
            ["Заявка читается", "Заявка ждала бы", "Образец не читается"]
        } else {
            ["The request can be read", "The request would wait", "The sample"]
        };
        let wrong = staff.post(AT, "name=Shop&kind=webhook&form=lead_form&secret=short").await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(wrong.text.contains("value=\"Shop\"") && wrong.text.contains("id=\"secret-error\""), "{}", wrong.text);
        assert!(!wrong.text.contains("value=\"short\""), "a secret is not given back");
        let made = staff.post(AT, "name=Shop&kind=webhook&form=lead_form&secret=a+word+of+both&hook_secret=").await;
        assert_eq!(made.status, StatusCode::SEE_OTHER, "{}", made.text);
        let at = made.location().to_owned();
        let page = staff.page(&at).await;
        assert!(page.contains(&at.replace(AT, "/api/hooks/requests")) && !page.contains("a word of both"), "{page}");
        assert!(page.contains("X-Hub-Signature-256"), "{page}");
        assert!(staff.page(AT).await.contains(&at));
        assert!(!staff.page("/settings/lines").await.contains("Shop"), "it is no telephone");

        let attempt = format!("{at}/try");
        let sample = "body={\"contact\":{\"name\":\"Мирослава\",\"email\":\"anna@example.org\"},\"colour\":\"red\"}";
        let tried = staff.post(&attempt, sample).await;
        assert_eq!(tried.status, StatusCode::OK, "{}", tried.text);
        for part in [would, "contact.email", "colour", "anna@example.org"] {
            assert!(tried.text.contains(part), "{part}: {}", tried.text);
        }
        assert!(!staff.page("/leads").await.contains("Мирослава"), "nothing is kept");
        let tried = staff.post(&attempt, "body={\"name\":\"Мирослава\",\"email\":\"anna\"}").await;
        assert!(tried.text.contains(refused), "{}", tried.text);
        for nothing in ["body=nothing", "body=[]"] {
            assert_eq!(staff.post(&attempt, nothing).await.status, StatusCode::UNPROCESSABLE_ENTITY, "{nothing}");
        }
        assert!(staff.post(&attempt, "body=[]").await.text.contains(unread));

        let saved = staff.post(&at, "name=Магазин&form=lead_form&header=X-Signature&id_path=order.id&active=on").await;
        assert_eq!(saved.location(), format!("{at}?saved=true"), "{}", saved.text);
        let page = staff.page(&at).await;
        assert!(page.contains("value=\"order.id\"") && page.contains("<code>X-Signature</code>"), "{page}");
        let wrong = staff.post(&at, "name=Магазин&form=nothing&header=X+Signature").await;
        assert!(wrong.text.contains("id=\"form-error\""), "{}", wrong.text);
        assert_eq!(staff.post(&at, "delete=yes").await.location(), AT);
        assert_eq!(staff.get(&at).await.status, StatusCode::NOT_FOUND);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rejected_request_of_a_source_is_seen_whole_and_corrected() {
    for locale in Locale::ALL {
        let (world, mut staff) = set_up(locale).await;
        let made = staff.post(AT, "name=VK&kind=vk&form=lead_form&secret=a+word+of+both").await;
        let door = made.location().replace(AT, "/api/hooks/requests");
        let answers = json!([
            {"key": "first_name", "question": "Имя", "answer": "Анна"},
            {"key": "email", "question": "Почта", "answer": "anna-at-example"},
            {"key": "custom_0", "question": "Какой стенд?", "answer": "Угловой"},
        ]);
        let event = json!({"type": "lead_forms_new", "group_id": 1, "secret": "a word of both",
            "object": {"lead_id": 17, "group_id": 1, "form_id": 3, "answers": answers}});
        let heard = told(&mut Browser::new(&world, locale), &door, &event).await;
        assert_eq!((heard.status, heard.text.as_str()), (StatusCode::OK, "ok"));

        let list: Json = serde_json::from_str(&staff.page("/api/v1/rejected_requests").await).unwrap();
        let id = list["data"][0]["id"].as_str().unwrap();
        let at = format!("/rejected_requests/{id}");
        let page = staff.page(&at).await;
        for part in ["anna-at-example", "Какой стенд?", "Угловой"] {
            assert!(page.contains(part), "{part}: {page}");
        }
        assert!(!page.contains("a word of both"), "{page}");
        let form = staff.page(&format!("{at}/resubmit")).await;
        for part in ["name=\"name\"", "value=\"Анна\"", "name=\"company\"", "value=\"anna-at-example\""] {
            assert!(form.contains(part), "{part}: {form}");
        }
        let again = staff.post(&format!("{at}/resubmit"), "name=Анна&email=anna-at&phone=&company=&need=").await;
        assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", again.text);
        let sent = staff
            .post(&format!("{at}/resubmit"), "name=Анна+Котова&email=anna@example.org&phone=&company=&need=")
            .await;
        assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.text);
        assert!(staff.page("/leads").await.contains("Анна Котова"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_webhook_is_seen_and_sent_once_more() {
    for locale in Locale::ALL {
        let (world, mut staff) = set_up(locale).await;
        let [again, queued, waits] = if locale == Locale::Ru {
            ["Отправить ещё раз", "Вебхук снова в пути", "Он уже в пути"]
        } else {
            ["Send again", "It is on its way once more", "It is on its way already"]
        };
        assert!(!staff.page(WEBHOOKS).await.contains("<table"), "there is none yet");
        told(&mut staff, "/api/v1/meta/webhook-secret", &json!({})).await;
        let then = json!([{"do": "webhook", "url": "https://example.org/hook"}]);
        let rule = json!({"name": "tells", "label": {"ru": "Сообщает", "en": "Tells"}, "module": "leads", "when": {"event": "created"}, "then": then});
        assert_eq!(told(&mut staff, "/api/v1/meta/rules", &rule).await.status, StatusCode::CREATED);
        told(&mut staff, "/api/v1/leads", &json!({"name": "Анна"})).await;
        world.web.app.run_due().await.unwrap();
        let page = staff.page(WEBHOOKS).await;
        assert!(page.contains("https://example.org/hook") && page.contains(again), "{page}");
        assert!(staff.page("/settings/rules").await.contains(&format!("href=\"{WEBHOOKS}\"")));
        assert!(!staff.page(&format!("{WEBHOOKS}?state=failed")).await.contains("example.org/hook"));
        let path =
            page.split("action=\"").find_map(|rest| rest.split('"').next().filter(|path| path.ends_with("/redeliver")));
        let path = path.unwrap().to_owned();
        assert_eq!(staff.post(&path, "").await.location(), format!("{WEBHOOKS}?sent=true"));
        assert!(staff.page(&format!("{WEBHOOKS}?sent=true")).await.contains(queued));
        let refused = staff.post(&path, "").await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.text.contains(waits), "{}", refused.text);
    }
}
