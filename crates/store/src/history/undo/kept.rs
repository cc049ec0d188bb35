//! The row that says how far an undo in turns is: read and written in the turn that goes on with it.

use model::Id;

use super::conflict::Conflicts;
use super::course::{Course, Phase};
use crate::db::{DbError, Row, Sql};
use crate::error::Result;
use crate::params;
use crate::work::Work;

impl Work<'_> {
    pub(super) fn course(&mut self, set: Id) -> Result<Option<Course>> {
        let sql = Sql::new(
            "select change_set, user_id, scopes, source, conflicts, state, first_line, last_line, place, done, total, told, \
             undone_by, begun_at from undos where change_set = ",
        );
        self.rows(&sql.bind(set.0))?.first().map(read).transpose()
    }

    pub(super) fn keep_course(&mut self, course: &Course) -> Result<()> {
        let json = |value: Result<serde_json::Value, serde_json::Error>| {
            value.map_err(|error| DbError::Value(error.to_string()))
        };
        let scopes = json(serde_json::to_value(&course.scopes))?;
        let told = json(serde_json::to_value(&course.told))?;
        self.run(
            "insert into undos (change_set, user_id, scopes, source, conflicts, state, first_line, last_line, place, done, total, \
             told, undone_by, begun_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) \
             on conflict (change_set) do update set user_id = excluded.user_id, scopes = excluded.scopes, source = excluded.source, \
             conflicts = excluded.conflicts, state = excluded.state, place = excluded.place, done = excluded.done, \
             told = excluded.told, undone_by = excluded.undone_by, begun_at = excluded.begun_at",
            params![
                course.set.0,
                course.by.map(|id| id.0),
                scopes,
                course.source.as_str(),
                course.choice.name(),
                course.phase.name(),
                course.lines.0,
                course.lines.1,
                course.place,
                course.done,
                course.total,
                told,
                course.undone_by.map(|id| id.0),
                course.begun_at,
            ],
        )?;
        Ok(())
    }
}

fn read(row: &Row) -> Result<Course> {
    let corrupt = |what: &str| DbError::Corrupt(format!("an undo has {what}"));
    let (choice, state) = (row.text(4)?, row.text(5)?);
    let phase = Phase::ALL.into_iter().find(|phase| phase.name() == state);
    Ok(Course {
        set: Id(row.uuid(0)?),
        by: row.opt_uuid(1)?.map(Id),
        phase: phase.ok_or_else(|| corrupt("an unknown state"))?,
        choice: Conflicts::parse(&choice).ok_or_else(|| corrupt("an unknown choice"))?,
        done: row.int(9)?,
        total: row.int(10)?,
        undone_by: row.opt_uuid(12)?.map(Id),
        begun_at: row.instant(13)?,
        scopes: serde_json::from_value(row.json(2)?).map_err(|_| corrupt("no scopes"))?,
        source: row.text(3)?,
        lines: (row.int(6)?, row.int(7)?),
        place: row.int(8)?,
        told: serde_json::from_value(row.json(11)?).map_err(|_| corrupt("nothing to tell"))?,
    })
}
