//! `plenary backup`

use store::operations::{self, Manifest};

use super::Done;
use crate::arguments::Backup;
use crate::configuration::Configuration;
use crate::opening::{existing, files};

pub(crate) fn run(command: &Backup) -> Done {
    let configuration = Configuration::read(&command.place)?;
    let db = existing(&configuration.options)?;
    let manifest = operations::backup(&db, Some(files(&configuration)), &command.file, command.force)?;
    db.close_blocking();
    say!("{}: {}", command.file.display(), summary(&manifest));
    if let Some(chain) = &manifest.chain {
        say!("the change log is sealed up to {}:{}", chain.number, chain.digest);
    }
    Ok(())
}

/// What is in a backup, in one line.
pub(super) fn summary(manifest: &Manifest) -> String {
    let rows: u64 = manifest.tables.values().map(|table| table.rows).sum();
    let files = if manifest.files.left_out {
        "no files".to_owned()
    } else {
        format!("{} files of {} bytes", manifest.files.sum.rows, manifest.files.bytes)
    };
    format!("{rows} rows of {} tables and {files}, as of {}", manifest.tables.len(), manifest.made_at)
}
