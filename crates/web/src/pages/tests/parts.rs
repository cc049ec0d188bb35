//! Forms with files: every door that takes one reads it in the same way.

use axum::body::Body;
use axum::http::{Method, StatusCode};
use model::Locale;

use super::set_up;

/// Doors, with the control that takes a file.
const DOORS: [(&str, &str); 2] = [("/settings/organisation/logo", "logo"), ("/settings/packs", "files")];

#[tokio::test(flavor = "multi_thread")]
async fn a_form_that_is_none_or_too_large_is_refused_in_the_same_way() {
    let (_world, mut browser) = set_up(Locale::En).await;
    for (path, control) in DOORS {
        let plain = browser.post(path, "logo=x").await;
        assert_eq!(plain.status, StatusCode::UNSUPPORTED_MEDIA_TYPE, "{path}: {}", plain.text);
        assert!(plain.text.contains("It cannot be taken in this form"), "{path}: {}", plain.text);

        let mut body = format!("--edge\r\ncontent-disposition: form-data; name=\"{control}\"; filename=\"x\"\r\n\r\n");
        body.push_str(&"x".repeat(2 * 1024 * 1024));
        body.push_str("\r\n--edge--\r\n");
        let headers = [("content-type", "multipart/form-data; boundary=edge"), ("sec-fetch-site", "same-origin")];
        let large = browser.send(Method::POST, path, Body::from(body), &headers).await;
        assert_eq!(large.status, StatusCode::PAYLOAD_TOO_LARGE, "{path}: {}", large.text);
        let cut = browser.send(Method::POST, path, Body::from("--edge\r\n"), &headers).await;
        assert_eq!(cut.status, StatusCode::BAD_REQUEST, "{path}: {}", cut.text);
    }
}
