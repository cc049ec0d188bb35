//! What definitions may not ask of a database: names that are its own, and another type for values that are there.

use model::pack::PackError;
use model::{Definitions, Field, FieldType, Module};

use super::columns::columns;
use super::system::TABLES;

/// Everything that forbids to go from what `present` definitions made to what `wanted` ones say.
pub(crate) fn limits(present: &Definitions, wanted: &Definitions) -> Vec<PackError> {
    let mut errors = Vec::new();
    for module in wanted.modules() {
        let mut wrong =
            |message: String| errors.push(PackError::new(&format!("modules/{}.toml", module.name), &message));
        let own = ["pg_", "sqlite_"].iter().any(|prefix| module.name.starts_with(prefix));
        if own || TABLES.contains(&module.name.as_str()) {
            wrong(format!("{:?} cannot name a module: it is a table of the database itself", module.name));
        }
        for (_, field) in module.stored() {
            if let Some(column) = columns(field).iter().find(|column| is_of_another(module, field, &column.name)) {
                wrong(format!(
                    "{:?} cannot name a field beside {:?}, which keeps a column of that name",
                    column.name, field.name
                ));
            }
            let before = present
                .module(&module.name)
                .and_then(|module| module.field(&field.name))
                .filter(|before| before.is_stored());
            if before.is_some_and(|before| !keeps_values(before, field)) {
                wrong(format!("{:?} has values of another type: give the new field another name", field.name));
            }
        }
    }
    errors
}

fn is_of_another(module: &Module, field: &Field, column: &str) -> bool {
    column != field.name && module.field(column).is_some_and(Field::is_stored)
}

/// Whether values written for `before` are values of `after`.
fn keeps_values(before: &Field, after: &Field) -> bool {
    let same_kind = before.kind == after.kind || is_plain(before.kind) && is_plain(after.kind);
    same_kind && before.scale == after.scale && (after.kind != FieldType::Link || before.module == after.module)
}

/// Types whose values are text in one column, with nothing beside it.
fn is_plain(kind: FieldType) -> bool {
    use FieldType::{Choice, Colour, Email, LongText, Phone, Url};
    matches!(kind, Choice | Colour | Email | LongText | Phone | Url)
}
