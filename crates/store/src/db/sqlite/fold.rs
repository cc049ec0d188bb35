//! Folds the log of commits into the file, beside the writer: to write some thousand pages to their places takes as long as a
//! hundred commits, which would wait for it.

use std::os::raw::c_int;

use rusqlite::Connection;
use rusqlite::hooks::Wal;

use super::failure::translate;
use crate::db::DbError;

/// So many new pages in the log are folded beside the writer.
const SOON: c_int = 4_000;
/// So many (64 MB) are too many: the writer folds the rest itself, so that the log can begin anew.
const NOW: c_int = 16_384;

/// Has the log of `writer` folded when it has grown.
pub(super) fn watch(writer: &mut Connection, folder: flume::Sender<()>) -> Result<(), DbError> {
    let mut asked = 0;
    let hook = move |log: &mut Wal, pages: c_int| {
        if pages < asked {
            asked = 0;
        }
        if pages >= NOW {
            // Not while the folder is at it, or somebody reads what is old: then after the next commit.
            let _ = log.checkpoint();
        } else if pages >= asked + SOON {
            asked = pages;
            let _ = folder.try_send(());
        }
        Ok(())
    };
    writer.wal_hook(Some(hook)).map_err(translate)
}

/// Works until the writer has gone.
pub(super) fn run(connection: &Connection, inbox: &flume::Receiver<()>) {
    for () in inbox {
        if let Err(error) = connection.execute_batch("pragma wal_checkpoint(passive)") {
            tracing::warn!(%error, "the log could not be folded into the file");
        }
    }
}
