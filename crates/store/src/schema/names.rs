//! Names that the database keeps for itself: modules have tables beside those of the system, and share their names.

use super::system::{STEPS, Step, TABLES};

/// What a statement of a step makes that shares its names with tables.
const MADE: [&str; 4] = ["create table ", "create index ", "create unique index ", "create virtual table "];

/// Whether the database keeps the name for itself.
pub(super) fn is_own_name(name: &str) -> bool {
    ["pg_", "sqlite_"].iter().any(|prefix| name.starts_with(prefix))
        || TABLES.contains(&name)
        || STEPS.iter().any(|step| makes(step).contains(&name))
}

/// Columns that every table has without having been given them: SQLite's and PostgreSQL's, as either may hold it later.
const COLUMNS: [&str; 8] = ["rowid", "oid", "tableoid", "xmin", "xmax", "cmin", "cmax", "ctid"];

/// Whether the database keeps the name of a column for itself.
pub(super) fn is_own_column(name: &str) -> bool {
    COLUMNS.contains(&name)
}

/// The first name of a table that is there and that a step after `step` is about to take.
pub(crate) fn taken(step: i64, tables: &[String]) -> Option<&'static str> {
    let ahead = STEPS.iter().filter(|ahead| ahead.number > step);
    ahead.flat_map(makes_new).find(|name| tables.iter().any(|table| table == name))
}

/// The tables and indexes that a step makes.
fn makes(step: &Step) -> Vec<&'static str> {
    MADE.iter().flat_map(|verb| named(step, verb)).collect()
}

/// Those of them whose names are free when it runs.
fn makes_new(step: &Step) -> Vec<&'static str> {
    let dropped = named(step, "drop table ");
    makes(step).into_iter().filter(|name| !dropped.contains(name)).collect()
}

/// What follows a verb in the texts of a step, each time.
fn named(step: &Step, verb: &str) -> Vec<&'static str> {
    let ends = |c: char| !(c.is_ascii_alphanumeric() || c == '_');
    let in_text = |text: &'static str| text.split(verb).skip(1).filter_map(move |rest| rest.split(ends).next());
    step.texts().into_iter().flat_map(in_text).collect()
}

#[cfg(test)]
mod tests {
    use super::{STEPS, TABLES, is_own_name, makes, taken};

    /// The last step whose tables could have the name of a module.
    const LAST_PLAIN: i64 = 11;

    #[test]
    fn the_tables_of_the_steps_are_kept_from_modules() {
        let made: Vec<&str> = STEPS.iter().flat_map(makes).collect();
        for name in
            ["users", "change_sets", "undos", "user_preferences", "search_words", "change_sets_undoes", "views_owner"]
        {
            assert!(made.contains(&name) && is_own_name(name), "{name} of {made:?}");
        }
        assert!(TABLES.into_iter().all(is_own_name) && is_own_name("pg_things") && !is_own_name("companies"));
    }

    #[test]
    fn new_tables_cannot_meet_a_module() {
        for step in STEPS.iter().filter(|step| step.number > LAST_PLAIN) {
            for name in makes(step) {
                assert!(name.starts_with('_'), "{name} of step {} could be a module: begin it with _", step.number);
            }
        }
    }

    #[test]
    fn a_name_that_a_step_is_about_to_take_is_found() {
        let tables = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        assert_eq!(taken(8, &tables(&["settings", "companies", "undos"])), Some("undos"));
        assert_eq!(taken(9, &tables(&["settings", "companies", "undos"])), None, "it is its own by then");
        assert_eq!(taken(6, &tables(&["views_owner"])), Some("views_owner"), "indexes share the names of tables");
        // What a step makes anew is there before.
        assert_eq!(taken(4, &tables(&["search_rows", "search_words"])), None);
    }
}
