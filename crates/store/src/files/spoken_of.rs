//! Which attached bytes some record speaks of.

use std::collections::{BTreeMap, BTreeSet};

use model::module::FILES;
use model::{Id, Module};

use crate::db::Sql;
use crate::error::Result;
use crate::work::Work;

/// Records that one statement asks for.
const TOGETHER: usize = 1_000;

impl Work<'_> {
    /// Those of `digests` that a file speaks of, whoever asks: files in use and in the bin, as long as what they are
    /// attached to has not been removed for good. Nothing where no pack brings files: then nobody can tell.
    ///
    /// # Errors
    /// When the database fails.
    pub fn spoken_of(&mut self, digests: &[String]) -> Result<Option<BTreeSet<String>>> {
        let Some(files) = self.definitions().module(FILES).cloned() else { return Ok(None) };
        if ["digest", "about"].iter().any(|name| files.field(name).is_none()) {
            return Ok(None);
        }
        let sql = Sql::new("select f.digest, f.about_module, f.about from ").push_ident(FILES)?;
        let sql = sql.push(" f where f.digest in ").bind_list(digests.iter().map(String::as_str));
        let mut spoken_of = BTreeSet::new();
        let mut about: BTreeMap<String, BTreeMap<Id, BTreeSet<String>>> = BTreeMap::new();
        for row in self.rows(&sql)? {
            let (digest, module, record) = (row.text(0)?, row.opt_text(1)?, row.opt_uuid(2)?);
            match (module, record) {
                (Some(module), Some(record)) => {
                    let records = about.entry(self.present_module(module)).or_default();
                    records.entry(Id(record)).or_default().insert(digest);
                }
                _ => drop(spoken_of.insert(digest)),
            }
        }
        for (name, mut records) in about {
            // Where the module is gone its records may still be there, and come back with it.
            if let Some(module) = self.definitions().module(&name).cloned() {
                let there = self.there(&module, &records.keys().copied().collect::<Vec<_>>())?;
                records.retain(|record, _| there.contains(record));
            }
            spoken_of.extend(records.into_values().flatten());
        }
        Ok(Some(spoken_of))
    }

    /// Those of `ids` that are in the table, in the bin or not.
    fn there(&mut self, module: &Module, ids: &[Id]) -> Result<BTreeSet<Id>> {
        let mut there = BTreeSet::new();
        for some in ids.chunks(TOGETHER) {
            let sql = Sql::new("select t.id from ").push_ident(&module.name)?.push(" t where t.id in ");
            for row in self.rows(&sql.bind_list(some.iter().map(|id| id.0)))? {
                there.insert(Id(row.uuid(0)?));
            }
        }
        Ok(there)
    }
}
