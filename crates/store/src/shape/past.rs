//! The packs as they were: every apply keeps what it replaces, so that there is a way back.

use std::collections::BTreeMap;

use jiff::Timestamp;
use model::pack::Pack;
use model::{Field, Id};

use super::{Edit, Manner, Reshaped, ShapeError};
use crate::db::{Row, Sql, Tx};
use crate::error::Error;
use crate::params;
use crate::workspace::Workspace;

/// A pack as it stood for a while.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Applied {
    /// Its place in the past, by which one goes back to it.
    pub number: i64,
    /// Its version; nothing where it was not there.
    pub version: Option<i64>,
    /// When it was applied.
    pub applied_at: Option<Timestamp>,
    /// By whom; nothing for the command line.
    pub applied_by: Option<Id>,
    /// When another took its place.
    pub replaced_at: Timestamp,
}

/// A pack that is applied.
#[derive(Clone, Debug, PartialEq)]
pub struct Applying {
    /// The pack.
    pub pack: Pack,
    /// When it was applied.
    pub applied_at: Timestamp,
    /// By whom; nothing for the command line.
    pub applied_by: Option<Id>,
    /// What it was before, newest first.
    pub past: Vec<Applied>,
}

/// The most of a pack's past that is shown.
const SHOWN: i64 = 50;

impl Workspace {
    /// The packs with when and by whom they were applied, and what they were before.
    ///
    /// # Errors
    /// When the database fails or a stored pack cannot be read.
    pub fn packs_with_past(&self) -> Result<Vec<Applying>, ShapeError> {
        self.db().read_blocking(|tx| {
            let rows =
                tx.query(&Sql::new("select name, files, applied_at, applied_by from packs order by position, name"))?;
            let mut all = Vec::new();
            for row in rows {
                let past = past(tx, &row.text(0)?)?;
                let (applied_at, applied_by) = (row.instant(2)?, row.opt_uuid(3)?.map(Id));
                all.push(Applying { pack: read(&row, 1)?, applied_at, applied_by, past });
            }
            Ok(all)
        })
    }

    /// Brings a pack back to what it was before the last apply, or at `number`, and with it those that were applied in the
    /// same act. What was renamed since is renamed back; going back twice is going forward again.
    ///
    /// # Errors
    /// `Store(NotFound)` where there is no such past, or what does not fit any more; then nothing was changed.
    pub fn revert_pack(&self, name: &str, number: Option<i64>, manner: Manner) -> Result<Reshaped, ShapeError> {
        let name = name.to_owned();
        // What it was is read behind the locks: somebody else may just have gone back.
        self.reshape_with(manner, None, move |tx, packs| {
            let mut edits = Vec::new();
            for (name, pack) in former(tx, &name, number)? {
                let present = packs.iter().find(|pack| pack.manifest.name == name);
                edits.push(match pack {
                    Some(pack) => Edit::Put(Box::new(renamed_back(pack, present)?)),
                    None => Edit::Remove(name),
                });
            }
            Ok(Edit::Together(edits))
        })
    }
}

/// Keeps what stands under `name` now, or that nothing does.
pub(super) fn remember(tx: &mut Tx, name: &str, manner: Manner, now: Timestamp) -> Result<(), ShapeError> {
    let by = manner.by.map(|id| id.0);
    let copied = tx.execute(&Sql::with(
        "insert into packs_past (name, version, files, applied_at, applied_by, replaced_at, replaced_by) \
         select name, version, files, applied_at, applied_by, $2, $3 from packs where name = $1",
        params![name, now, by],
    ))?;
    if copied == 0 {
        tx.execute(&Sql::with(
            "insert into packs_past (name, replaced_at, replaced_by) values ($1, $2, $3)",
            params![name, now, by],
        ))?;
    }
    Ok(())
}

/// The fields that packs had before, with their modules as they were called: what was written in them is still there.
pub(super) fn fields(tx: &mut Tx) -> Result<Vec<(String, Field)>, ShapeError> {
    let mut all = Vec::new();
    for row in tx.query(&"select files from packs_past where files is not null order by id desc".into())? {
        // A pack that this program does not read any more says nothing.
        let Ok(pack) = read(&row, 0) else { continue };
        let own = pack.modules.into_iter().map(|module| (module.name, module.fields));
        let added = pack.extensions.into_iter().map(|extension| (extension.extends, extension.fields));
        for (module, fields) in own.chain(added) {
            all.extend(fields.into_iter().map(|field| (module.clone(), field)));
        }
    }
    Ok(all)
}

fn past(tx: &mut Tx, name: &str) -> Result<Vec<Applied>, ShapeError> {
    let sql =
        Sql::new("select id, version, applied_at, applied_by, replaced_at from packs_past where name = ").bind(name);
    let rows = tx.query(&sql.push(" order by id desc").limit(SHOWN))?;
    let applied = |row: &Row| {
        Ok(Applied {
            number: row.int(0)?,
            version: row.opt_int(1)?,
            applied_at: row.opt_instant(2)?,
            applied_by: row.opt_uuid(3)?.map(Id),
            replaced_at: row.instant(4)?,
        })
    };
    rows.iter().map(applied).collect()
}

/// The pack as it was, nothing where it was not there; behind it those that the same act replaced and nothing has since.
fn former(tx: &mut Tx, name: &str, number: Option<i64>) -> Result<Vec<(String, Option<Pack>)>, ShapeError> {
    let mut sql = Sql::new("select name, files, replaced_at from packs_past where name = ").bind(name);
    if let Some(number) = number {
        sql = sql.push(" and id = ").bind(number);
    }
    let rows = tx.query(&sql.push(" order by id desc limit 1"))?;
    let Some(row) = rows.first() else {
        let gone = Error::NotFound { module: "the past of packs".to_owned(), id: name.to_owned() };
        return Err(gone.into());
    };
    let others = tx.query(&Sql::with(
        "select name, files, replaced_at from packs_past as past where replaced_at = $1 and name <> $2 and not exists \
         (select 1 from packs_past as later where later.name = past.name and later.id > past.id) order by id",
        params![row.instant(2)?, name],
    ))?;
    let was = |row: &Row| -> Result<_, ShapeError> {
        let pack = if row.opt_json(1)?.is_none() { None } else { Some(read(row, 1)?) };
        Ok((row.text(0)?, pack))
    };
    std::iter::once(row).chain(&others).map(was).collect()
}

fn read(row: &Row, position: usize) -> Result<Pack, ShapeError> {
    let corrupt = |error: serde_json::Error| crate::db::DbError::Corrupt(error.to_string());
    let files: BTreeMap<String, String> = serde_json::from_value(row.json(position)?).map_err(corrupt)?;
    Pack::read(files).map_err(ShapeError::Packs)
}

/// The old pack, which takes over what has other names in `present`: an old field whose present name it does not know
/// says so among its earlier names.
fn renamed_back(mut pack: Pack, present: Option<&Pack>) -> Result<Pack, ShapeError> {
    let Some(present) = present else { return Ok(pack) };
    let mut rewritten = Vec::new();
    for module in &mut pack.modules {
        let now = present.modules.iter().find(|now| now.name == module.name || now.formerly.contains(&module.name));
        let Some(now) = now else { continue };
        let mut changed = take_over(&module.name, &mut module.formerly, &now.name);
        for field in &mut module.fields {
            let names = |later: &&model::Field| later.formerly.contains(&field.name);
            let later = now.fields.iter().filter(|later| later.name != field.name).find(names);
            changed |= later.is_some_and(|later| take_over(&field.name, &mut field.formerly, &later.name));
        }
        if changed {
            rewritten.push((module.name.clone(), write(module)?));
        }
    }
    for extension in &mut pack.extensions {
        let now = present.extensions.iter().filter(|now| now.extends == extension.extends);
        let later: Vec<_> = now.flat_map(|now| &now.fields).collect();
        let mut changed = false;
        for field in &mut extension.fields {
            let named = later.iter().find(|later| later.name != field.name && later.formerly.contains(&field.name));
            changed |= named.is_some_and(|later| take_over(&field.name, &mut field.formerly, &later.name));
        }
        if changed {
            rewritten.push((extension.extends.clone(), write(extension)?));
        }
    }
    if rewritten.is_empty() {
        return Ok(pack);
    }
    let mut files = pack.files;
    files.extend(rewritten.into_iter().map(|(name, text)| (format!("modules/{name}.toml"), text)));
    Pack::read(files).map_err(ShapeError::Packs)
}

fn take_over(name: &str, formerly: &mut Vec<String>, later: &str) -> bool {
    let is_new = later != name && formerly.iter().all(|former| former != later);
    if is_new {
        formerly.push(later.to_owned());
    }
    is_new
}

fn write(part: &impl serde::Serialize) -> Result<String, ShapeError> {
    let failed = |error: toml::ser::Error| Error::conflict("not_a_file", error.to_string());
    Ok(toml::to_string(part).map_err(failed)?)
}
