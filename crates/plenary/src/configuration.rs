//! Options from the command line, then the environment, then `plenary.toml`, then what is built in.

use std::path::{Path, PathBuf};

use serde::Deserialize;
use store::{DbOptions, Location};

use crate::arguments::Place;
use crate::commands::Failure;

/// `plenary.toml`.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct File {
    data: Option<PathBuf>,
    database: Option<String>,
    workspace: Option<String>,
    pub(crate) listen: Option<String>,
    pub(crate) public_url: Option<String>,
    pub(crate) smtp: Option<String>,
    pub(crate) public_limit: Option<u32>,
    pub(crate) loopback_webhooks: bool,
    pub(crate) private_mail: bool,
    trusted_proxies: Vec<String>,
}

/// Where everything is.
#[derive(Debug)]
pub(crate) struct Configuration {
    pub(crate) data: PathBuf,
    pub(crate) workspace: String,
    pub(crate) options: DbOptions,
    pub(crate) file: File,
}

impl Configuration {
    /// Reads the file and puts the options together.
    pub(crate) fn read(place: &Place) -> Result<Self, Failure> {
        let file = read_file(place.config.as_deref())?;
        let data = place.data.clone().or_else(|| file.data.clone()).unwrap_or_else(|| PathBuf::from("plenary-data"));
        let workspace = place.workspace.clone().or_else(|| file.workspace.clone()).unwrap_or_else(|| "main".to_owned());
        if !model::definitions::is_name(&workspace) {
            return Err(Failure::new(format!(
                "a workspace is named with lower-case Latin letters, digits and _, not {workspace:?}"
            )));
        }
        let database = place.database.clone().or_else(|| file.database.clone());
        if let (Some(file), true) = (database.as_deref().filter(|it| it.starts_with("sqlite:")), workspace != "main") {
            return Err(Failure::new(format!(
                "a file holds one workspace, so {file} leaves no choice of {workspace:?}: name only one of the two"
            )));
        }
        let options = options(database.as_deref(), &data, &workspace)?;
        Ok(Self { data, workspace, options, file })
    }
}

/// How to open the database of `workspace`: the one that is named, else a file in the folder `data`.
pub(crate) fn options(database: Option<&str>, data: &Path, workspace: &str) -> Result<DbOptions, Failure> {
    Ok(match location(database, data, workspace)? {
        Location::Sqlite(path) => DbOptions::sqlite(path),
        Location::Postgres { url, schema } => DbOptions::postgres(url, schema),
    })
}

impl File {
    /// The proxies that the file names.
    pub(crate) fn trusted_proxies(&self) -> Result<Vec<web::Network>, Failure> {
        Ok(self.trusted_proxies.iter().map(|text| text.parse()).collect::<Result<_, _>>()?)
    }
}

fn read_file(given: Option<&Path>) -> Result<File, Failure> {
    let path = given.unwrap_or(Path::new("plenary.toml"));
    match std::fs::read_to_string(path) {
        Ok(text) => toml::from_str(&text).map_err(|error| Failure::new(format!("{}: {error}", path.display()))),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound && given.is_none() => Ok(File::default()),
        Err(error) => Err(Failure::new(format!("{}: {error}", path.display()))),
    }
}

fn location(database: Option<&str>, data: &Path, workspace: &str) -> Result<Location, Failure> {
    let Some(database) = database else {
        let file = if workspace == "main" { "plenary.db".to_owned() } else { format!("{workspace}.db") };
        return Ok(Location::Sqlite(data.join(file)));
    };
    if let Some(path) = database.strip_prefix("sqlite:") {
        return Ok(Location::Sqlite(PathBuf::from(path)));
    }
    if database.starts_with("postgres://") || database.starts_with("postgresql://") {
        // `main` is a word like any other to PostgreSQL; the schema says whose it is.
        let schema = format!("plenary_{workspace}");
        return Ok(Location::Postgres { url: database.to_owned(), schema });
    }
    Err(Failure::new("the database is sqlite:PATH or postgres://user@host/name"))
}
