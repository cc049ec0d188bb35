//! What people keep of a list for themselves, such as widths and folded groups: a form of the list is sent, and one comes
//! back to the list.

use std::sync::Arc;

use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use model::Module;
use model::rights::{Grant, Scope};
use store::{Error, Origin, Work};

use super::query::Query;
use super::saved;
use crate::pages::visitor::Visitor;
use crate::problem::Problem;
use crate::state::Web;
use crate::ui::typed::Typed;

/// The list that a form belongs to.
pub(super) struct Own<'a> {
    pub(super) module: Arc<Module>,
    pub(super) grant: Grant,
    pub(super) query: Query,
    pub(super) form: &'a Typed,
}

/// Lets `change` write what the form says; it answers the address of the list, where whoever has no script goes.
pub(super) async fn keep(
    web: &Web,
    visitor: &Visitor,
    module: String,
    form: Typed,
    change: fn(&mut Work<'_>, &Own<'_>) -> store::Result<String>,
) -> Result<Response, Problem> {
    let write = move |work: &mut Work<'_>| {
        let module = work.module(&module)?;
        let grant = work.grant(&module);
        if grant.read == Scope::None {
            return Err(Error::NoModule(module.name.clone()));
        }
        let saved = saved::asked(work, &module, form.text("view"))?;
        let query = Query::read(&form, saved.as_ref());
        change(work, &Own { module, grant, query, form: &form })
    };
    let (address, _) = web.app.workspace().write(visitor.author(), Origin::from("interface"), write).await?;
    Ok(if visitor.partial { StatusCode::NO_CONTENT.into_response() } else { Redirect::to(&address).into_response() })
}
