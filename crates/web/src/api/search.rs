//! One box over every module.

use axum::Json;
use axum::extract::{RawQuery, State};
use serde_json::{Value, json};
use store::Reading;

use super::answer::data;
use crate::caller::Bearer;
use crate::problem::Problem;
use crate::query::pairs;
use crate::state::Web;

/// The most hits of one answer.
const LIMIT: usize = 50;

pub(crate) async fn search(
    State(web): State<Web>,
    bearer: Bearer,
    RawQuery(raw): RawQuery,
) -> Result<Json<Value>, Problem> {
    let text = bearer.understood(&web, asked(raw.as_deref())).await?;
    let hits = bearer.read(&web, Reading::Several, move |work| work.search(&text, LIMIT)).await?;
    let shown = hits.into_iter().enumerate().map(|(place, hit)| {
        json!({
            "module": hit.module, "id": hit.id.to_string(), "title": hit.title, "subtitle": hit.subtitle,
            // Best first; the number only says the order.
            "score": LIMIT.saturating_sub(place),
        })
    });
    Ok(Json(data(shown.collect())))
}

/// The words that are looked for.
fn asked(query: Option<&str>) -> Result<String, Problem> {
    let mut text = String::new();
    for (name, value) in pairs(query)? {
        if name == "q" {
            text = value.chars().filter(|character| *character != '\0').take(400).collect();
        }
    }
    Ok(text)
}
