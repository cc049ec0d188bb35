//! The shapes of a list besides the table: a board of stages, a calendar, bars over weeks, a
//! chart. Each reads its records in a few
//! statements, under the list's filter, words and order.

pub(crate) mod board;
pub(crate) mod calendar;
mod chart;
mod dates;
mod shape;
mod switch;
mod timeline;

use std::sync::Arc;

use axum::response::Response;
use maud::Markup;
use model::rights::Grant;
use model::{Locale, Module};
use store::{Error, List, Work};

use super::filter::Fields;
use super::query::Query;
use crate::drawn::bars::{self, Wanted};
use crate::ui::Lens;

pub(super) use shape::Shape;
pub(super) use switch::switch;

use self::shape::Kind;

/// What is asked for, by whom.
struct Asked<'a> {
    fields: &'a Fields,
    module: &'a Arc<Module>,
    grant: &'a Grant,
    query: &'a Query,
    locale: Locale,
    /// Address of the page, for forms that come back to it.
    here: &'a str,
}

/// The body of the page, where the list is asked for in a shape that it has; else it is a table.
pub(super) fn body(
    work: &mut Work<'_>,
    lens: &mut Lens,
    (fields, grant): (&Fields, &Grant),
    (query, here): (&Query, &str),
    list: &List,
) -> store::Result<Option<Markup>> {
    let module = fields.module();
    let asked = Asked { fields, module, grant, query, locale: lens.locale, here };
    Ok(match query.layout.kind {
        Kind::Table => None,
        _ if query.deleted => None,
        Kind::Board => match board::field(module, grant, &query.layout.by) {
            Some(field) => Some(board::read(work, lens, &asked, field, list)?),
            None => None,
        },
        Kind::Calendar => match dates::chosen(module, grant, &query.layout.by) {
            Some(dates) => Some(calendar::read(work, lens, &asked, dates, list)?),
            None => None,
        },
        Kind::Timeline => match dates::chosen(module, grant, &query.layout.by) {
            Some(dates) => Some(timeline::read(work, lens, &asked, dates, list)?),
            None => None,
        },
        Kind::Chart => {
            let measure = chart::measure(module, grant, &query.layout.by);
            Some(chart::read(work, lens, &asked, measure, list)?.markup())
        }
    })
}

/// A picture of the list as a file, where the list is asked for as pictures and has that many.
pub(super) fn file(
    work: &mut Work<'_>,
    lens: &mut Lens,
    (fields, grant): (&Fields, &Grant),
    (query, here): (&Query, &str),
    (list, wanted): (&List, Wanted),
) -> store::Result<Option<Response>> {
    let module = fields.module();
    if query.layout.kind != Kind::Chart || query.deleted {
        return Ok(None);
    }
    if wanted.kind == bars::Kind::Csv && !grant.export {
        let message = format!("your roles may not export {}", module.name);
        return Err(Error::forbidden("export_forbidden", message));
    }
    let asked = Asked { fields, module, grant, query, locale: lens.locale, here };
    let measure = chart::measure(module, grant, &query.layout.by);
    let picture = chart::read(work, lens, &asked, measure, list)?.picture(wanted.which);
    Ok(picture.map(|picture| picture.file(wanted.kind, &module.name)))
}
