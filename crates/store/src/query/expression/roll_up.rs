//! Roll-ups: a value gathered from the records that link here, as a sub-select under the reader's rights.

use model::expr::{Gathering, MONEY_SCALE, RollUp, Type};
use model::field::FieldType;
use model::{Currency, Module};

use super::numbers::scale;
use super::paths::{Column, Reached, bad_name, quoted};
use super::{Mode, SqlContext, Writer, Written};
use crate::db::Sql;
use crate::schema::link_table;

impl Writer<'_, '_> {
    /// A column of what is gathered for the record under `alias`; nothing where the link is hidden.
    pub(super) fn roll_up(&mut self, roll_up: &RollUp, alias: &str, column: Column) -> Reached {
        let target = &roll_up.target;
        if (self.cx.hidden)(target, &roll_up.link) {
            return Ok(None);
        }
        let inner = self.name();
        let cx = SqlContext { module: target, alias: &inner, ..*self.cx };
        let mut writer = Writer { cx: &cx, names: 0, parts: self.parts, elements: Vec::new() };
        let gathered = writer.gathered(roll_up, column)?;
        let mut sql = Sql::new(" from ").push_ident(&target.name).map_err(bad_name)?;
        sql = sql.push(" as ").push_ident(&inner).map_err(bad_name)?.push(" where ");
        sql = sql.append(self.links_here(target, &roll_up.link, &inner, alias)?);
        sql = sql.push(" and ").append(quoted(&inner, "deleted_at")?).push(" is null");
        if let Some(rights) = (cx.rights)(target, &inner) {
            sql = sql.push(" and (").append(rights).push(")");
        }
        if let Some(filter) = &roll_up.filter {
            sql = sql.push(" and ").append(writer.condition(filter, Mode::Loose)?);
        }
        self.parts = writer.parts;
        let is_sum = matches!(roll_up.gathering, Gathering::Sum | Gathering::Avg) && column == Column::Main;
        if self.is_sqlite() || !is_sum {
            return Ok(Some(Sql::new("(select ").append(gathered).append(sql).push(")")));
        }
        // PostgreSQL sums without bounds: what does not fit is null, as everywhere.
        let name = self.name();
        let head = format!(
            "(select case when {name}.v between {} and {} then {name}.v::bigint end from (select ",
            i64::MIN,
            i64::MAX
        );
        Ok(Some(Sql::new(head).append(gathered).push(" as v").append(sql).push(&format!(") as {name})"))))
    }

    /// Whether the record under `inner` links to the one under `alias`, by a link or by one of many.
    fn links_here(&mut self, target: &Module, link: &str, inner: &str, alias: &str) -> Written {
        let here = quoted(alias, "id")?;
        if target.field(link).is_none_or(|field| field.kind != FieldType::Links) {
            return Ok(quoted(inner, link)?.push(" = ").append(here));
        }
        let name = self.name();
        let sql = quoted(inner, "id")?.push(" in (select ").append(quoted(&name, "record")?).push(" from ");
        let sql = sql.push_ident(&link_table(&target.name, link)).map_err(bad_name)?.push(" as ");
        let sql = sql.push_ident(&name).map_err(bad_name)?.push(" where ").append(quoted(&name, "target")?);
        Ok(sql.push(" = ").append(here).push(")"))
    }

    /// What is selected of the linked records.
    fn gathered(&mut self, roll_up: &RollUp, column: Column) -> Result<Sql, model::expr::ExprError> {
        let Some(of) = &roll_up.of else { return Ok(Sql::new("count(*)")) };
        if roll_up.kind != Type::Money {
            let digits = scale_of(roll_up.kind).saturating_sub(scale(of).unwrap_or(0));
            let value = self.value(of)?;
            return Ok(self.aggregate(roll_up.gathering, &value, 10_i64.pow(digits.into()), &Sql::new("1")));
        }
        let money = self.money(of)?;
        let there = Sql::new("case when ").append(money.amount.clone()).push(" is not null then ");
        let currency = there.append(money.currency).push(" end");
        self.may_repeat(&currency, of)?;
        let (least, greatest) = (called("min", &currency), called("max", &currency));
        let of_one = match column {
            Column::Currency => least.clone(),
            _ => self.aggregate(roll_up.gathering, &money.amount, 1, &units(&currency)),
        };
        // Amounts of several currencies have no sum: then it is null.
        let same = Sql::new("case when ").append(least).push(" = ").append(greatest).push(" then ");
        Ok(same.append(of_one).push(" end"))
    }

    /// A mean is of the values times `factor`, rounded to a multiple of `unit`.
    fn aggregate(&self, gathering: Gathering, value: &Sql, factor: i64, unit: &Sql) -> Sql {
        match gathering {
            Gathering::Count => Sql::new("count(*)"),
            Gathering::Min => called("min", value),
            Gathering::Max => called("max", value),
            Gathering::Sum => called(if self.is_sqlite() { "exact_sum" } else { "sum" }, value),
            Gathering::Avg if self.is_sqlite() => {
                let head = Sql::new("exact_mean(").append(value.clone());
                head.push(&format!(", {factor}, ")).append(unit.clone()).push(")")
            }
            // Whole numbers all the way, so that halves are rounded and nothing else.
            Gathering::Avg => {
                let (sum, unit) = (called("sum", value), called("max", unit));
                let count = called("count", value).push(" * ").append(unit.clone());
                let head = Sql::new("sign(").append(sum.clone()).push(") * div(abs(").append(sum);
                let head = head.push(&format!(") * {factor} * 2 + ")).append(count.clone());
                head.push(", nullif(2 * ").append(count).push(", 0)) * ").append(unit)
            }
        }
    }
}

fn called(function: &str, value: &Sql) -> Sql {
    Sql::new(format!("{function}(")).append(value.clone()).push(")")
}

/// The scale of a result.
fn scale_of(kind: Type) -> u8 {
    kind.scale().unwrap_or(0)
}

/// The least part of a currency, × 10⁴: what means are rounded to.
pub(super) fn units(currency: &Sql) -> Sql {
    let mut sql = Sql::new("case when (").append(currency.clone()).push(") is null then null");
    for digits in [0, 3, 4] {
        let codes: Vec<_> = Currency::all()
            .filter(|currency| currency.digits() == digits)
            .map(|it| format!("'{}'", it.code()))
            .collect();
        let unit = 10_i64.pow(u32::from(MONEY_SCALE.saturating_sub(digits)));
        let then = format!(") in ({}) then {unit}", codes.join(", "));
        sql = sql.push(" when (").append(currency.clone()).push(&then);
    }
    sql.push(" else 100 end")
}
