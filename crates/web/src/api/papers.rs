//! Papers of a deal: issued under a number, drawn, sent to the client.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use model::Paper;
use serde_json::json;
use store::Work;

use super::answer::{Reply, Write};
use super::records::{id, made};
use crate::caller::Caller;
use crate::problem::Problem;
use crate::state::Web;
use crate::ticket_file;

/// Issues the contract of a deal.
pub(crate) async fn contract(
    web: State<Web>,
    caller: Caller,
    deal: Path<String>,
    write: Write,
) -> Result<Response, Problem> {
    issue(web, caller, deal, write, Paper::Contract).await
}

/// Issues the invoice of a deal.
pub(crate) async fn invoice(
    web: State<Web>,
    caller: Caller,
    deal: Path<String>,
    write: Write,
) -> Result<Response, Problem> {
    issue(web, caller, deal, write, Paper::Invoice).await
}

async fn issue(
    State(web): State<Web>,
    caller: Caller,
    Path(deal): Path<String>,
    write: Write,
    paper: Paper,
) -> Result<Response, Problem> {
    let (app, id) = (web.app.clone(), id("deals", &deal)?);
    nothing_said(&write)?;
    let run = move |work: &mut Work<'_>| {
        let issued = app.issue_paper(work, id, paper)?;
        made(work, &issued)
    };
    write.run(&web, caller.author(), run).await
}

/// Sends the papers of a deal that stand.
pub(crate) async fn send(
    State(web): State<Web>,
    caller: Caller,
    Path(deal): Path<String>,
    write: Write,
) -> Result<Response, Problem> {
    let (app, id) = (web.app.clone(), id("deals", &deal)?);
    nothing_said(&write)?;
    let run = move |work: &mut Work<'_>| {
        let sent = app.send_standing_papers(work, id, &Paper::ALL)?;
        let told = json!({"to": sent.to, "contract": sent.contract, "invoice": sent.invoice});
        Ok(Reply::new(StatusCode::OK, told))
    };
    write.run(&web, caller.author(), run).await
}

/// Papers say what the deal says: whoever sends more would think that it counts.
fn nothing_said(write: &Write) -> Result<(), Problem> {
    match write.object()?.keys().next() {
        None => Ok(()),
        Some(name) => Err(store::Error::field(name, "unknown_field", "nothing is said here: the deal says it").into()),
    }
}

/// The PDF of a contract, as it was drawn up.
pub(crate) async fn contract_pdf(
    State(web): State<Web>,
    caller: Caller,
    Path(contract): Path<String>,
) -> Result<Response, Problem> {
    let id = id("contracts", &contract)?;
    Ok(ticket_file::answer(web.app.contract_pdf(caller.actor(), id).await?))
}
