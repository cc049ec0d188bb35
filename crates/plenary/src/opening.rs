//! Opening the workspace that the options name.

use std::path::{Path, PathBuf};
use std::time::Duration;

use store::db::{Db, DbError};
use store::operations::{self, Age, age, backup};
use store::{DbOptions, Files, Location, OpenError, Workspace, private_folder};

use crate::arguments::Place;
use crate::commands::{Done, Failure};
use crate::configuration::Configuration;

/// The workspace and what it was opened by; an empty one is made. One of an older version is backed up before its tables
/// change.
pub(crate) fn open(place: &Place) -> Result<(Workspace, Configuration), Failure> {
    let configuration = Configuration::read(place)?;
    make_folder(&configuration.data)?;
    workspace(configuration)
}

/// [`open`] for what makes no sense without a workspace: a mistyped folder is told and not made.
pub(crate) fn open_present(place: &Place) -> Result<(Workspace, Configuration), Failure> {
    workspace(present(place)?)
}

/// Where the workspace is, which must be there.
fn present(place: &Place) -> Result<Configuration, Failure> {
    let configuration = Configuration::read(place)?;
    match &configuration.options.location {
        Location::Sqlite(path) if !path.is_file() => Err(Failure::new(format!(
            "there is no workspace at {}: name its folder with --data, or begin with `plenary init`",
            path.display()
        ))),
        _ => Ok(configuration),
    }
}

fn workspace(configuration: Configuration) -> Result<(Workspace, Configuration), Failure> {
    back_up_before_upgrade(&configuration)?;
    let opened = Workspace::open(configuration.options.clone()).map_err(|error| {
        match (error, &configuration.options.location) {
            (OpenError::Db(error @ (DbError::Storage(_) | DbError::ReadOnly)), Location::Sqlite(path)) => {
                unwritable(path, &error)
            }
            (error, _) => error.into(),
        }
    })?;
    Ok((opened, configuration))
}

/// Makes the data folder where it is missing; nobody else may look into it.
pub(crate) fn make_folder(data: &Path) -> Done {
    private_folder(data).map_err(|error| unwritable(data, &error))
}

/// Says where nothing can be written, and what to do.
pub(crate) fn unwritable(path: &Path, error: &dyn std::fmt::Display) -> Failure {
    Failure::new(format!(
        "{} cannot be written: {error}. Give the folder to the user that runs this program (`chown`), or name another one with --data",
        path.display()
    ))
}

/// [`open`] for looking at all of it as it is: nothing is changed, and single statements may take their time.
pub(crate) fn open_as_it_is(place: &Place) -> Result<(Workspace, Configuration), Failure> {
    let configuration = present(place)?;
    let db = operations::open(&unhurried(&configuration.options))?;
    let age = age(&db)?;
    db.close_blocking();
    match age {
        Age::Older { .. } => {
            return Err(Failure::new(
                "the database is of an older version, and this command changes nothing: let the program bring it up to date \
                 first by `plenary pack list`, which backs it up before, or use the version that it is of",
            ));
        }
        Age::Empty => return Err(Failure::new("there is no workspace here: begin with `plenary init`")),
        // A newer one is refused where it is opened.
        Age::Newer { .. } | Age::Current => {}
    }
    let workspace = Workspace::open(unhurried(&configuration.options))?;
    Ok((workspace, configuration))
}

/// [`open`] for operations that read all of it: single statements may take their time.
pub(crate) fn open_unhurried(place: &Place) -> Result<(Workspace, Configuration), Failure> {
    let configuration = present(place)?;
    back_up_before_upgrade(&configuration)?;
    let workspace = Workspace::open(unhurried(&configuration.options))?;
    Ok((workspace, configuration))
}

/// How long people who wait for a page let one statement run, and wait for their turn.
const PATIENCE: Duration = Duration::from_secs(10);

/// [`open`] for serving many people: nobody's question may keep the others waiting for long.
pub(crate) fn open_to_serve(place: &Place) -> Result<(Workspace, Configuration), Failure> {
    let mut configuration = Configuration::read(place)?;
    make_folder(&configuration.data)?;
    configuration.options.statement_timeout = PATIENCE;
    configuration.options.pool_timeout = PATIENCE;
    workspace(configuration)
}

/// Where the files of the workspace are kept.
pub(crate) fn files(configuration: &Configuration) -> Files {
    files_in(&configuration.data, &configuration.workspace)
}

/// Where a workspace keeps its files in a data folder: each in a folder of its own.
pub(crate) fn files_in(data: &Path, workspace: &str) -> Files {
    Files::at(data.join(if workspace == "main" { "files".to_owned() } else { format!("files-{workspace}") }))
}

/// The database with all the time that an operation on all of it takes. It must be there.
pub(crate) fn existing(options: &DbOptions) -> Result<Db, Failure> {
    if let Location::Sqlite(path) = &options.location
        && !path.is_file()
    {
        return Err(Failure::new(format!("there is no database {}", path.display())));
    }
    Ok(operations::open(&unhurried(options))?)
}

/// The options without a limit for single statements.
pub(crate) fn unhurried(options: &DbOptions) -> DbOptions {
    DbOptions { statement_timeout: Duration::ZERO, ..options.clone() }
}

fn back_up_before_upgrade(configuration: &Configuration) -> Done {
    if matches!(&configuration.options.location, Location::Sqlite(path) if !path.is_file()) {
        return Ok(());
    }
    let db = operations::open(&unhurried(&configuration.options))?;
    if let Age::Older { step } = age(&db)? {
        let path = upgrade_backup(configuration, step);
        // An earlier attempt may have left one; the database has not changed since, or not by an upgrade.
        backup(&db, None, &path, true)?;
        aside!("the database is of an older version: it was backed up as {} before it changes", path.display());
    }
    db.close_blocking();
    Ok(())
}

fn upgrade_backup(configuration: &Configuration, step: i64) -> PathBuf {
    match &configuration.options.location {
        Location::Sqlite(path) => {
            let mut name = path.as_os_str().to_owned();
            name.push(format!(".step-{step}.backup"));
            name.into()
        }
        Location::Postgres { .. } => configuration.data.join(format!("{}.step-{step}.backup", configuration.workspace)),
    }
}
