//! Opening the workspace that the options name.

use store::{Files, Workspace};

use crate::arguments::Place;
use crate::commands::Failure;
use crate::configuration::Configuration;

/// The workspace and what it was opened by.
pub(crate) fn open(place: &Place) -> Result<(Workspace, Configuration), Failure> {
    let configuration = Configuration::read(place)?;
    let workspace = Workspace::open(configuration.options.clone())?;
    Ok((workspace, configuration))
}

/// Where drawn documents are kept.
pub(crate) fn files(configuration: &Configuration) -> Files {
    Files::at(configuration.data.join("files"))
}
