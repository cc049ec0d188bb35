//! Placeholder: the description is written beside the routes it describes.
use axum::Json;
use axum::extract::State;
use serde_json::{Value, json};
use crate::state::Web;
pub(crate) async fn document(State(_web): State<Web>) -> Json<Value> { Json(json!({})) }
