//! Lists: filter, full text, sort, pages by key.

use std::sync::Arc;

use model::expr::{Plan, Type};
use model::{Field, FieldType, Id, Module, Record};
use serde_json::{Value as Json, json};

use super::derived::reads_now;
use super::grouping::{Grouping, Groups};
use crate::db::{Dialect, Param, Row, Sql};
use crate::error::{Error, Result};
use crate::schema::columns::sort_column;
use crate::work::Work;

/// Counting stops here, unless somebody asks for more.
pub const COUNT_LIMIT: i64 = 10_000;

/// More keys of an order are refused.
const SORT_KEYS: usize = 4;

/// One key of an order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sort {
    /// The field, or a system field.
    pub field: String,
    /// Largest first.
    pub descending: bool,
}

impl Sort {
    /// Reads a field, with `-` in front when the largest come first; nothing of an empty text.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let (field, descending) = text.strip_prefix('-').map_or((text, false), |field| (field, true));
        (!field.is_empty()).then(|| Self { field: field.to_owned(), descending })
    }
}

/// What is asked of a list.
#[derive(Clone, Debug, Default)]
pub struct List {
    /// A condition.
    pub filter: Option<Plan>,
    /// Words to be found.
    pub text: Option<String>,
    /// What parts the list into groups, as [`Work::grouping`] reads it: it goes before every order.
    pub group: Option<String>,
    /// Which of its groups pages go through; counts and totals are of all.
    pub groups: Groups,
    /// The order; records made last come first where nothing is said.
    pub sort: Vec<Sort>,
    /// How many, at most 500.
    pub limit: usize,
    /// Where the last page ended.
    pub cursor: Option<String>,
    /// The bin instead of what is in use.
    pub deleted: bool,
}

impl List {
    /// The cursor of a list of what was made last first that goes on behind the record `id`, wherever its pages ended.
    #[must_use]
    pub fn behind(id: Id) -> String {
        encoded(&json!(["-id", [id.to_string()]]))
    }
}

/// A page of a list.
#[derive(Clone, Debug)]
pub struct Page {
    /// The records.
    pub records: Vec<Record>,
    /// Where the next page begins; nothing on the last one.
    pub next: Option<String>,
}

/// One key with the SQL of its column.
pub(super) struct Key {
    /// What it is called in a cursor.
    name: String,
    pub(super) sql: Sql,
    kind: KeyKind,
    descending: bool,
    /// Never null, so that pages need no second look.
    filled: bool,
    /// Whether an index has the records in this order.
    walked: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum KeyKind {
    Text,
    Int,
    Bool,
    Instant,
    Date,
    Uuid,
}

impl Work<'_> {
    /// A page of the records that the caller may see.
    ///
    /// # Errors
    /// [`Error::BadQuery`] for an unknown sort field or a cursor of another list.
    pub fn list(&mut self, module: &str, list: &List) -> Result<Page> {
        let module = self.module(module)?;
        let grant = self.grant(&module);
        let keys = self.ordered(&module, list, &grant.hidden)?;
        let limit = list.limit.clamp(1, 500);
        let mut rows = Vec::new();
        for statement in self.statements(&module, list, &keys, limit + 1)? {
            rows.extend(self.rows(&statement)?);
            if rows.len() > limit {
                break;
            }
        }
        let width = rows.first().map_or(0, Row::len) - if rows.is_empty() { 0 } else { keys.len() };
        let next = match rows.get(limit) {
            Some(_) => rows.get(limit - 1).map(|last| write_cursor(&keys, last, width)).transpose()?,
            None => None,
        };
        rows.truncate(limit);
        Ok(Page { records: self.records(&module, rows, &grant.hidden)?, next })
    }

    /// What reads `wanted` records of a page: statements to be run one after the other until the page is full.
    fn statements(&mut self, module: &Arc<Module>, list: &List, keys: &[Key], wanted: usize) -> Result<Vec<Sql>> {
        let mut select = Sql::new("select ").append(self.selection(module)?);
        for key in keys {
            select = select.push(", ").append(key.sql.clone());
        }
        let select = select.push(" from ").push_ident(&module.name)?.push(" t where ");
        let found = self.condition(module, list)?;
        let found = self.among_groups(found, module, list)?;
        let pieces = match &list.cursor {
            None => vec![found],
            Some(cursor) => {
                let pieces = pieces(keys, &read_cursor(keys, cursor)?).into_iter();
                pieces.map(|piece| found.clone().push(" and ").append(piece)).collect()
            }
        };
        let order = order(keys, self.dialect());
        let finish = |found: Sql| {
            let page = |begin: Sql| begin.append(found).append(order.clone()).limit(wanted);
            if is_walked(list, keys) {
                return Ok(page(select.clone()));
            }
            let ids = page(Sql::new("select t.id from ").push_ident(&module.name)?.push(" t where "));
            Ok(select.clone().push("t.id in (").append(ids).push(")").append(order.clone()))
        };
        pieces.into_iter().map(finish).collect()
    }

    /// How the database goes about a page, in its own words.
    ///
    /// # Errors
    /// As [`Work::list`].
    #[cfg(feature = "testing")]
    pub fn explain(&mut self, module: &str, list: &List) -> Result<Vec<String>> {
        let module = self.module(module)?;
        let keys = self.ordered(&module, list, &self.grant(&module).hidden)?;
        let (explain, column) = match self.dialect() {
            Dialect::Sqlite => ("explain query plan ", 3),
            Dialect::Postgres => ("explain ", 0),
        };
        let mut lines = Vec::new();
        for statement in self.statements(&module, list, &keys, 51)? {
            let rows = self.rows(&Sql::new(explain).append(statement))?;
            lines.extend(rows.iter().map(|row| row.text(column)).collect::<Result<Vec<_>, _>>()?);
        }
        Ok(lines)
    }

    /// How many records the list has: exactly up to `limit`, and `limit + 1` when there are more.
    ///
    /// # Errors
    /// As [`Work::list`].
    pub fn count(&mut self, module: &str, list: &List, limit: Option<i64>) -> Result<i64> {
        let module = self.module(module)?;
        let from =
            Sql::new(" from ").push_ident(&module.name)?.push(" t where ").append(self.condition(&module, list)?);
        let sql = match limit {
            None => Sql::new("select count(*)").append(from),
            Some(limit) => Sql::new("select count(*) from (select 1").append(from).limit(limit + 1).push(") counted"),
        };
        Ok(self.tx.one(&sql)?.int(0)?)
    }

    /// Every record that fulfils `filter`, oldest first, without pages: for processes, which know that they are few.
    ///
    /// # Errors
    /// When the database fails.
    pub fn find(&mut self, module: &str, filter: Plan) -> Result<Vec<Record>> {
        let module = self.module(module)?;
        let hidden = self.grant(&module).hidden;
        let list = List { filter: Some(filter), ..List::default() };
        let sql = Sql::new("select ").append(self.selection(&module)?).push(" from ").push_ident(&module.name)?;
        let sql = sql.push(" t where ").append(self.condition(&module, &list)?).push(" order by t.id");
        let rows = self.rows(&sql)?;
        self.records(&module, rows, &hidden)
    }

    /// Whether a list can be asked of a module by the caller, found out without asking.
    pub(crate) fn fits(&self, module: &Module, list: &List) -> Result<()> {
        self.ordered(module, list, &self.grant(module).hidden)?;
        list.filter.as_ref().map_or(Ok(()), |filter| self.filter_sql(module, filter).map(drop))
    }

    /// Rights, bin, filter and full text of a list over `t`.
    pub(super) fn condition(&mut self, module: &Arc<Module>, list: &List) -> Result<Sql> {
        let scope = self.grant(module).read;
        let bin = if list.deleted { "t.deleted_at is not null" } else { "t.deleted_at is null" };
        let mut sql = self.reached(Sql::new(bin), module, scope);
        if let Some(filter) = &list.filter {
            sql = sql.push(" and ").append(self.filter_sql(module, filter)?);
        }
        if let Some(text) = list.text.as_deref().filter(|text| !text.trim().is_empty()) {
            sql = sql.push(" and ").append(self.text_condition(module, text)?);
        }
        Ok(sql)
    }
}

impl Work<'_> {
    /// The keys of a list: its groups, then its order.
    fn ordered(&self, module: &Module, list: &List, hidden: &[String]) -> Result<Vec<Key>> {
        let mut keys: Vec<Key> = match &list.group {
            Some(name) => self.group_keys(&self.grouping(module, name)?),
            None => Vec::new(),
        };
        keys.extend(self.keys(module, &list.sort, hidden)?);
        Ok(keys)
    }

    /// The keys of groups: their place where they have one, then what their records share.
    fn group_keys(&self, by: &Grouping) -> Vec<Key> {
        let kind = match by.head().kind {
            FieldType::Checkbox => KeyKind::Bool,
            FieldType::Link | FieldType::File | FieldType::Person => KeyKind::Uuid,
            FieldType::Rating | FieldType::Number | FieldType::Decimal => KeyKind::Int,
            FieldType::Date => KeyKind::Date,
            _ => KeyKind::Text,
        };
        let descending = by.is_latest_first();
        let key = |ending: &str, sql: Sql, kind: KeyKind| {
            let period = by.period.map_or("", model::Period::name);
            let name = format!("{}{ending}{period}", by.field.name);
            Key { name, sql, kind, descending, filled: descending, walked: false }
        };
        let place_kind = if by.field.kind == FieldType::Choice { KeyKind::Int } else { KeyKind::Text };
        let place = by.place().map(|sql| key("|", sql, place_kind));
        place.into_iter().chain([key("||", by.sql(self.dialect()), kind)]).collect()
    }

    /// The condition narrowed to the groups that are gone through.
    fn among_groups(&self, found: Sql, module: &Module, list: &List) -> Result<Sql> {
        let Some(name) = &list.group else { return Ok(found) };
        Ok(match &list.groups {
            Groups::All => found,
            Groups::Only(values) => found.push(" and ").append(self.grouping(module, name)?.holds_any(values)),
            Groups::But(values) => {
                let held = self.grouping(module, name)?.holds_any(values);
                found.push(" and case when ").append(held).push(" then 0 else 1 end = 1")
            }
        })
    }

    pub(super) fn keys(&self, module: &Module, sort: &[Sort], hidden: &[String]) -> Result<Vec<Key>> {
        let mut keys: Vec<Key> = Vec::new();
        if sort.len() > SORT_KEYS {
            return Err(Error::bad_query("invalid_sort", format!("a list is sorted by {SORT_KEYS} fields at most")));
        }
        for sort in sort {
            let system = |kind, filled| {
                let walked = matches!(sort.field.as_str(), "id" | "owner") || is_indexed(module, &sort.field);
                Some(Key { walked, ..Key::of(&sort.field, &sort.field, kind, sort.descending, filled) })
            };
            let key = match sort.field.as_str() {
                "id" => system(KeyKind::Uuid, true),
                "version" => system(KeyKind::Int, true),
                "created_at" | "updated_at" => system(KeyKind::Instant, true),
                "owner" if module.owners => system(KeyKind::Uuid, false),
                name => match module.field(name).filter(|field| !hidden.contains(&field.name)) {
                    Some(field) => self.key(module, field, sort.descending)?,
                    None => None,
                },
            };
            let Some(key) = key else {
                return Err(Error::bad_query(
                    "invalid_sort",
                    format!("{} cannot be sorted by {:?}", module.name, sort.field),
                ));
            };
            keys.push(key);
            // No two records share an id: nothing after it matters.
            if sort.field == "id" {
                return Ok(keys);
            }
        }
        let descending = keys.last().is_none_or(|last| last.descending);
        keys.push(Key { walked: true, ..Key::of("id", "id", KeyKind::Uuid, descending, true) });
        Ok(keys)
    }

    fn key(&self, module: &Module, field: &Field, descending: bool) -> Result<Option<Key>> {
        let kind = match field.read_as() {
            FieldType::LongText
            | FieldType::Json
            | FieldType::MultiChoice
            | FieldType::Links
            | FieldType::Record
            | FieldType::Formula
            | FieldType::RollUp => return Ok(None),
            FieldType::Number | FieldType::Decimal | FieldType::Money | FieldType::Rating => KeyKind::Int,
            FieldType::Checkbox => KeyKind::Bool,
            FieldType::Date => KeyKind::Date,
            FieldType::Datetime => KeyKind::Instant,
            FieldType::Link | FieldType::File | FieldType::Person => KeyKind::Uuid,
            _ => KeyKind::Text,
        };
        match module.derived(&field.name) {
            // What changes from one page to the next puts nothing in order.
            Some(plan) if reads_now(plan) => Ok(None),
            Some(plan) => {
                let kind = if plan.kind == Type::Duration { KeyKind::Int } else { kind };
                let sql = self.derived_key(module, plan)?;
                Ok(Some(Key { name: field.name.clone(), sql, kind, descending, filled: false, walked: false }))
            }
            None if field.is_stored() => {
                let key = Key::of(&field.name, &sort_column(field), kind, descending, false);
                Ok(Some(match self.seen_if(module, &field.name, "t") {
                    None => Key { walked: is_indexed(module, &field.name), ..key },
                    // Records in which it is hidden stand where nothing stands in it.
                    Some(seen) => {
                        let sql = Sql::new("(case when ").append(seen).push(" then ").append(key.sql.clone());
                        Key { sql: sql.push(" end)"), ..key }
                    }
                }))
            }
            None => Ok(None),
        }
    }
}

/// Whether an index has records in the order of the keys. Where none has, those of a page are found first and read then: sorting all
/// of them whole, with what is worked out of them, takes many times as long.
pub(super) fn is_walked(list: &List, keys: &[Key]) -> bool {
    // Nothing in the bin is in an index but by its id.
    keys.first().is_some_and(|key| key.walked && (!list.deleted || key.name == "id"))
}

/// Whether an index that records are sorted by begins with a field. Those that keep values unique are made for equality.
fn is_indexed(module: &Module, name: &str) -> bool {
    let indexed = |field: &Field| field.index || matches!(field.kind, FieldType::Link | FieldType::File);
    let first = |names: &Vec<String>| names.first().is_some_and(|first| first == name);
    module.field(name).is_some_and(indexed) || module.indexes.iter().any(first)
}

impl Key {
    fn of(name: &str, column: &str, kind: KeyKind, descending: bool, filled: bool) -> Self {
        let sql = Sql::new(format!("t.\"{column}\""));
        Self { name: name.to_owned(), sql, kind, descending, filled, walked: false }
    }

    /// Nothing sorts before everything, in both databases.
    pub(super) fn direction(&self, dialect: Dialect) -> &'static str {
        match (self.descending, dialect, self.filled) {
            (false, Dialect::Postgres, false) => " asc nulls first",
            (true, Dialect::Postgres, false) => " desc nulls last",
            (false, ..) => " asc",
            (true, ..) => " desc",
        }
    }
}

/// The order of the keys.
pub(super) fn order(keys: &[Key], dialect: Dialect) -> Sql {
    let mut text = Sql::default();
    for (position, key) in keys.iter().enumerate() {
        text.push_str(if position == 0 { " order by " } else { ", " });
        text.push_sql(key.sql.clone());
        text.push_str(key.direction(dialect));
    }
    text
}

/// The records behind `values`, in pieces to be read one after the other. Each begins at one place of an index over the
/// first key, so that a page deep in a list is found as fast as the first one.
fn pieces(keys: &[Key], values: &[Param]) -> Vec<Sql> {
    let (Some((key, rest)), Some((value, further))) = (keys.split_first(), values.split_first()) else {
        return Vec::new();
    };
    let empty = || key.sql.clone().push(" is null");
    match (value, key.descending) {
        (Param::Null, descending) => {
            let mut all = vec![empty().push(" and ").append(after(rest, further))];
            if !descending {
                all.push(key.sql.clone().push(" is not null"));
            }
            all
        }
        (value, descending) => {
            let side = if descending { " <= " } else { " >= " };
            let begin = key.sql.clone().push(side).bind(value.clone()).push(" and ");
            let mut all = vec![begin.append(after(keys, values))];
            if descending && !key.filled {
                all.push(empty());
            }
            all
        }
    }
}

/// The records behind `values` in the order of `keys`: later in the first key, or equal there and later in the next …
fn after(keys: &[Key], values: &[Param]) -> Sql {
    let mut sql = Sql::new("(");
    for (position, (key, value)) in keys.iter().zip(values).enumerate() {
        if position > 0 {
            sql.push_str(" or ");
        }
        sql.push_str("(");
        for (key, value) in keys.iter().zip(values).take(position) {
            sql = match value {
                Param::Null => sql.append(key.sql.clone()).push(" is null and "),
                value => sql.append(key.sql.clone()).push(" = ").bind(value.clone()).push(" and "),
            };
        }
        sql = match (value, key.descending) {
            (Param::Null, false) => sql.append(key.sql.clone()).push(" is not null"),
            (Param::Null, true) => sql.push("1 = 0"),
            (value, false) => sql.append(key.sql.clone()).push(" > ").bind(value.clone()),
            (value, true) if key.filled => sql.append(key.sql.clone()).push(" < ").bind(value.clone()),
            (value, true) => sql
                .push("(")
                .append(key.sql.clone())
                .push(" < ")
                .bind(value.clone())
                .push(" or ")
                .append(key.sql.clone())
                .push(" is null)"),
        };
        sql.push_str(")");
    }
    sql.push(")")
}

pub(super) fn write_cursor(keys: &[Key], row: &Row, width: usize) -> Result<String> {
    let mut values = Vec::new();
    for (position, key) in keys.iter().enumerate() {
        let at = width + position;
        values.push(match key.kind {
            KeyKind::Text => json!(row.opt_text(at)?),
            KeyKind::Int => json!(row.opt_int(at)?),
            KeyKind::Bool => json!(row.opt_bool(at)?),
            KeyKind::Instant => json!(row.opt_instant(at)?.map(|instant| instant.as_microsecond())),
            KeyKind::Date => json!(row.opt_date(at)?.map(|date| date.to_string())),
            KeyKind::Uuid => json!(row.opt_uuid(at)?.map(|id| id.to_string())),
        });
    }
    Ok(encoded(&json!([shape(keys), values])))
}

fn encoded(cursor: &Json) -> String {
    data_encoding::BASE64URL_NOPAD.encode(cursor.to_string().as_bytes())
}

fn read_cursor(keys: &[Key], cursor: &str) -> Result<Vec<Param>> {
    let foreign = || Error::bad_query("invalid_cursor", "the cursor does not belong to this list");
    let bytes = data_encoding::BASE64URL_NOPAD.decode(cursor.as_bytes()).map_err(|_| foreign())?;
    let (given, values): (String, Vec<Json>) = serde_json::from_slice(&bytes).map_err(|_| foreign())?;
    if given != shape(keys) || values.len() != keys.len() {
        return Err(foreign());
    }
    let read =
        |(key, value): (&Key, Json)| read_key(key.kind, &value).filter(|param| !key.filled || *param != Param::Null);
    keys.iter().zip(values).map(|pair| read(pair).ok_or_else(foreign)).collect()
}

/// Which order a cursor belongs to.
fn shape(keys: &[Key]) -> String {
    keys.iter().map(|key| format!("{}{}", if key.descending { '-' } else { '+' }, key.name)).collect()
}

fn read_key(kind: KeyKind, value: &Json) -> Option<Param> {
    if value.is_null() {
        return Some(Param::Null);
    }
    match kind {
        KeyKind::Text => value.as_str().filter(|text| !text.contains('\0')).map(Param::from),
        KeyKind::Int => value.as_i64().map(Param::from),
        KeyKind::Bool => value.as_bool().map(Param::from),
        KeyKind::Instant => {
            value.as_i64().and_then(|micros| jiff::Timestamp::from_microsecond(micros).ok()).map(Param::from)
        }
        KeyKind::Date => value.as_str().and_then(|text| text.parse::<jiff::civil::Date>().ok()).map(Param::from),
        KeyKind::Uuid => value.as_str().and_then(|text| text.parse::<Id>().ok()).map(|id| Param::from(id.0)),
    }
}
