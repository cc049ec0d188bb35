//! A pack from somebody's computer: one file that was downloaded, or the files of its folder. It is shown what would change,
//! and the page carries the pack until it is applied: nothing is kept before that.

use std::collections::BTreeMap;

use axum::extract::{Multipart, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use maud::html;
use model::pack::Pack;
use store::{Error, Result as Done};

use super::plan::{self, Deed};
use super::{PACKS, faults, list};
use crate::pages::visitor::Visitor;
use crate::problem::Problem;
use crate::state::Web;

/// What was sent.
#[derive(Default)]
struct Sent {
    /// The pack that the page carried.
    carried: Option<String>,
    /// Files by name.
    files: BTreeMap<String, Vec<u8>>,
}

pub(in crate::pages::settings) async fn take(
    State(web): State<Web>,
    visitor: Visitor,
    form: Multipart,
) -> Result<Response, Problem> {
    app::shape::may_shape(&visitor.actor(), &web.app.workspace().knowledge().definitions)?;
    let sent = received(form).await?;
    let is_confirmed = sent.carried.is_some();
    match read(sent) {
        Ok(pack) if is_confirmed => plan::done(&web, &visitor, Deed::Put(Box::new(pack)), PACKS).await,
        Ok(pack) => {
            let carried = html! { input type="hidden" name="pack" value=(app::packs::bundle(&pack)); };
            plan::planned(&web, &visitor, Deed::Put(Box::new(pack)), PACKS, &carried).await
        }
        Err(error) => {
            let page = list::drawn(&web, &visitor, Some(&error)).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
    }
}

async fn received(mut form: Multipart) -> Result<Sent, Problem> {
    let unreadable = |error: axum::extract::multipart::MultipartError| {
        let code = if error.status() == StatusCode::PAYLOAD_TOO_LARGE { "too_large" } else { "unreadable_body" };
        Problem::new(error.status(), code, error.body_text())
    };
    let mut sent = Sent::default();
    while let Some(part) = form.next_field().await.map_err(unreadable)? {
        let (control, name) = (part.name().map(str::to_owned), part.file_name().map(str::to_owned));
        let bytes = part.bytes().await.map_err(unreadable)?;
        match (control.as_deref(), name) {
            (Some("pack"), None) => sent.carried = Some(String::from_utf8_lossy(&bytes).into_owned()),
            // A form without a file sends one without a name.
            (Some("files"), Some(name)) if !name.is_empty() => drop(sent.files.insert(name, bytes.to_vec())),
            _ => {}
        }
    }
    Ok(sent)
}

fn read(sent: Sent) -> Done<Pack> {
    if let Some(text) = &sent.carried {
        let files = app::packs::unbundle("pack", text).map_err(faults)?;
        return app::packs::read(files).map_err(faults);
    }
    let text = |(name, bytes): (String, Vec<u8>)| match String::from_utf8(bytes) {
        Ok(text) => Ok((name.replace('\\', "/"), text)),
        Err(_) => Err(Error::field(name, "invalid", "this is not text in UTF-8")),
    };
    let texts = sent.files.into_iter().map(text).collect::<Done<BTreeMap<_, _>>>()?;
    if let (Some((name, text)), 1) = (texts.first_key_value(), texts.len())
        && name.ends_with(".json")
    {
        let files = app::packs::unbundle(name, text).map_err(faults)?;
        return app::packs::read(files).map_err(faults);
    }
    app::packs::read(from_folder(texts)).map_err(faults)
}

/// Names counted from the folder that `pack.toml` lies in, where the browser said the folder too.
fn from_folder(files: BTreeMap<String, String>) -> BTreeMap<String, String> {
    let root = files.keys().find_map(|name| name.strip_suffix("pack.toml")).unwrap_or_default().to_owned();
    files.into_iter().map(|(name, text)| (name.strip_prefix(&root).unwrap_or(&name).to_owned(), text)).collect()
}
