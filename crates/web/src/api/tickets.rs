//! The PDF of a ticket.

use std::collections::BTreeSet;

use axum::extract::{Path, State};
use axum::response::Response;
use model::Locale;

use super::records::id;
use crate::caller::Caller;
use crate::problem::Problem;
use crate::state::Web;
use crate::ticket_file;

pub(crate) async fn pdf(
    State(web): State<Web>,
    caller: Caller,
    Path(ticket): Path<String>,
) -> Result<Response, Problem> {
    let id = id("tickets", &ticket)?;
    let actor = caller.actor();
    let locale = web
        .app
        .workspace()
        .read(actor.clone(), move |work| {
            let order = work.get("tickets", id)?.link("order");
            let order = order.map(|order| work.as_process(|work| work.get("orders", order))).transpose()?;
            Ok(order.and_then(|order| order.text("locale").and_then(Locale::parse)))
        })
        .await?;
    let locale = locale.unwrap_or(web.app.workspace().knowledge().settings.locale);
    Ok(ticket_file::answer(web.app.tickets_pdf(actor, BTreeSet::from([id]), locale).await?))
}
