//! Attached files: what a record speaks of is on the disk, and has not changed there.

use model::module::FILES;
use store::{Files, Result, Work};

use super::each;

pub(super) fn check(work: &mut Work<'_>, files: &Files, findings: &mut Vec<String>) -> Result<()> {
    each(work, FILES, |_, record| {
        let digest = record.text("digest").unwrap_or_default();
        let wrong = match files.is_whole(digest) {
            Ok(Some(true)) => return Ok(()),
            Ok(Some(false)) => "is not what it was on the disk".to_owned(),
            Ok(None) => "is not on the disk".to_owned(),
            Err(error) => format!("cannot be read: {error}"),
        };
        findings.push(format!("files: {} ({}) {wrong}", record.id, record.title()));
        Ok(())
    })
}
