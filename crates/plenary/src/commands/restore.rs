//! `plenary restore`

use store::operations;

use super::Done;
use super::backup::summary;
use crate::arguments::Restore;
use crate::configuration::Configuration;
use crate::opening::{files, make_folder, unhurried};

pub(crate) fn run(command: &Restore) -> Done {
    let configuration = Configuration::read(&command.place)?;
    make_folder(&configuration.data)?;
    let manifest = operations::restore(&command.file, &unhurried(&configuration.options), &files(&configuration))?;
    say!("restored {}", summary(&manifest));
    aside!(
        "letters, webhooks and timers are held: look round with `plenary serve`, then let them go with `plenary release`"
    );
    Ok(())
}
