//! Files on pages, without script: attached, seen, saved, made the value of a field, taken away; and nothing in them runs.

use axum::body::Body;
use axum::http::{Method, StatusCode};
use model::Locale;

use super::browser::{Answer, Browser};
use super::{colleague, set_up};

async fn send(browser: &mut Browser, path: &str, parts: &[(&str, Option<&str>, &str)]) -> Answer {
    let mut body = String::new();
    for (name, file, content) in parts {
        let file = file.map(|file| format!("; filename=\"{file}\"")).unwrap_or_default();
        body.push_str(&format!("--x\r\nContent-Disposition: form-data; name=\"{name}\"{file}\r\n\r\n{content}\r\n"));
    }
    body.push_str("--x--\r\n");
    let headers = [("content-type", "multipart/form-data; boundary=x"), ("sec-fetch-site", "same-origin")];
    browser.send(Method::POST, path, Body::from(body), &headers).await
}

#[tokio::test(flavor = "multi_thread")]
async fn files_are_attached_seen_and_taken_away() {
    for locale in Locale::ALL {
        let (world, mut browser) = set_up(locale).await;
        let id = browser.post("/leads/new", "name=Anna").await.made();
        let page = format!("/leads/{id}");
        let sent = [("file", Some("<b>.pdf"), "%PDF-1.7"), ("file", Some("x.html"), "<script>1</script>")];
        assert_eq!(send(&mut browser, &format!("{page}/files"), &sent).await.status, StatusCode::SEE_OTHER);
        let shown = browser.page(&page).await;
        assert!(shown.contains("&lt;b&gt;.pdf") && !shown.contains("<b>.pdf"), "{shown}");
        let file = |name: &str| {
            let link = shown.split(&format!(">{name}</a></b>")).next().unwrap().rsplit("href=\"").next().unwrap();
            link.split('"').next().unwrap().to_owned()
        };
        let (pdf, html) = (file("&lt;b&gt;.pdf"), file("x.html"));

        let seen = browser.page(&pdf).await;
        assert!(seen.contains(&format!("<iframe class=\"seen\" src=\"{pdf}/content\"")), "{seen}");
        let content = browser.get(&format!("{pdf}/content")).await;
        assert_eq!(content.headers["content-type"], "application/pdf");
        assert!(content.headers["content-disposition"].to_str().unwrap().starts_with("inline"));
        assert!(content.headers["content-security-policy"].to_str().unwrap().contains("frame-ancestors 'self'"));
        assert!(
            browser.get(&format!("{pdf}/content?save")).await.headers["content-disposition"]
                .to_str()
                .unwrap()
                .starts_with("attachment")
        );
        // What a browser would run is saved, never shown.
        let content = browser.get(&format!("{html}/content")).await;
        assert_eq!(content.headers["content-type"], "application/octet-stream");
        assert!(content.headers["content-disposition"].to_str().unwrap().starts_with("attachment"));
        assert!(content.headers["content-security-policy"].to_str().unwrap().ends_with("sandbox"));
        assert_eq!(content.headers["x-content-type-options"], "nosniff");

        let mut head = colleague(&world, "head_of_sales").await;
        assert!(head.page(&pdf).await.contains("download"));
        assert!(!head.page(&pdf).await.contains(&format!("{pdf}/delete")), "it is not theirs to take away");
        assert_eq!(head.post(&format!("{pdf}/delete"), "").await.status, StatusCode::FORBIDDEN);
        let mut door = colleague(&world, "door").await;
        for path in [pdf.clone(), format!("{pdf}/content"), format!("{page}/files")] {
            assert!([StatusCode::FORBIDDEN, StatusCode::NOT_FOUND].contains(&door.get(&path).await.status), "{path}");
        }
        assert_eq!(browser.post(&format!("{pdf}/delete"), "").await.location().split('?').next().unwrap(), page);
        assert!(!browser.page(&page).await.contains(&format!("id=\"file-{}", pdf.rsplit('/').next().unwrap())));
        let nothing = send(&mut browser, &format!("{page}/files"), &[("file", Some(""), "")]).await;
        assert_eq!(nothing.status, StatusCode::UNPROCESSABLE_ENTITY);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_field_takes_a_file_in_a_form_of_its_own() {
    let (_world, mut browser) = set_up(Locale::En).await;
    let field = "label_ru=Договор&label_en=Contract&name=contract&type=file";
    assert_eq!(browser.post("/settings/modules/leads/fields", field).await.status, StatusCode::SEE_OTHER);
    let page = format!("/leads/{}", browser.post("/leads/new", "name=Anna").await.made());
    let form = format!("{page}/files?field=contract");
    assert!(browser.page(&page).await.contains(&form.replace('&', "&amp;")));
    assert!(browser.page(&form).await.contains("name=\"field\" value=\"contract\""));
    let files = format!("{page}/files");
    send(&mut browser, &files, &[("field", None, "contract"), ("file", Some("deal.txt"), "text")]).await.made();
    let shown = browser.page(&page).await;
    assert!(shown.contains(">deal.txt</a></dd>"), "{shown}");
    // Emptied, and filled with what is there already.
    let chosen = browser.page(&form).await;
    let id = chosen
        .split("checked> deal.txt")
        .next()
        .unwrap()
        .rsplit("value=\"")
        .next()
        .unwrap()
        .split('"')
        .next()
        .unwrap()
        .to_owned();
    let id = if id.len() == 36 {
        id
    } else {
        chosen.split("name=\"chosen\" value=\"").nth(2).unwrap().split('"').next().unwrap().to_owned()
    };
    send(&mut browser, &files, &[("field", None, "contract"), ("chosen", None, ""), ("file", Some(""), "")])
        .await
        .made();
    assert!(!browser.page(&page).await.contains(">deal.txt</a></dd>"));
    send(&mut browser, &files, &[("field", None, "contract"), ("chosen", None, &id), ("file", Some(""), "")])
        .await
        .made();
    assert!(browser.page(&page).await.contains(">deal.txt</a></dd>"));
}
