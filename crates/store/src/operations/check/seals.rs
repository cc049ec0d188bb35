//! The change log beside its seals.

use std::collections::{BTreeMap, BTreeSet};

use model::Id;
use serde_json::Value as Json;

use super::{Area, Report, Vouched};
use crate::db::Sql;
use crate::error::Result;
use crate::operations::Chain;
use crate::operations::seal::{ENTRIES, Entry, head, seal};
use crate::privacy::LEFT;
use crate::work::Work;
use crate::write::Setup;

/// Seals that are read together.
const STRIDE: i64 = 20;

pub(super) fn check(work: &mut Work<'_>, anchor: Option<&Chain>, erased: &Erased, report: &mut Report) -> Result<()> {
    let seals = work.rows(&Sql::new("select number, entries, digest from seals order by number"))?;
    let (mut before, mut entries, mut read_to) = (Vec::new(), BTreeMap::<i64, Vec<Entry>>::new(), 0);
    let (mut anchored, mut vouched) = (anchor.is_none(), BTreeMap::<usize, Vouched>::new());
    for (position, row) in seals.iter().enumerate() {
        let (number, count, digest) = (row.int(0)?, row.int(1)?, row.bytes(2)?);
        if usize::try_from(number) != Ok(position + 1) {
            report.add(Area::Seals, None, format!("the seal before {number} is missing"));
        }
        if number > read_to {
            read_to = number + STRIDE;
            entries = between(work, number, read_to)?;
        }
        let sealed = entries.remove(&number).unwrap_or_default();
        for entry in &sealed {
            if erased.vouches(entry, &mut vouched) {
                continue;
            }
            let record = Some((entry.module.as_str(), entry.record));
            if erased.left.contains_key(&entry.sequence) && !entry.is_blank() {
                report.add(Area::Seals, record, contradicts(entry));
            } else if entry.is_altered() {
                let message = format!("entry {} of the log was altered after it was sealed", entry.sequence);
                report.add(Area::Seals, record, message);
            }
        }
        if i64::try_from(sealed.len()) != Ok(count) || seal(&before, number, &sealed) != digest {
            report.add(
                Area::Seals,
                None,
                format!("seal {number} does not fit its {count} entries: one was added, removed or altered"),
            );
        }
        let text = data_encoding::HEXLOWER.encode(&digest);
        anchored |= anchor.is_some_and(|anchor| anchor.number == number && anchor.digest == text);
        before = digest;
    }
    if !anchored {
        report.add(Area::Seals, None, "the log was never sealed so far as was noted: it was cut or written anew");
    }
    let stray = "select count(*) from changes where seal is not null and seal not in (select number from seals)";
    let stray = work.tx.one(&Sql::new(stray))?.int(0)?;
    if stray > 0 {
        report.add(Area::Seals, None, format!("{stray} entries of the log name a seal that is not there"));
    }
    if let Some(first) = erased.left.keys().next() {
        let sql = Sql::new(ENTRIES).push("where c.seal is null and c.seq >= ").bind(*first).push(" order by c.seq");
        for row in work.rows(&sql)? {
            let entry = Entry::read(&row)?;
            if !erased.vouches(&entry, &mut vouched) && erased.left.contains_key(&entry.sequence) {
                report.add(Area::Seals, Some((entry.module.as_str(), entry.record)), contradicts(&entry));
            }
        }
    }
    report.vouched = vouched.into_values().collect();
    report.unsealed = work.tx.one(&Sql::new("select count(*) from changes where seal is null"))?.int(0)?;
    report.chain = head(work.tx)?;
    Ok(())
}

fn contradicts(entry: &Entry) -> String {
    format!("entry {} of the log says otherwise than an erasure left it", entry.sequence)
}

/// What erasures have left of entries, by their place: the digest that each noted in its own, and which of them it is.
pub(super) type Left = BTreeMap<i64, (String, usize)>;

/// What erasures vouch for.
pub(super) struct Erased {
    pub(super) left: Left,
    erasures: Vec<Vouched>,
}

impl Erased {
    /// Whether an entry says what an erasure has left of it; then it is counted.
    fn vouches(&self, entry: &Entry, vouched: &mut BTreeMap<usize, Vouched>) -> bool {
        let left = self.left.get(&entry.sequence).filter(|(digest, _)| entry.says(digest));
        let erasure = left.and_then(|(_, erasure)| Some((*erasure, self.erasures.get(*erasure)?)));
        if let Some((number, erasure)) = erasure {
            vouched.entry(number).or_insert(Vouched { entries: 0, ..erasure.clone() }).entries += 1;
        }
        erasure.is_some()
    }
}

/// What erasures have left of entries, and these erasures.
pub(super) fn erased(work: &mut Work<'_>, report: &mut Report) -> Result<Erased> {
    let sql = Sql::new("select delta, change_set, at from changes where module = ").bind(Setup::Erasure.name());
    let (mut left, mut erasures) = (BTreeMap::new(), Vec::new());
    for row in work.rows(&sql.push(" order by seq"))? {
        let delta = row.json(0)?;
        let entries = delta.get(LEFT).and_then(|sides| sides.get(1)).and_then(Json::as_object);
        for (sequence, digest) in entries.into_iter().flatten() {
            if let (Ok(sequence), Some(digest)) = (sequence.parse(), digest.as_str()) {
                left.insert(sequence, (digest.to_owned(), erasures.len()));
            }
        }
        erasures.push(Vouched { change_set: Id(row.uuid(1)?), at: row.instant(2)?, entries: 0 });
    }
    let known = work.rows(&Sql::new("select distinct change_set from _erasures"))?;
    let known = known.iter().map(|row| Ok(Id(row.uuid(0)?))).collect::<Result<BTreeSet<_>>>()?;
    for erasure in erasures.iter().filter(|erasure| !known.contains(&erasure.change_set)) {
        let message = format!("nobody is known any more whom the erasure {} erased", erasure.change_set);
        report.add(Area::Log, None, message);
    }
    Ok(Erased { left, erasures })
}

fn between(work: &mut Work<'_>, from: i64, to: i64) -> Result<BTreeMap<i64, Vec<Entry>>> {
    let sql = Sql::new(ENTRIES).push("where c.seal between ").bind(from).push(" and ").bind(to);
    let mut entries: BTreeMap<i64, Vec<Entry>> = BTreeMap::new();
    for row in work.rows(&sql.push(" order by c.seal, c.seq"))? {
        let entry = Entry::read(&row)?;
        entries.entry(entry.seal.unwrap_or_default()).or_default().push(entry);
    }
    Ok(entries)
}
