//! Totals of a list, of the whole or group by group: one statement, under the caller's rights.

use std::collections::BTreeMap;

use model::{Currency, Field, FieldType, Id, Module, Money, Value};

use super::List;
use super::counts::columns_of;
use super::grouping::Grouping;
use crate::db::{Dialect, Row, Sql};
use crate::error::{Error, Result};
use crate::schema::columns::{MONEY_SCALE, value};
use crate::work::Work;

/// Rows of totals that are read at most; of a list with more, the groups that are read whole are told.
const ROWS: usize = 5_000;

/// What the records of a list come to that share one value of the field grouped by; all of them where nothing is
/// grouped.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Group {
    /// The value that they share.
    pub value: Option<Value>,
    /// How many they are.
    pub count: i64,
    /// By field: money currency by currency, numbers once.
    pub totals: BTreeMap<String, Vec<Total>>,
}

/// Sum and mean of the values that are there.
#[derive(Clone, Debug, PartialEq)]
pub struct Total {
    /// All of them together; null where that is too large to be told.
    pub sum: Value,
    /// The mean, rounded.
    pub mean: Value,
}

/// What was gathered of one field in one currency.
#[derive(Clone, Copy, Debug, Default)]
struct Gathered {
    sum: Option<i128>,
    count: i128,
}

/// A field that is summed, and where its columns stand in a row.
struct Measured<'m> {
    field: &'m Field,
    currency: Option<usize>,
    sum: usize,
}

type Sums = BTreeMap<(usize, Option<String>), Gathered>;

impl Work<'_> {
    /// Totals of a list: the groups in the order of the list, or one group of everything. `summed` are numbers and money.
    ///
    /// # Errors
    /// [`Error::BadQuery`] for fields that are not there, hidden, not to be grouped or summed by.
    pub fn totals(&mut self, module: &str, list: &List, summed: &[&str]) -> Result<Vec<Group>> {
        self.sum_up(module, list, summed, None)
    }

    /// [`Work::totals`] of the groups of these values alone: a page shows a few of very many.
    ///
    /// # Errors
    /// As [`Work::totals`].
    pub fn totals_among(&mut self, module: &str, list: &List, summed: &[&str], among: &[Value]) -> Result<Vec<Group>> {
        if among.is_empty() { Ok(Vec::new()) } else { self.sum_up(module, list, summed, Some(among)) }
    }

    fn sum_up(&mut self, module: &str, list: &List, summed: &[&str], among: Option<&[Value]>) -> Result<Vec<Group>> {
        let module = self.module(module)?;
        let hidden = self.covered(&module);
        let by = list.group.as_deref().map(|name| self.grouping(&module, name)).transpose()?;
        let head = by.as_ref().map(Grouping::head);
        let mut selected: Vec<Sql> = Vec::new();
        if let Some(by) = &by {
            selected.push(by.sql(self.dialect()));
        }
        let (mut amounts, mut measured) = (Vec::new(), Vec::new());
        for name in summed {
            let field = module.field(name).filter(|field| !hidden.contains(&field.name));
            let field = number(field.ok_or_else(|| no_field(&module, name))?)?;
            let mut columns = columns_of(self, &module, field)?.into_iter();
            let amount = columns.next().ok_or_else(|| no_field(&module, name))?;
            let currency = columns.next().map(|currency| {
                selected.push(currency);
                selected.len() - 1
            });
            amounts.push(amount);
            measured.push(Measured { field, currency, sum: 0 });
        }
        let keys = selected.len();
        for (index, measured) in measured.iter_mut().enumerate() {
            measured.sum = keys + 1 + 2 * index;
        }
        selected.push(Sql::new("count(*)"));
        for amount in amounts {
            selected.push(sum(self.dialect(), &amount));
            selected.push(Sql::new("count(").append(amount).push(")"));
        }
        let sql = self.select_totals(&module, list, (by.as_ref(), among), selected, keys)?;
        let rows = self.rows(&sql)?;
        let is_cut = rows.len() > ROWS;
        let mut groups: Vec<(Group, Sums)> = Vec::new();
        for mut row in rows {
            let shared = head.as_ref().map(|head| value(head, &mut row, 0)).transpose()?;
            let known = groups.iter().position(|(group, _)| group.value == shared);
            let at = known.unwrap_or_else(|| {
                groups.push((Group { value: shared, ..Group::default() }, Sums::new()));
                groups.len() - 1
            });
            if let Some((group, sums)) = groups.get_mut(at) {
                group.count += row.int(keys)?;
                gather(&measured, &row, sums)?;
            }
        }
        if is_cut {
            // Rows come group by group: only the last one is not known whole.
            groups.pop();
        } else if groups.is_empty() && by.is_none() {
            groups.push((Group::default(), Sums::new()));
        }
        Ok(groups.into_iter().map(|(group, sums)| told(group, &measured, &sums)).collect())
    }

    fn select_totals(
        &mut self,
        module: &std::sync::Arc<Module>,
        list: &List,
        (by, among): (Option<&Grouping>, Option<&[Value]>),
        all: Vec<Sql>,
        keys: usize,
    ) -> Result<Sql> {
        let mut sql = Sql::new("select ");
        for (position, column) in all.into_iter().enumerate() {
            sql = sql.push(if position > 0 { ", " } else { "" }).append(column);
        }
        sql = sql.push(" from ").push_ident(&module.name)?.push(" t where ").append(self.condition(module, list)?);
        if let (Some(by), Some(values)) = (by, among) {
            sql = sql.push(" and ").append(by.holds_any(values));
        }
        if keys == 0 {
            return Ok(sql);
        }
        let group: Vec<_> = (1..=keys).map(|number| number.to_string()).collect();
        let more = i64::try_from(ROWS + 1).unwrap_or(i64::MAX);
        sql = sql.push(&format!(" group by {} order by ", group.join(", ")));
        let nulls = if self.dialect() == Dialect::Postgres { " nulls first" } else { "" };
        if let Some(place) = by.and_then(Grouping::place) {
            sql = sql.push("min(").append(place).push(&format!("){nulls}, "));
        }
        let order = if by.is_some_and(Grouping::is_latest_first) { "1 desc" } else { "1" };
        let nulls = if order == "1" { nulls } else { "" };
        Ok(sql.push(&format!("{order}{nulls}")).limit(more))
    }

    /// The field that a board has columns by.
    ///
    /// # Errors
    /// [`Error::BadQuery`] for one that is not there, hidden, or with too many values to make groups.
    pub fn board_field(&self, module: &Module, name: &str) -> Result<Field> {
        let hidden = self.covered(module);
        let field = match name {
            "owner" if module.owners => Some(Field::new("owner", FieldType::Person)),
            name => module.field(name).cloned(),
        };
        let field = field.filter(|field| field.makes_groups() && !hidden.contains(&field.name));
        field.ok_or_else(|| Error::bad_query("invalid_group", format!("{} cannot be grouped by {name:?}", module.name)))
    }
}

fn no_field(module: &Module, name: &str) -> Error {
    Error::bad_query("unknown_field", format!("{} have no field {name:?} to sum", module.name))
}

/// A field whose values add up.
fn number(field: &Field) -> Result<&Field> {
    if matches!(field.read_as(), FieldType::Number | FieldType::Decimal | FieldType::Money | FieldType::Rating) {
        return Ok(field);
    }
    Err(Error::bad_query("not_a_number", format!("{:?} is not a number and has no sum", field.name)))
}

/// What does not fit is null, as everywhere.
fn sum(dialect: Dialect, amount: &Sql) -> Sql {
    if dialect == Dialect::Sqlite {
        return Sql::new("exact_sum(").append(amount.clone()).push(")");
    }
    let sum = Sql::new("sum(").append(amount.clone()).push(")");
    let range = format!(" between {} and {} then cast(", i64::MIN, i64::MAX);
    Sql::new("case when ").append(sum.clone()).push(&range).append(sum).push(" as bigint) end")
}

fn gather(measured: &[Measured<'_>], row: &Row, sums: &mut Sums) -> Result<()> {
    for (index, measured) in measured.iter().enumerate() {
        let count = row.int(measured.sum + 1)?;
        if count == 0 {
            continue;
        }
        let currency = measured.currency.map(|at| row.opt_text(at)).transpose()?.flatten();
        let part = row.opt_int(measured.sum)?.map(i128::from);
        let gathered = sums.entry((index, currency)).or_insert(Gathered { sum: Some(0), count: 0 });
        gathered.sum = gathered.sum.zip(part).and_then(|(sum, part)| sum.checked_add(part));
        gathered.count += i128::from(count);
    }
    Ok(())
}

fn told(mut group: Group, measured: &[Measured<'_>], sums: &Sums) -> Group {
    for ((index, currency), gathered) in sums {
        let Some(measured) = measured.get(*index) else { continue };
        let total = total(measured.field, currency.as_deref(), *gathered);
        group.totals.entry(measured.field.name.clone()).or_default().push(total);
    }
    group
}

fn total(field: &Field, currency: Option<&str>, gathered: Gathered) -> Total {
    let Some(sum) = gathered.sum else { return Total { sum: Value::Null, mean: Value::Null } };
    let fitting = |number: Option<i128>| number.and_then(|number| i64::try_from(number).ok());
    if field.read_as() == FieldType::Money {
        let Some(currency) = currency.and_then(|code| Currency::parse(code).ok()) else {
            return Total { sum: Value::Null, mean: Value::Null };
        };
        let unit = 10_i128.pow(MONEY_SCALE.saturating_sub(u32::from(currency.digits())));
        let money = |minor| fitting(minor).map_or(Value::Null, |minor| Value::Money(Money::new(minor, currency)));
        let minor = sum.checked_div(unit);
        return Total { sum: money(minor), mean: money(minor.and_then(|minor| mean(minor, gathered.count))) };
    }
    if field.read_as() == FieldType::Decimal {
        let decimal =
            |number| fitting(number).map_or(Value::Null, |unscaled| Value::Decimal { unscaled, scale: field.scale });
        return Total { sum: decimal(Some(sum)), mean: decimal(mean(sum, gathered.count)) };
    }
    let tenths = sum.checked_mul(10).and_then(|tenths| mean(tenths, gathered.count));
    Total {
        sum: fitting(Some(sum)).map_or(Value::Null, Value::Int),
        mean: fitting(tenths).map_or(Value::Null, |unscaled| Value::Decimal { unscaled, scale: 1 }),
    }
}

/// Rounded half away from zero.
fn mean(sum: i128, count: i128) -> Option<i128> {
    let twice = sum.abs().checked_mul(2)?.checked_add(count)?;
    sum.signum().checked_mul(twice.checked_div(count.checked_mul(2)?)?)
}

impl Group {
    /// The id that they share, where they are grouped by a link or a person.
    #[must_use]
    pub fn id(&self) -> Option<Id> {
        match self.value {
            Some(Value::Id(id)) => Some(id),
            _ => None,
        }
    }
}
