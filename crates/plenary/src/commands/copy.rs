//! `plenary copy`

use std::path::{Path, PathBuf};

use store::operations;
use store::{DbOptions, Files, Location};

use super::{Done, Failure};
use crate::arguments::Copy;
use crate::configuration::options;
use crate::opening::{existing, files_in, make_folder, unhurried};

pub(crate) fn run(command: &Copy) -> Done {
    let (from, from_files) = place("--from", &command.from, command.from_data.as_deref(), &command.workspace)?;
    let (to, to_files) = place("--to", &command.to, command.to_data.as_deref(), &command.workspace)?;
    if from.location == to.location {
        return Err(Failure::new("--from and --to name the same database"));
    }
    let source = existing(&from)?;
    let made = matches!(&to.location, Location::Sqlite(path) if !path.exists());
    let target = operations::open(&unhurried(&to))?;
    let copied = operations::copy(&source, &from_files, &target, &to_files);
    target.close_blocking();
    source.close_blocking();
    if let (Err(_), true, Location::Sqlite(path)) = (&copied, made, &to.location) {
        operations::remove_database(path);
    }
    let copied = copied?;
    let rows: u64 = copied.tables.values().map(|table| table.rows).sum();
    say!("copied {rows} rows of {} tables and {} files", copied.tables.len(), copied.files);
    aside!("letters, webhooks and timers of the copy are held: let them go with `plenary release`");
    Ok(())
}

/// The database that an option names, and the folder of its files.
fn place(option: &str, url: &str, data: Option<&Path>, workspace: &str) -> Result<(DbOptions, Files), Failure> {
    let options =
        options(Some(url), Path::new(""), workspace).map_err(|error| Failure::new(format!("{option}: {error}")))?;
    let beside = match &options.location {
        Location::Sqlite(path) => path.parent().map(Path::to_owned).unwrap_or_default(),
        Location::Postgres { .. } => PathBuf::from("plenary-data"),
    };
    let data = data.map_or(beside, Path::to_owned);
    if !data.as_os_str().is_empty() {
        make_folder(&data)?;
    }
    Ok((options, files_in(&data, workspace)))
}
