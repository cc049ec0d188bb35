//! A pack from somebody's computer: one file that was downloaded, or a pack of one file. It is shown what would change,
//! and the page carries the pack until it is applied: nothing is kept before that.

use std::collections::BTreeMap;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use maud::html;
use model::pack::Pack;
use store::{Error, Result as Done};

use super::plan::{self, Deed};
use super::{PACKS, faults, list};
use crate::pages::visitor::Visitor;
use crate::parts::Parts;
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
    parts: Parts,
) -> Result<Response, Problem> {
    app::shape::may_shape(&visitor.actor(), &web.app.workspace().knowledge().definitions)?;
    let sent = received(parts).await?;
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

async fn received(mut parts: Parts) -> Result<Sent, Problem> {
    let mut sent = Sent::default();
    while let Some(part) = parts.next().await? {
        match (part.control(), part.file_name().map(str::to_owned)) {
            ("pack", None) => sent.carried = Some(part.text().await?),
            // A form without a file sends one without a name.
            ("files", Some(name)) if !name.is_empty() => drop(sent.files.insert(name, part.bytes().await?.to_vec())),
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
        Ok(text) => Ok((name, text)),
        Err(_) => Err(Error::field(name, "unreadable_file", "this is not text in UTF-8")),
    };
    let texts = sent.files.into_iter().map(text).collect::<Done<BTreeMap<_, _>>>()?;
    if let (Some((name, text)), 1) = (texts.first_key_value(), texts.len())
        && name.ends_with(".json")
    {
        let files = app::packs::unbundle(name, text).map_err(faults)?;
        return app::packs::read(files).map_err(faults);
    }
    app::packs::read(texts).map_err(faults)
}
