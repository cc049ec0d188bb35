//! Who is away: rules hand them nothing meanwhile.

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use model::value::read_instant;
use serde_json::{Value, json};
use store::{Error, FieldError, Work};

use crate::api::answer::{Reply, Write};
use crate::api::keys;
use crate::api::records::id;
use crate::caller::Caller;
use crate::problem::Problem;
use crate::state::Web;

/// Notes until when somebody is away; null says that they are back. For oneself, and for administrators.
pub(crate) async fn set(
    State(web): State<Web>,
    caller: Caller,
    Path(user): Path<String>,
    write: Write,
) -> Result<Response, Problem> {
    let (id, body) = (id("users", &user)?, write.object()?);
    keys::known(&body, "", &["until"])?;
    let until = match body.get("until") {
        None => return Err(Error::field("until", "required", "until when, or null").into()),
        Some(Value::Null) => None,
        Some(until) => {
            let read = read_instant(until.as_str().unwrap_or_default());
            Some(read.map_err(|error| Error::Invalid(vec![FieldError::of("until", error)]))?)
        }
    };
    let run = move |work: &mut Work<'_>| {
        work.set_absence(id, until)?;
        let told = json!({"user": id.to_string(), "until": until.map(|until| until.to_string())});
        Ok(Reply::new(StatusCode::OK, told))
    };
    write.run(&web, caller.author(), run).await
}
