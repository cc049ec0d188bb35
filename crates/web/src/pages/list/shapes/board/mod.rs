//! A list as a board: a column for each stage, with its count and sum, and a card for each record.

mod card;
mod overdue;
pub(crate) mod stage;
mod view;
pub(crate) mod ways;

use std::collections::BTreeSet;
use std::sync::Arc;

use maud::Markup;
use model::field::{FieldType, SetBy};
use model::process::{Process, Transition};
use model::rights::Grant;
use model::{Field, Id, Module, Record, Value};
use store::{Group, List, Page, Result, Work};

use self::card::Card;
use super::Asked;
use crate::pages::moves::called;
use crate::ui::{Lens, Words};

/// Cards of a column; more are fetched.
const CARDS: usize = 50;

/// More columns than these are no board.
const COLUMNS: usize = 40;

/// Amounts that a board sums, by name; else the first that the module has.
const AMOUNTS: [&str; 3] = ["amount", "total", "price"];

/// What a board shows.
struct Board {
    field: Field,
    columns: Vec<Column>,
    /// Whether whole columns are shown, and not what follows in one of them.
    whole: bool,
}

/// One stage.
struct Column {
    /// The value of its records; empty for records without one.
    value: String,
    label: String,
    group: Option<Group>,
    cards: Vec<Card>,
    next: Option<String>,
}

/// The fields whose choices can be columns: the process's first.
pub(super) fn fields<'m>(module: &'m Module, grant: &Grant) -> impl Iterator<Item = &'m Field> {
    let fits = |field: &&Field| {
        field.kind == FieldType::Choice
            && field.is_stored()
            && !field.secret
            && !grant.hidden.contains(&field.name)
            && (2..COLUMNS).contains(&field.options.len())
    };
    let mut fields: Vec<&Field> = module.fields.iter().filter(fits).collect();
    let place = |field: &&Field| match field.name.as_str() {
        "status" | "stage" => 0,
        name if module.columns.iter().any(|column| column == name) => 1,
        _ => 2,
    };
    fields.sort_by_key(place);
    fields.into_iter()
}

/// The field called `name` among them, else the first.
pub(super) fn field<'m>(module: &'m Module, grant: &Grant, name: &str) -> Option<&'m Field> {
    fields(module, grant).find(|field| field.name == name).or_else(|| fields(module, grant).next())
}

/// Reads the board, or the columns of it that alone are asked for.
pub(super) fn read(
    work: &mut Work<'_>,
    lens: &mut Lens,
    asked: &Asked<'_>,
    field: &Field,
    list: &List,
) -> Result<Markup> {
    let only = &asked.query.layout.stages;
    let list = List { limit: CARDS, group: None, ..list.clone() };
    let board = match (only.as_slice(), &list.cursor) {
        ([value], Some(_)) => Board {
            columns: vec![further(work, lens, asked, field, &list, value)?],
            field: field.clone(),
            whole: false,
        },
        _ => {
            let first = List { cursor: None, ..list };
            Board { columns: columns(work, lens, asked, field, &first)?, field: field.clone(), whole: true }
        }
    };
    Ok(view::board(lens, asked, &board))
}

fn columns(work: &mut Work<'_>, lens: &mut Lens, asked: &Asked<'_>, field: &Field, list: &List) -> Result<Vec<Column>> {
    let name = &asked.module.name;
    let grouped = List { group: Some(field.name.clone()), ..list.clone() };
    let summed: Vec<&str> = amount(asked.module, asked.grant).into_iter().collect();
    let groups = work.totals(name, &grouped, &summed)?;
    let group_of = |value: &Value| groups.iter().find(|group| group.value.as_ref() == Some(value)).cloned();
    let only = &asked.query.layout.stages;
    // A stage out of use is a column as long as somebody stands in it.
    let process = work.definitions().process(name).filter(|process| process.field == field.name).cloned();
    let is_retired = |value: &str| process.as_ref().and_then(|it| it.state(value)).is_some_and(|state| state.retired);
    let options = field.options.iter().map(|option| Value::Text(option.value.clone()));
    let options = options.filter(|value| !is_retired(text(value)) || group_of(value).is_some());
    // Records that have left the choices behind, or never had one, are not lost.
    let others =
        groups.iter().filter_map(|group| group.value.clone()).filter(|value| field.option(text(value)).is_none());
    let values: Vec<Value> = others.take(COLUMNS).chain(options).collect();
    let values: Vec<Value> =
        values.into_iter().filter(|value| only.is_empty() || only.iter().any(|one| one == text(value))).collect();
    let pages = work.first_of_each(name, list, &field.name, &values)?;
    let (sizes, nexts): (Vec<usize>, Vec<Option<String>>) =
        pages.iter().map(|page| (page.records.len(), page.next.clone())).unzip();
    let records: Vec<Record> = pages.into_iter().flat_map(|page| page.records).collect();
    let mut cards = cards(work, lens, asked, field, records)?.into_iter();
    let filled = values.iter().zip(sizes).zip(nexts).map(|((value, size), next)| Column {
        value: text(value).to_owned(),
        label: label(lens, field, value),
        group: group_of(value),
        cards: cards.by_ref().take(size).collect(),
        next,
    });
    Ok(filled.collect())
}

/// The next cards of one column.
fn further(
    work: &mut Work<'_>,
    lens: &mut Lens,
    asked: &Asked<'_>,
    field: &Field,
    list: &List,
    value: &str,
) -> Result<Column> {
    let wanted = if value.is_empty() { Value::Null } else { Value::Text(value.to_owned()) };
    let narrowed = work.filter(&asked.module.name, &view::condition(asked.fields, field, value).text(asked.fields))?;
    let filter = match list.filter.clone() {
        Some(filter) => filter.and(narrowed),
        None => narrowed,
    };
    let Page { records, next } = work.list(&asked.module.name, &List { filter: Some(filter), ..list.clone() })?;
    let cards = cards(work, lens, asked, field, records)?;
    Ok(Column { value: value.to_owned(), label: label(lens, field, &wanted), group: None, cards, next })
}

/// The cards of records, with everything that they say read together.
fn cards(
    work: &mut Work<'_>,
    lens: &mut Lens,
    asked: &Asked<'_>,
    field: &Field,
    records: Vec<Record>,
) -> Result<Vec<Card>> {
    let ids: BTreeSet<Id> = records.iter().map(|record| record.id).collect();
    lens.learn(work, &records)?;
    let since = work.changed_at(&asked.module.name, &ids, &field.name)?;
    let process = work.definitions().process(&asked.module.name).cloned();
    let moves = moves(work, asked, field, process.as_ref(), &records, &ids)?;
    let facts =
        card::Facts { lens, asked, field, process: process.as_deref(), amount: amount(asked.module, asked.grant) };
    let made =
        records.iter().zip(moves).map(|(record, moves)| facts.card(record, since.get(&record.id).copied(), moves));
    Ok(made.collect())
}

/// Where each record can go from here: the stage, and what the way there is called.
fn moves(
    work: &mut Work<'_>,
    asked: &Asked<'_>,
    field: &Field,
    process: Option<&Arc<Process>>,
    records: &[Record],
    ids: &BTreeSet<Id>,
) -> Result<Vec<Vec<(String, String)>>> {
    let changeable = work.changeable(asked.module, ids)?;
    let Some(process) = process.filter(|process| process.field == field.name) else {
        return Ok(records.iter().map(|record| choices(asked, field, record, &changeable)).collect());
    };
    let open: Vec<Vec<&Transition>> = work.open_transitions_of(process, records)?;
    let ways = |(record, open): (&Record, Vec<&Transition>)| {
        let may = changeable.contains(&record.id);
        let ways = open.into_iter().filter(|transition| may && leads_on(field, record, transition));
        ways.map(|transition| (transition.to.clone(), called(asked.locale, process, record, transition))).collect()
    };
    Ok(records.iter().zip(open).map(ways).collect())
}

fn leads_on(field: &Field, record: &Record, transition: &Transition) -> bool {
    record.text(&field.name) != Some(transition.to.as_str())
}

/// A field that no process governs is set to any of its choices.
fn choices(asked: &Asked<'_>, field: &Field, record: &Record, changeable: &BTreeSet<Id>) -> Vec<(String, String)> {
    if !is_set_by_hand(field, asked.grant) || !changeable.contains(&record.id) {
        return Vec::new();
    }
    let present = record.text(&field.name);
    let others = field.options.iter().filter(|option| Some(option.value.as_str()) != present);
    others.map(|option| (option.value.clone(), option.label.get(asked.locale).to_owned())).collect()
}

/// Whether whoever has these rights sets the field of a record that they may change.
pub(super) fn is_set_by_hand(field: &Field, grant: &Grant) -> bool {
    field.set_by == SetBy::Anyone && !grant.read_only.contains(&field.name)
}

/// The amount that is summed and stands on the cards.
fn amount<'m>(module: &'m Module, grant: &Grant) -> Option<&'m str> {
    let is_amount =
        |field: &&Field| field.read_as() == FieldType::Money && !field.computed && !grant.hidden.contains(&field.name);
    let amounts: Vec<&Field> = module.fields.iter().filter(is_amount).collect();
    let named = AMOUNTS.iter().find_map(|name| amounts.iter().find(|field| field.name == *name));
    named.or(amounts.first()).map(|field| field.name.as_str())
}

/// The value of a choice; empty for none.
fn text(value: &Value) -> &str {
    value.as_text().unwrap_or_default()
}

fn label(lens: &Lens, field: &Field, value: &Value) -> String {
    match value {
        Value::Null => lens.locale.say("board-without"),
        value => lens.text(field, value),
    }
}
