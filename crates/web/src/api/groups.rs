//! What staff do for an organisation that orders: its questionnaire, its invoice on paper.

use axum::extract::{Path, State};
use axum::response::Response;
use store::Work;

use super::answer::Write;
use super::records::{id, made};
use crate::caller::Caller;
use crate::problem::Problem;
use crate::state::Web;
use crate::ticket_file;

/// Enters the questionnaire of a deal for its buyer; answers the order.
pub(crate) async fn answer(
    State(web): State<Web>,
    caller: Caller,
    Path(deal): Path<String>,
    write: Write,
) -> Result<Response, Problem> {
    let (app, id, body) = (web.app.clone(), id("deals", &deal)?, write.object()?);
    let run = move |work: &mut Work<'_>| {
        let order = app.enter_questionnaire(work, id, &body)?;
        made(work, &order)
    };
    write.run(&web, caller.author(), run).await
}

/// The PDF of an invoice, as it was issued.
pub(crate) async fn invoice(
    State(web): State<Web>,
    caller: Caller,
    Path(invoice): Path<String>,
) -> Result<Response, Problem> {
    let id = id("invoices", &invoice)?;
    Ok(ticket_file::answer(web.app.invoice_pdf(caller.actor(), id).await?))
}
