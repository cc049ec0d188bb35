//! What came by the page of a form: its texts, and files where it takes any.

use std::collections::BTreeSet;

use app::attachments::Upload;
use axum::extract::{FromRequest as _, Request};
use axum::http::header;
use model::Actor;
use store::{FieldError, Work};

use super::too_large;
use crate::problem::Problem;
use crate::state::Web;
use crate::ui::typed::Typed;
use crate::uploads;

/// What somebody sent.
#[derive(Clone)]
pub(super) struct Sent {
    pub(super) typed: Typed,
    /// Files by the name under which the form asks for them.
    pub(super) files: Vec<(String, Upload)>,
    /// What is wrong with files that were not taken in.
    pub(super) faults: Vec<FieldError>,
}

impl Sent {
    /// Reads it. Whether the form takes files is known before any of their bytes is read.
    pub(super) async fn read(web: &Web, form: &str, request: Request) -> Result<Self, Problem> {
        let kind = request.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
        if !kind.starts_with("multipart/form-data") {
            let typed = Typed::from_request(request, web).await?;
            return Ok(Self { typed, files: Vec::new(), faults: Vec::new() });
        }
        let (app, name) = (web.app.clone(), form.to_owned());
        let open = move |work: &mut Work<'_>| Ok(app.open_form(work, &name)?.takes_files());
        let wanted: BTreeSet<String> = web.app.workspace().read(Actor::Public, open).await?;
        let replied = uploads::replied(web, request, &wanted).await?;
        Ok(Self { faults: too_large(&replied.too_large), typed: replied.typed, files: replied.files })
    }

    /// Names under which files came, those that were too large among them: what is wrong with these is told once.
    pub(super) fn keys(&self) -> BTreeSet<String> {
        let files = self.files.iter().map(|(key, _)| key.clone());
        files.chain(self.faults.iter().map(|fault| fault.field.clone())).collect()
    }
}
