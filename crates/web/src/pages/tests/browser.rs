//! A browser as far as pages without script need one: it keeps cookies and sends forms.

use std::collections::BTreeMap;
use std::net::{IpAddr, SocketAddr};

use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::{Method, Request, StatusCode, header};
use http_body_util::BodyExt;
use model::Locale;
use tower::ServiceExt;

use super::World;
use crate::router;
use crate::state::Web;

pub(super) struct Browser {
    web: Web,
    locale: Locale,
    /// Whom the program sees at the other end of the connection.
    pub(super) peer: Option<IpAddr>,
    /// What proxies on the way say.
    pub(super) forwarded: Option<String>,
    pub(super) cookies: BTreeMap<String, String>,
}

/// What came back.
pub(super) struct Answer {
    pub(super) status: StatusCode,
    pub(super) headers: axum::http::HeaderMap,
    pub(super) text: String,
}

impl Browser {
    pub(super) fn new(world: &World, locale: Locale) -> Self {
        Self { web: world.web.clone(), locale, peer: None, forwarded: None, cookies: BTreeMap::new() }
    }

    pub(super) async fn get(&mut self, path: &str) -> Answer {
        self.send(Method::GET, path, Body::empty(), &[]).await
    }

    /// A page that is there, with every message in its place.
    pub(super) async fn page(&mut self, path: &str) -> String {
        let answer = self.get(path).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.text);
        answer.text
    }

    pub(super) async fn post(&mut self, path: &str, form: &str) -> Answer {
        self.post_with(path, form, &[("sec-fetch-site", "same-origin")]).await
    }

    pub(super) async fn post_with(&mut self, path: &str, form: &str, headers: &[(&str, &str)]) -> Answer {
        let mut headers = headers.to_vec();
        headers.push(("content-type", "application/x-www-form-urlencoded"));
        self.send(Method::POST, path, Body::from(escaped(form)), &headers).await
    }

    pub(super) async fn send(&mut self, method: Method, path: &str, body: Body, headers: &[(&str, &str)]) -> Answer {
        let mut request =
            Request::builder().method(method).uri(path).header(header::ACCEPT_LANGUAGE, self.locale.tag());
        if !self.cookies.is_empty() {
            let cookies: Vec<_> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
            request = request.header(header::COOKIE, cookies.join("; "));
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if let Some(forwarded) = &self.forwarded {
            request = request.header("x-forwarded-for", forwarded);
        }
        if let Some(peer) = self.peer {
            request = request.extension(ConnectInfo(SocketAddr::new(peer, 40_000)));
        }
        let response = router(self.web.clone()).oneshot(request.body(body).unwrap()).await.unwrap();
        let (parts, body) = response.into_parts();
        for cookie in parts.headers.get_all(header::SET_COOKIE) {
            let pair = cookie.to_str().unwrap().split(';').next().unwrap();
            let (name, value) = pair.split_once('=').unwrap();
            if value.is_empty() {
                self.cookies.remove(name)
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned())
            };
        }
        let bytes = body.collect().await.unwrap().to_bytes();
        let text = String::from_utf8_lossy(&bytes).into_owned();
        assert!(!text.contains('⟨'), "a message is missing: {path}\n{text}");
        // The frame of a letter has a policy of its own.
        let is_styled = text.contains(" style=\"") && !path.split('?').next().unwrap().ends_with("/letter");
        assert!(!is_styled && !text.contains(" onclick"), "the policy forbids it: {path}");
        Answer { status: parts.status, headers: parts.headers, text }
    }
}

impl Answer {
    /// Where it leads.
    pub(super) fn location(&self) -> &str {
        self.headers.get(header::LOCATION).map_or("", |value| value.to_str().unwrap())
    }

    /// The id of the record whose page it leads to.
    pub(super) fn made(&self) -> String {
        assert_eq!(self.status, StatusCode::SEE_OTHER, "{}", self.text);
        let page = self.location().split('?').next().unwrap();
        page.rsplit(['/', '#']).next().unwrap().to_owned()
    }
}

/// Letters of other scripts as forms send them.
fn escaped(form: &str) -> String {
    form.bytes()
        .map(|byte| if byte.is_ascii() && byte != b'"' { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect()
}
