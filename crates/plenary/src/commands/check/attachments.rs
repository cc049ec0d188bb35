//! Attached files: what a record speaks of is on the disk, and has not changed there. What no record speaks of is no damage.

use jiff::Timestamp;
use model::module::FILES;
use store::{Files, Lying, Result, Work};

use super::each;

/// Digests that one statement asks for.
const AT_ONCE: usize = 500;

pub(super) fn check(work: &mut Work<'_>, files: &Files, findings: &mut Vec<String>) -> Result<()> {
    each(work, FILES, |work, record| {
        // That of somebody who was erased says nothing any more.
        let Some(digest) = record.text("digest") else { return Ok(()) };
        let wrong = match files.is_whole(digest) {
            Ok(Some(true)) => return Ok(()),
            Ok(Some(false)) => "is not what it was on the disk".to_owned(),
            // What it was attached to was removed for good: so were its bytes, after a while.
            Ok(None) if !is_spoken_of(work, digest)? => return Ok(()),
            Ok(None) => "is not on the disk".to_owned(),
            Err(error) => format!("cannot be read: {error}"),
        };
        findings.push(format!("files: {} ({}) {wrong}", record.id, record.title()));
        Ok(())
    })
}

fn is_spoken_of(work: &mut Work<'_>, digest: &str) -> Result<bool> {
    Ok(work.spoken_of(&[digest.to_owned()])?.is_none_or(|spoken_of| spoken_of.contains(digest)))
}

/// What lies on the disk and belongs to no record.
pub(super) fn unspoken_of(work: &mut Work<'_>, files: &Files, findings: &mut Vec<String>) -> Result<Vec<String>> {
    let lying = match files.lying(Timestamp::MAX) {
        Ok(lying) => lying,
        Err(error) => {
            findings.push(format!("files: {} cannot be read: {error}", files.root().display()));
            return Ok(Vec::new());
        }
    };
    let (mut count, mut bytes) = (0_usize, 0_u64);
    for some in lying.chunks(AT_ONCE) {
        let digests: Vec<String> = some.iter().map(|lying| lying.digest.clone()).collect();
        let Some(spoken_of) = work.spoken_of(&digests)? else { return Ok(Vec::new()) };
        let unspoken_of: Vec<&Lying> = some.iter().filter(|lying| !spoken_of.contains(&lying.digest)).collect();
        count += unspoken_of.len();
        bytes += unspoken_of.iter().map(|lying| lying.size).sum::<u64>();
    }
    let note = format!("note: {count} files of {bytes} bytes belong to no record: the program removes them in time");
    Ok(if count > 0 { vec![note] } else { Vec::new() })
}
