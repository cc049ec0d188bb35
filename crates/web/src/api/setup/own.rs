//! What users change of themselves: name, language, password, menu, signature.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use store::{Error, Work};

use crate::api::answer::{Reply, Write};
use crate::api::me;
use crate::caller::{Caller, session};
use crate::problem::Problem;
use crate::setup::own::changed;
use crate::state::Web;

pub(crate) async fn change(State(web): State<Web>, caller: Caller, write: Write) -> Result<Response, Problem> {
    if !caller.user.scopes.is_empty() {
        return Err(Error::forbidden("missing_right", "a narrowed token may not change its user").into());
    }
    // The session that is at work goes on.
    let change = changed(&web, &caller.user, write.object()?, session(&write.headers)).await?;
    let (app, user) = (web.app.clone(), caller.user.id);
    let run = move |work: &mut Work<'_>| {
        change(work)?;
        let user = work.user(user)?.ok_or_else(|| Error::not_found("users", user))?;
        let own = me::own(work)?;
        Ok(Reply::new(StatusCode::OK, me::shown(&app, user, &own)))
    };
    write.run(&web, caller.author(), run).await
}
