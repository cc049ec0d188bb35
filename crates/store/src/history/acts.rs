//! What was done lately, act by act: for the page from which past acts are taken back. Of each act its reader is told what
//! it did to the records that they see.

use std::collections::{BTreeMap, BTreeSet};

use model::Id;
use model::rights::Capability;

use super::ChangeSet;
use crate::db::{Row, Sql};
use crate::error::Result;
use crate::work::Work;
use crate::write::{ChangeEntry, Setup};

/// Lines of an act whose records are judged one by one.
const JUDGED: usize = 500;
/// Lines of an act that are counted where its reader sees every record of their modules.
const COUNTED: usize = 20_000;
/// Acts that are looked through at once for those that touched a module.
const LOOKED_THROUGH: usize = 2_000;
/// Records that one statement judges.
const TOGETHER: usize = 1_000;

/// Which acts are asked for, newest first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ActsAsked {
    /// Those of everybody and of the product itself; for administrators.
    pub of_all: bool,
    /// Only those that touched this module.
    pub module: Option<String>,
    /// Only those before this change set.
    pub before: Option<Id>,
    /// So many.
    pub limit: usize,
}

/// What was found.
#[derive(Clone, Debug, Default)]
pub struct Acts {
    /// The acts of which the reader may see something.
    pub acts: Vec<Act>,
    /// Where the next ones begin; there may be some although none of these is seen.
    pub next: Option<Id>,
}

/// One act.
#[derive(Clone, Debug)]
pub struct Act {
    /// Who, when, through which door.
    pub set: ChangeSet,
    /// What it did, that with most records first.
    pub parts: Vec<ActPart>,
    /// Whether it did more than is counted.
    pub is_more: bool,
    /// The module of the record that it touched first.
    pub module: String,
    /// That record.
    pub record: Id,
    /// What it did to it.
    pub first: ChangeEntry,
}

/// What an act did to records of one module.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ActPart {
    /// The module as it is called now, or a part of the set-up: `users`, `teams`, `views`, `settings`.
    pub module: String,
    /// `create`, `update`, `delete`, `restore`, `purge`, `recreate`.
    pub operation: String,
    /// To how many records.
    pub records: usize,
}

impl ActPart {
    /// Whether it says that a person was erased.
    #[must_use]
    pub fn is_erasure(&self) -> bool {
        Setup::Erasure.is(&self.module)
    }
}

/// A line of the log without what it says.
struct Line {
    set: Id,
    sequence: i64,
    module: String,
    record: Id,
    operation: String,
}

/// The records of an act by module and operation.
type Touched = BTreeMap<(String, String), BTreeSet<Id>>;

impl Work<'_> {
    /// What was done lately, newest first.
    ///
    /// # Errors
    /// [`Error::Forbidden`](crate::Error::Forbidden) for the acts of all without the right to administer.
    pub fn acts(&mut self, asked: &ActsAsked) -> Result<Acts> {
        if asked.of_all {
            self.require(Capability::Administer)?;
        }
        let (sets, next) = self.act_sets(asked)?;
        let lines = self.act_lines(&sets)?;
        let seen = self.seen_of(&lines)?;
        let mut touched: BTreeMap<Id, Touched> = BTreeMap::new();
        let mut firsts: BTreeMap<Id, i64> = BTreeMap::new();
        let mut lengths: BTreeMap<Id, usize> = BTreeMap::new();
        for line in lines {
            *lengths.entry(line.set).or_default() += 1;
            if !seen.get(&line.module).is_some_and(|ids| ids.contains(&line.record)) {
                continue;
            }
            let first = firsts.entry(line.set).or_insert(line.sequence);
            *first = line.sequence.min(*first);
            let part = touched.entry(line.set).or_default().entry((line.module, line.operation)).or_default();
            part.insert(line.record);
        }
        let long: Vec<Id> = lengths.into_iter().filter(|(_, length)| *length > JUDGED).map(|(set, _)| set).collect();
        let mut counted = self.counted(&long)?;
        let places: Vec<i64> = firsts.into_values().collect();
        let mut entries: BTreeMap<Id, ((String, Id), ChangeEntry)> =
            self.changes_at(&places)?.into_iter().map(|found| (found.1.change_set, found)).collect();
        let acts = sets.into_iter().filter_map(|set| {
            let ((module, record), first) = entries.remove(&set.id)?;
            let touched = touched.remove(&set.id)?;
            let judged = |((module, operation), records): ((String, String), BTreeSet<Id>)| ActPart {
                module,
                operation,
                records: records.len(),
            };
            let mut parts: Vec<ActPart> = touched.into_iter().map(judged).collect();
            let mut is_more = long.contains(&set.id);
            if let Some((whole, is_whole)) = counted.remove(&set.id) {
                parts.retain(|part| !whole.iter().any(|other| other.module == part.module));
                is_more = !is_whole || !parts.is_empty();
                parts.extend(whole);
            }
            parts.sort_by_key(|part| std::cmp::Reverse(part.records));
            Some(Act { set, parts, is_more, module, record, first })
        });
        Ok(Acts { acts: acts.collect(), next })
    }

    /// Those of the change sets that changed nothing, as a move that leads back to where its record stands: of them there is
    /// nothing to take back.
    ///
    /// # Errors
    /// When the database fails.
    pub fn without_change(&mut self, sets: &BTreeSet<Id>) -> Result<BTreeSet<Id>> {
        if sets.is_empty() {
            return Ok(BTreeSet::new());
        }
        let sql = Sql::new("select s.id from change_sets s where s.id in ").bind_list(sets.iter().map(|set| set.0));
        let sql = sql.push(" and not exists (select 1 from changes c where c.change_set = s.id and ");
        let sql = sql.push("(c.operation <> 'update' or cast(c.delta as text) <> '{}'))");
        self.rows(&sql)?.iter().map(|row| Ok(Id(row.uuid(0)?))).collect()
    }

    /// The change sets, and where the next ones begin.
    fn act_sets(&mut self, asked: &ActsAsked) -> Result<(Vec<ChangeSet>, Option<Id>)> {
        let mut among = Sql::new("select * from change_sets where 1 = 1");
        if !asked.of_all {
            // What the product did on its own is nobody's.
            among = among.push(" and actor = ").bind(self.actor().id().map(|me| me.0));
        }
        if let Some(before) = asked.before {
            among = among.push(" and id < ").bind(before.0);
        }
        let among = among.push(" order by id desc");
        let wanted = asked.limit + 1;
        let looked = if asked.module.is_some() { LOOKED_THROUGH.max(wanted) } else { wanted };
        let mut sql = ChangeSet::select().push("(").append(among.clone().limit(looked)).push(") s");
        if let Some(module) = &asked.module {
            let former = self.definitions().module(module).map(|module| module.formerly.clone()).unwrap_or_default();
            let names = former.into_iter().chain([module.clone()]);
            sql = sql.push(" where exists (select 1 from changes c where c.change_set = s.id and c.module in ");
            sql = sql.bind_list(names).push(")");
        }
        let sql = sql.push(" order by s.id desc").limit(wanted);
        let mut sets = self.rows(&sql)?.iter().map(ChangeSet::read).collect::<Result<Vec<_>>>()?;
        if sets.len() > asked.limit {
            sets.truncate(asked.limit);
            let next = sets.last().map(|set| set.id);
            return Ok((sets, next));
        }
        if asked.module.is_none() {
            return Ok((sets, None));
        }
        let last = Sql::new("select id from (").append(among.limit(1).push(" offset ").bind(many(looked - 1)));
        let last = self.rows(&last.push(") s"))?.first().map(|row| row.uuid(0).map(Id)).transpose()?;
        Ok((sets, last))
    }

    /// The first lines of each.
    fn act_lines(&mut self, sets: &[ChangeSet]) -> Result<Vec<Line>> {
        let ids: Vec<Id> = sets.iter().map(|set| set.id).collect();
        let Some(sql) = lines_of(&ids, JUDGED + 1) else { return Ok(Vec::new()) };
        self.rows(&sql)?.iter().map(|row| self.read_line(row)).collect()
    }

    fn read_line(&self, row: &Row) -> Result<Line> {
        Ok(Line {
            set: Id(row.uuid(0)?),
            sequence: row.int(1)?,
            module: self.present_module(row.text(2)?),
            record: Id(row.uuid(3)?),
            operation: row.text(4)?,
        })
    }

    /// The records of the lines that the reader sees, by module.
    fn seen_of(&mut self, lines: &[Line]) -> Result<BTreeMap<String, BTreeSet<Id>>> {
        let mut touched: BTreeMap<String, BTreeSet<Id>> = BTreeMap::new();
        for line in lines {
            touched.entry(line.module.clone()).or_default().insert(line.record);
        }
        let mut seen = BTreeMap::new();
        for (name, ids) in touched {
            let Ok(module) = self.module(&name) else {
                if self.reads_setup_log(&name) {
                    seen.insert(name, ids);
                }
                continue;
            };
            let (all, mut reached) = (ids.into_iter().collect::<Vec<_>>(), BTreeSet::new());
            for some in all.chunks(TOGETHER) {
                reached.extend(self.reached_of(&module, &some.iter().copied().collect())?);
            }
            seen.insert(name, reached);
        }
        Ok(seen)
    }

    /// How many records long acts touched, of modules of which the reader sees every record; and whether that is all they did.
    fn counted(&mut self, sets: &[Id]) -> Result<BTreeMap<Id, (Vec<ActPart>, bool)>> {
        let Some(lines) = lines_of(sets, COUNTED) else { return Ok(BTreeMap::new()) };
        let sql = Sql::new("select l.change_set, l.module, l.operation, count(distinct l.record), count(*) from (");
        let sql = sql.append(lines).push(") l group by l.change_set, l.module, l.operation");
        let mut counted: BTreeMap<Id, (Vec<ActPart>, bool)> = BTreeMap::new();
        let mut lengths: BTreeMap<Id, usize> = BTreeMap::new();
        for row in self.rows(&sql)? {
            let (set, module) = (Id(row.uuid(0)?), self.present_module(row.text(1)?));
            let number = |index: usize| Ok::<_, crate::Error>(usize::try_from(row.int(index)?).unwrap_or(0));
            *lengths.entry(set).or_default() += number(4)?;
            if self.sees_every(&module) {
                let part = ActPart { module, operation: row.text(2)?, records: number(3)? };
                counted.entry(set).or_insert_with(|| (Vec::new(), true)).0.push(part);
            }
        }
        for (set, (_, is_whole)) in &mut counted {
            *is_whole = lengths.get(set).is_some_and(|length| *length < COUNTED);
        }
        Ok(counted)
    }

    fn sees_every(&self, name: &str) -> bool {
        match self.module(name) {
            Ok(module) => self.reads_all(&module) && self.withheld(&module, "t").is_none(),
            Err(_) => self.reads_setup_log(name),
        }
    }
}

/// The first lines of each change set, in one statement; nothing where there is none.
fn lines_of(sets: &[Id], limit: usize) -> Option<Sql> {
    let one = |set: &Id| {
        let sql =
            Sql::new("select * from (select c.change_set, c.seq, c.module, c.record, c.operation from changes c ");
        sql.push("where c.change_set = ").bind(set.0).push(" order by c.seq").limit(limit).push(") o")
    };
    sets.iter().map(one).reduce(|all, one| all.push(" union all ").append(one))
}

fn many(number: usize) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
