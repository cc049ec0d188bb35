//! Users beside their history: what the log says of them is what they are, and since it began to speak of users nobody comes or goes
//! without it.

use std::collections::BTreeMap;

use model::Id;
use serde_json::Value as Json;

use super::{Area, Report};
use crate::db::Sql;
use crate::error::Result;
use crate::operations::canonical;
use crate::work::Work;
use crate::write::Setup;

pub(super) fn check(work: &mut Work<'_>, report: &mut Report) -> Result<()> {
    let mut told: BTreeMap<Id, BTreeMap<String, Json>> = BTreeMap::new();
    let sql = Sql::new("select record, delta, at from changes where module = ").bind(Setup::User.name());
    let mut since = None;
    for row in work.rows(&sql.push(" order by seq"))? {
        since.get_or_insert(row.instant(2)?);
        let of = told.entry(Id(row.uuid(0)?)).or_default();
        for (name, sides) in row.json(1)?.as_object().into_iter().flatten() {
            of.insert(name.clone(), sides.get(1).cloned().unwrap_or_default());
        }
    }
    for row in
        work.rows(&Sql::new("select id, email, name, roles, locale, active, created_at from users order by id"))?
    {
        let id = Id(row.uuid(0)?);
        let known = told.remove(&id);
        let made_at = row.instant(6)?;
        if known.is_none() && since.is_some_and(|since| made_at >= since) {
            report.add(Area::Log, Some((Setup::User.name(), id)), "the log does not know them");
        }
        let of = known.unwrap_or_default();
        let present = [
            ("email", row.text(1)?.into()),
            ("name", row.text(2)?.into()),
            ("roles", row.json(3)?),
            ("locale", row.text(4)?.into()),
            ("active", row.bool(5)?.into()),
        ];
        for (name, present) in present {
            if of.get(name).is_some_and(|told| canonical::json(told) != canonical::json(&present)) {
                let message = format!("their {name} are not what the log comes to");
                report.add(Area::Log, Some((Setup::User.name(), id)), message);
            }
        }
    }
    for id in told.into_keys() {
        report.add(Area::Log, Some((Setup::User.name(), id)), "the log knows them, and they are not there");
    }
    Ok(())
}
