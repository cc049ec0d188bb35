//! The laws of expressions, as docs/expressions.md states them, on a deal of an account in Kazan.

mod building;
mod errors;
mod hostile;
mod meaning;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::tz::TimeZone;

use super::{Env, ExprError, Linked, Want, compile};
use crate::pack::Pack;
use crate::{Currency, Definitions, Id, Money, Record, Value};

const DEALS: &str = r#"
name = "deals"
label = { ru = "", en = "" }
one = { ru = "", en = "" }
title = "name"
owners = true
fields = [
  { name = "name", type = "text" },
  { name = "empty", type = "text" },
  { name = "notes", type = "long_text" },
  { name = "raw", type = "json" },
  { name = "seats", type = "number" },
  { name = "nothing", type = "number" },
  { name = "discount", type = "decimal", scale = 2 },
  { name = "rate", type = "decimal", scale = 4 },
  { name = "amount", type = "money" },
  { name = "fee", type = "money" },
  { name = "dollars", type = "money" },
  { name = "close_date", type = "date" },
  { name = "opens", type = "time" },
  { name = "called_at", type = "datetime" },
  { name = "wait", type = "duration" },
  { name = "stage", type = "choice", options = [{ value = "new", label = { ru = "", en = "" } }, { value = "Won", label = { ru = "", en = "" } }] },
  { name = "labels", type = "multi_choice", options = [{ value = "vip", label = { ru = "", en = "" } }, { value = "java", label = { ru = "", en = "" } }, { value = "spam", label = { ru = "", en = "" } }] },
  { name = "marks", type = "multi_choice", options = [{ value = "x", label = { ru = "", en = "" } }] },
  { name = "account", type = "link", module = "accounts" },
  { name = "partner", type = "link", module = "accounts" },
  { name = "guests", type = "links", module = "accounts" },
  { name = "nobody", type = "links", module = "accounts" },
  { name = "about", type = "record" },
  { name = "email", type = "email" },
  { name = "url", type = "url" },
  { name = "paid", type = "checkbox" },
  { name = "unset", type = "checkbox" },
]
"#;

const ACCOUNTS: &str = r#"
name = "accounts"
label = { ru = "", en = "" }
one = { ru = "", en = "" }
title = "name"
fields = [
  { name = "name", type = "text" },
  { name = "city", type = "text" },
  { name = "parent", type = "link", module = "accounts" },
]
"#;

fn definitions() -> Definitions {
    let files = [
        ("pack.toml", "name = \"test\"\nlabel = { ru = \"\", en = \"\" }\nversion = 1\n"),
        ("modules/deals.toml", DEALS),
        ("modules/accounts.toml", ACCOUNTS),
    ];
    let files: BTreeMap<_, _> = files.into_iter().map(|(path, text)| (path.to_owned(), text.to_owned())).collect();
    Definitions::from_packs(&[Pack::read(files).unwrap()]).unwrap()
}

fn id(number: u128) -> Id {
    Id(uuid::Uuid::from_u128(number))
}

fn record(definitions: &Definitions, module: &str, number: u128, values: &[(&str, Value)]) -> Record {
    let module = definitions.module(module).unwrap().clone();
    let mut record = Record {
        values: vec![Value::Null; module.fields.len()],
        module,
        id: id(number),
        version: 3,
        created_at: "2026-10-31T22:30:00Z".parse().unwrap(),
        updated_at: "2026-11-02T10:00:00Z".parse().unwrap(),
        created_by: Some(id(70)),
        owner: Some(id(7)),
        deleted_at: None,
        veiled: Vec::new(),
    };
    for (name, value) in values {
        record.set(name, value.clone());
    }
    record
}

fn text(text: &str) -> Value {
    Value::Text(text.to_owned())
}

fn rub(minor: i64) -> Value {
    Value::Money(Money::new(minor, Currency::RUB))
}

/// A workspace with one deal; accounts: 1 in Kazan with the parent 2 in Moscow, whose parent is 1 again; 3 in the bin.
struct World {
    definitions: Definitions,
    deal: Record,
    accounts: BTreeMap<Id, Arc<Record>>,
    env: Env,
}

impl World {
    fn new() -> Self {
        let definitions = definitions();
        let account = |number, city: &str, parent| {
            let values = [("name", text("ООО Ёлка")), ("city", text(city)), ("parent", Value::Id(id(parent)))];
            record(&definitions, "accounts", number, &values)
        };
        let deleted =
            Record { deleted_at: Some("2026-11-01T00:00:00Z".parse().unwrap()), ..account(3, "Тверь", 1) };
        let accounts = [account(1, "Казань", 2), account(2, "Москва", 1), deleted];
        let accounts = accounts.into_iter().map(|record| (record.id, Arc::new(record))).collect();
        let list = |items: &[&str]| Value::List(items.iter().map(|&item| item.to_owned()).collect());
        let values = [
            ("name", text("Спонсор Зелёный Joker")),
            ("notes", text("длинно")),
            ("raw", Value::Json(serde_json::json!({"a": 1}))),
            ("seats", Value::Int(12)),
            ("discount", Value::Decimal { unscaled: 1050, scale: 2 }),
            ("rate", Value::Decimal { unscaled: 105_000, scale: 4 }),
            ("amount", rub(10_000_000)),
            ("fee", rub(150_050)),
            ("dollars", Value::Money(Money::new(10_000_000, Currency::USD))),
            ("close_date", Value::Date("2026-11-05".parse().unwrap())),
            ("opens", Value::Time("09:30:00".parse().unwrap())),
            ("called_at", Value::Instant("2026-10-31T21:30:00Z".parse().unwrap())),
            ("wait", text("P1D")),
            ("stage", text("Won")),
            ("labels", list(&["vip", "java"])),
            ("account", Value::Id(id(1))),
            ("partner", Value::Id(id(3))),
            ("guests", Value::Ids(vec![id(3), id(1), id(9), id(2)])),
            ("about", Value::Record { module: "leads".to_owned(), id: id(9) }),
            ("email", text("ivan@jug.ru")),
            ("url", text("https://jug.ru/О-Нас")),
            ("paid", Value::Bool(true)),
        ];
        let env = Env {
            now: "2026-11-05T21:30:00Z".parse().unwrap(),
            zone: TimeZone::get("Europe/Moscow").unwrap(),
            me: Some(id(7)),
            my_team: BTreeSet::from([id(7), id(8)]),
        };
        Self { deal: record(&definitions, "deals", 50, &values), definitions, accounts, env }
    }

    fn compile(&self, text: &str, want: Want) -> Result<super::Plan, ExprError> {
        compile(text, &self.deal.module, &self.definitions, want)
    }

    fn with<T>(&self, work: impl FnOnce(&Linked<'_>) -> T) -> T {
        work(&Linked { record: &self.deal, load: &|_, id| self.accounts.get(&id).cloned() })
    }

    fn test(&self, text: &str) -> bool {
        let plan = self.compile(text, Want::Bool).unwrap_or_else(|error| panic!("{text}: {error}"));
        self.with(|scope| plan.test(scope, &self.env))
    }

    fn eval(&self, text: &str) -> Value {
        let plan = self.compile(text, Want::Any).unwrap_or_else(|error| panic!("{text}: {error}"));
        self.with(|scope| plan.eval(scope, &self.env))
    }
}
