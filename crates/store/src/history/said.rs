//! What lines of the log say of one field, read in the database.

use model::Field;

use crate::db::{Dialect, Sql};

/// What a line of the log says of a field, under its earlier names as well.
pub(super) struct Said<'f> {
    dialect: Dialect,
    field: &'f Field,
}

impl<'f> Said<'f> {
    pub(super) fn of(field: &'f Field, dialect: Dialect) -> Self {
        Self { dialect, field }
    }

    fn names(&self) -> impl Iterator<Item = &str> {
        [&self.field.name].into_iter().chain(&self.field.formerly).map(String::as_str)
    }

    /// What it was before, as text; null where it was nothing or did not change.
    pub(super) fn before(&self, line: &str) -> Sql {
        self.side(line, 0)
    }

    /// What it was afterwards, as text; null where it is nothing or did not change.
    pub(super) fn after(&self, line: &str) -> Sql {
        self.side(line, 1)
    }

    fn side(&self, line: &str, side: u8) -> Sql {
        let one = |name: &str| match self.dialect {
            Dialect::Sqlite => {
                let place = Sql::new("json_extract(").push(line).push(".delta, ");
                place.bind(format!("$.\"{name}\"[{side}]")).push(")")
            }
            Dialect::Postgres => {
                let place = Sql::new("jsonb_extract_path_text(").push(line).push(".delta, ");
                place.bind(name).push("::text, ").bind(side.to_string()).push("::text)")
            }
        };
        // Coalescing wants two of them.
        let all = self.names().fold(Sql::new("coalesce(null"), |all, name| all.push(", ").append(one(name)));
        all.push(")")
    }

    /// Whether it changed.
    pub(super) fn has(&self, line: &str) -> Sql {
        let one = |name: &str| match self.dialect {
            Dialect::Sqlite => {
                let place = Sql::new("json_type(").push(line).push(".delta, ");
                place.bind(format!("$.\"{name}\"")).push(") is not null")
            }
            Dialect::Postgres => {
                let place = Sql::new("jsonb_extract_path(").push(line).push(".delta, ");
                place.bind(name).push("::text) is not null")
            }
        };
        let any = self.names().fold(Sql::new("(1 = 0"), |any, name| any.push(" or ").append(one(name)));
        any.push(")")
    }
}
