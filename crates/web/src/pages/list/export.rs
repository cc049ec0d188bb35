//! A list as a table for spreadsheets: what it finds, in its order and with its columns, for whoever may export. It is read page
//! by page as it is sent, so that nothing is held however long it is; each page is of the moment when it is read.

use std::sync::Arc;

use app::App;
use app::spreadsheet::{Cell, MARK, line};
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use futures_util::stream::try_unfold;
use maud::{Markup, html};
use model::field::FieldType;
use model::rights::Scope;
use model::{Field, Id, Locale, Module, Record, Value};
use store::{Error, Result, Work};

use super::query::Query;
use super::{View, columns, saved};
use crate::pages::visitor::Visitor;
use crate::problem::Problem;
use crate::state::Web;
use crate::ui::typed::{Asked, Typed};
use crate::ui::{Lens, Words, icon};

/// Records read at once.
const PAGE: usize = 500;
/// What a currency stands beside.
const CURRENCY: &str = "organisation-currency";

/// The button below the rows.
pub(super) fn button(view: &View) -> Markup {
    let words = view.frame.locale.say("list-export");
    html! {
        @if view.grant.export && !view.query.deleted {
            @let address = format!("/export/{}?{}", view.module.name, view.query.written());
            a.btn.small.icon href=(address) title=(words) aria-label=(words) download { (icon(assets::icon::DOWNLOAD)) }
        }
    }
}

/// What is sent, and for whom.
struct Table {
    app: App,
    user: Id,
    locale: Locale,
    module: Arc<Module>,
    query: Query,
    columns: Vec<String>,
}

/// The table.
pub(crate) async fn export(
    State(web): State<Web>,
    visitor: Visitor,
    Path(module): Path<String>,
    Asked(pairs): Asked,
) -> std::result::Result<Response, Problem> {
    let (workspace, app, user, locale) =
        (web.app.workspace().clone(), web.app.clone(), visitor.user.id, visitor.locale);
    let begin = move |work: &mut Work<'_>| Table::asked(&app, work, (user, locale), &module, &pairs);
    let table = Arc::new(workspace.read(visitor.actor(), begin).await?);
    let name = format!("attachment; filename=\"{}.csv\"", table.module.name);
    // The first page is read before anything is sent: a filter that cannot be read is refused as on the page.
    let first = table.clone();
    let (text, next) = workspace.read(visitor.actor(), move |work| first.head(work)).await?;
    let actor = visitor.actor();
    let rest = try_unfold(Some((text, next)), move |state| {
        let (workspace, table, actor) = (workspace.clone(), table.clone(), actor.clone());
        async move {
            let Some((text, next)) = state else { return Ok::<_, Error>(None) };
            let Some(cursor) = next else { return Ok(Some((text, None))) };
            let more = workspace.read(actor, move |work| table.page(work, Some(cursor.clone()))).await?;
            Ok(Some((text, Some(more))))
        }
    });
    let headers = [(header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()), (header::CONTENT_DISPOSITION, name)];
    Ok((headers, Body::from_stream(rest)).into_response())
}

impl Table {
    fn asked(
        app: &App,
        work: &mut Work<'_>,
        (user, locale): (Id, Locale),
        module: &str,
        pairs: &Typed,
    ) -> Result<Self> {
        let module = work.module(module)?;
        let grant = work.grant(&module);
        if grant.read == Scope::None {
            return Err(Error::NoModule(module.name.clone()));
        }
        let view = saved::asked(work, &module, pairs.text("view"))?;
        let mut query = Query::read(pairs, view.as_ref());
        query.follow(&module, work.definitions());
        let mut columns = columns::shown(&module, &grant, &query.columns);
        // A list names its records also for those who do not see what they are called.
        columns.retain(|name| !grant.hidden.contains(name));
        Ok(Self { app: app.clone(), user, locale, module, query, columns })
    }

    /// The head and the first rows.
    fn head(&self, work: &mut Work<'_>) -> Result<(String, Option<String>)> {
        let lens = Lens::of(work, self.locale);
        let mut text = String::from(MARK);
        let cells = self.columns.iter().flat_map(|name| {
            let label = lens.label(&self.module, name);
            let is_money = self.module.field(name).is_some_and(|field| field.read_as() == FieldType::Money);
            let currency = is_money.then(|| format!("{label}, {}", self.locale.say(CURRENCY)));
            std::iter::once(label.clone()).chain(currency)
        });
        line(&mut text, cells.map(Cell::Text));
        let (rows, next) = self.page(work, None)?;
        Ok((text + &rows, next))
    }

    /// The next rows, under the rights that the reader has by now.
    fn page(&self, work: &mut Work<'_>, cursor: Option<String>) -> Result<(String, Option<String>)> {
        let kept_out = || Error::forbidden("account_closed", "the account was closed");
        let user = work.user(self.user)?.ok_or_else(kept_out)?;
        work.as_user(user, |work| {
            let grant = work.grant(&self.module);
            // A column that is hidden from them meanwhile would leave its place to the next one.
            if !grant.export || self.columns.iter().any(|name| grant.hidden.contains(name)) {
                let message = format!("your roles may not export {}", self.module.name);
                return Err(Error::forbidden("export_forbidden", message));
            }
            let mut list = self.query.list(work, &self.module, PAGE)?;
            list.cursor = cursor;
            let page = self.app.list(work, &self.module.name, &list)?;
            let mut lens = Lens::of(work, self.locale);
            lens.learn(work, &page.records)?;
            let mut text = String::new();
            for record in &page.records {
                line(&mut text, self.columns.iter().flat_map(|name| cells_of(&lens, record, name)));
            }
            Ok((text, page.next))
        })
    }
}

/// The cells of a column: of an amount its digits and its currency.
fn cells_of(lens: &Lens, record: &Record, name: &str) -> Vec<Cell> {
    let Some(field) = record.module.field(name) else { return vec![Cell::Text(of_every_record(lens, record, name))] };
    let value = record.get(name);
    match (value, field.read_as()) {
        (Value::Money(money), _) => {
            vec![Cell::Number(money.amount_text()), Cell::Text(money.currency.code().to_owned())]
        }
        (_, FieldType::Money) => vec![Cell::Text(String::new()), Cell::Text(String::new())],
        (Value::Int(number), _) => vec![Cell::Number(number.to_string())],
        (Value::Decimal { .. }, _) => vec![Cell::Number(app::plain(value).trim_matches('"').to_owned())],
        _ => vec![Cell::Text(words(lens, field, value))],
    }
}

/// Days and moments as every spreadsheet reads them, everything else as on the page.
fn words(lens: &Lens, field: &Field, value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::Date(date) => date.to_string(),
        Value::Instant(at) => lens.moment_for_tables(*at),
        other => lens.text(field, other),
    }
}

fn of_every_record(lens: &Lens, record: &Record, name: &str) -> String {
    let person = |id: Option<Id>| id.and_then(|id| lens.user(id)).unwrap_or_default().to_owned();
    match name {
        "owner" => person(record.owner),
        "created_by" => person(record.created_by),
        "created_at" => lens.moment_for_tables(record.created_at),
        "updated_at" => lens.moment_for_tables(record.updated_at),
        _ => String::new(),
    }
}
