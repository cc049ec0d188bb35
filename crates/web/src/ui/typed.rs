//! What somebody typed into a form: pairs of names and texts, kept to be shown again.

use axum::extract::{FromRequest, FromRequestParts, RawForm, Request};
use axum::http::request::Parts;

use crate::problem::Problem;
use crate::state::Web;

/// A form as it was sent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Typed(Vec<(String, String)>);

impl Typed {
    /// The text of the control called `name`, without blanks around it; empty where there is none.
    pub(crate) fn text(&self, name: &str) -> &str {
        self.get(name).unwrap_or_default().trim()
    }

    /// The text of the control called `name` as it was sent.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|pair| pair.0 == name).map(|pair| pair.1.as_str())
    }

    /// The texts of all controls called `name`.
    pub(crate) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |pair| pair.0 == name).map(|pair| pair.1.as_str())
    }

    pub(crate) fn has(&self, name: &str) -> bool {
        self.get(name).is_some()
    }

    /// All pairs, in the order of the form.
    pub(crate) fn pairs(&self) -> &[(String, String)] {
        &self.0
    }

    /// One more text of a control of which there are several.
    pub(crate) fn add(&mut self, name: &str, text: impl Into<String>) {
        self.0.push((name.to_owned(), text.into()));
    }

    pub(crate) fn set(&mut self, name: &str, text: impl Into<String>) {
        self.0.retain(|pair| pair.0 != name);
        self.0.push((name.to_owned(), text.into()));
    }
}

impl FromRequest<Web> for Typed {
    type Rejection = Problem;

    async fn from_request(request: Request, web: &Web) -> Result<Self, Problem> {
        let form = RawForm::from_request(request, web).await;
        let RawForm(bytes) =
            form.map_err(|rejection| Problem::new(rejection.status(), "unreadable_body", rejection.body_text()))?;
        read(&bytes)
    }
}

/// What the query of an address asks for.
pub(crate) struct Asked(pub(crate) Typed);

impl FromRequestParts<Web> for Asked {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &Web) -> Result<Self, Problem> {
        read(parts.uri.query().unwrap_or_default().as_bytes()).map(Self)
    }
}

/// Reads a query or the body of a form.
pub(crate) fn read(bytes: &[u8]) -> Result<Typed, Problem> {
    let pairs: Vec<(String, String)> = serde_urlencoded::from_bytes(bytes)
        .map_err(|error| Problem::bad_request("invalid_form", format!("the form cannot be read: {error}")))?;
    if pairs.iter().any(|(_, text)| text.contains('\0')) {
        return Err(Problem::bad_request("invalid_form", "the form holds the character U+0000"));
    }
    Ok(Typed(pairs))
}
