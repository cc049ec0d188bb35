//! Which properties a field has by its type: the form draws their controls, and reads no others.

use model::field::FieldType;
use serde_json::json;

use super::super::inputs::TYPES;

/// The type of what the program itself adds; nobody makes such a field by hand.
const RECORD: &str = "record";

/// Whether a field of this type has such a property.
pub(super) fn has(kind: FieldType, property: &str) -> bool {
    match (kind, property) {
        // Where a file leads is no choice, and a link to any record is added by the program alone.
        (FieldType::File, "module") | (FieldType::Record, "unique" | "index") => false,
        _ => kind.takes(property),
    }
}

/// The types whose fields have it, parted by blanks as style reads them.
pub(super) fn with(property: &str) -> String {
    let names = TYPES.into_iter().chain([RECORD]);
    let having = names.filter(|name| serde_json::from_value(json!(name)).is_ok_and(|kind| has(kind, property)));
    having.collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn properties_are_for_the_types_that_have_them() {
        assert_eq!(with("min"), "number decimal");
        assert_eq!(with("module"), "link links");
        assert_eq!(with("measure"), "roll_up");
        for name in TYPES {
            let kind = serde_json::from_value::<FieldType>(json!(name)).unwrap();
            let is_named = |property: &str| with(property).split(' ').any(|there| there == name);
            assert_eq!(is_named("required"), !kind.is_derived(), "{name}");
            assert!(!is_named("default") || is_named("required"), "{name}: what is worked out begins with nothing");
        }
        assert!(has(FieldType::Record, "required") && !has(FieldType::Record, "index"));
    }
}
