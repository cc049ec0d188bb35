//! The inside of a backup file: every table without indexes and links, the files' store, and the manifest.

use sha2::{Digest, Sha256};

use super::carry::{Head, Target};
use super::catalog::{Column, Table};
use super::manifest::{FORMAT, FilesNote, Manifest, PackNote};
use super::{OperationError, Result, Sums, TableSum, seal};
use crate::clock::Clock;
use crate::db::{DbError, Dialect, Param, Sql, Tx};
use crate::files::Files;
use crate::knowledge;
use crate::params;
use crate::schema::columns::ColumnType;

/// The table of files in a backup.
pub(super) const FILES: &str = "backup_files";
/// The table with the one row that says what the backup is.
pub(super) const MANIFEST: &str = "backup_manifest";

/// The table of files as the catalog would give it.
pub(super) fn files_table() -> Table {
    let column = |name: &str, kind, is_key| Column { name: name.to_owned(), kind, is_key, is_counted: false };
    let columns = vec![column("bytes", ColumnType::Bytes, false), column("name", ColumnType::Text, true)];
    Table { name: FILES.to_owned(), columns }
}

/// Writes a backup file.
pub(super) struct Plain {
    /// The files that go with the database; none for a backup of the database alone.
    pub(super) files: Option<Files>,
    pub(super) engine: Dialect,
}

impl Target for Plain {
    fn make(&mut self, tx: &mut Tx, head: &Head) -> Result<Vec<Table>> {
        let dialect = tx.dialect();
        for table in head.tables.iter().chain([&files_table()]) {
            tx.batch(&table.create(dialect)?)?;
        }
        tx.batch(&format!("create table {MANIFEST} (body json text not null, digest text not null)"))?;
        Ok(head.tables.clone())
    }

    fn finish(&mut self, tx: &mut Tx, head: &Head, sums: &Sums) -> Result<()> {
        let files = self.take_files(tx)?;
        let ahead = knowledge::setting(tx, knowledge::CLOCK)?.and_then(|json| json.as_i64()).unwrap_or(0);
        // Older databases know no seals.
        let is_sealed = sums.contains_key("seals");
        let manifest = Manifest {
            format: FORMAT,
            program: env!("CARGO_PKG_VERSION").to_owned(),
            step: head.step,
            made_at: Clock::ahead(ahead).now(),
            engine: if self.engine == Dialect::Sqlite { "sqlite" } else { "postgres" }.to_owned(),
            packs: head
                .packs
                .iter()
                .map(|pack| PackNote { name: pack.manifest.name.clone(), version: pack.manifest.version })
                .collect(),
            tables: sums.clone(),
            files,
            chain: if is_sealed { seal::head(tx)? } else { None },
        };
        let body = serde_json::to_string(&manifest).map_err(|error| DbError::Value(error.to_string()))?;
        let digest = digest_of(&body);
        tx.execute(&Sql::with("insert into backup_manifest (body, digest) values ($1, $2)", params![body, digest]))?;
        Ok(())
    }
}

impl Plain {
    fn take_files(&self, tx: &mut Tx) -> Result<FilesNote> {
        let mut note = FilesNote { bytes: 0, sum: TableSum::default(), left_out: self.files.is_none() };
        let Some(files) = &self.files else { return Ok(note) };
        let io = |error| OperationError::Io { path: files.root().to_owned(), error };
        // A file that went while we looked belonged to nothing that is carried.
        for file in files.each().map_err(io)? {
            let (name, bytes) = file.map_err(io)?;
            note.bytes += bytes.len() as u64;
            let row = vec![Param::Bytes(bytes), Param::Text(name)];
            note.sum.add(&row);
            tx.execute(&Sql::with("insert into backup_files (bytes, name) values ($1, $2)", row))?;
        }
        Ok(note)
    }
}

/// The digest of the manifest's text.
pub(super) fn digest_of(body: &str) -> String {
    data_encoding::HEXLOWER.encode(&Sha256::digest(body.as_bytes()))
}

/// Whether the database is the inside of a backup.
pub(crate) fn is_backup(tx: &mut Tx) -> Result<bool, DbError> {
    let is_file = tx.dialect() == Dialect::Sqlite;
    let sql = "select 1 from sqlite_schema where name = 'backup_manifest'";
    Ok(is_file && tx.opt(&Sql::new(sql))?.is_some())
}
