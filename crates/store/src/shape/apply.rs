//! Plan and apply: what the packs say becomes tables, definitions and search index, or nothing changes.

use std::sync::Arc;

use jiff::Timestamp;
use model::definitions::is_name;
use model::pack::{Pack, PackError};
use model::{Actor, Definitions};
use serde_json::json;

use super::obstacles::weigh;
use super::{Edit, Manner, OWN, Reshaped, ShapeError, follow, past};
use crate::access::Handover;
use crate::access::rights::{self, Holders, Moved, holders};
use crate::db::{Sql, Tx};
use crate::error::{Error, Result};
use crate::knowledge::{self, Known, Part, stored_packs};
use crate::params;
use crate::query::unfit;
use crate::schema;
use crate::search::Indexed;
use crate::views::unfit as unfit_views;
use crate::work::{Origin, Work};
use crate::workspace::{OpenError, Workspace};

impl Workspace {
    /// The packs that were applied, in order.
    ///
    /// # Errors
    /// When the database fails or a stored pack cannot be read.
    pub fn packs(&self) -> Result<Vec<Pack>, OpenError> {
        self.db().read_blocking(stored_packs)
    }

    /// What applying `pack` would change in the shape of the database.
    ///
    /// # Errors
    /// When the pack does not fit to those that are there, or data stands in its way.
    pub fn plan_pack(&self, pack: &Pack) -> Result<schema::Plan, OpenError> {
        let put = put(pack);
        Ok(self.reshape(Manner::command(true), move |_| Ok(put.clone()))?.plan)
    }

    /// Applies a pack: shape, definitions, and the search index of modules of which other fields are found now, in one
    /// transaction.
    ///
    /// # Errors
    /// When the pack does not fit to those that are there, data stands in its way, or the database refuses; then
    /// nothing was changed.
    pub fn apply_pack(&self, pack: &Pack) -> Result<schema::Plan, OpenError> {
        let put = put(pack);
        Ok(self.reshape(Manner::command(false), move |_| Ok(put.clone()))?.plan)
    }

    /// Makes of the packs what `edit` says when it sees those that are there. Whoever comes second sees what the first
    /// one made, and is judged by the rights that they have then.
    ///
    /// # Errors
    /// That of `edit`, `Store(Forbidden)` for a user who does not administer, or what does not fit; then nothing was changed.
    pub fn reshape(
        &self,
        manner: Manner,
        mut edit: impl FnMut(&[Pack]) -> Result<Edit, ShapeError> + Send + 'static,
    ) -> Result<Reshaped, ShapeError> {
        self.reshape_with(manner, None, move |_, packs| edit(packs))
    }

    /// [`Workspace::reshape`] by which a role goes: in the same transaction those who have it are given another one.
    ///
    /// # Errors
    /// As [`Workspace::reshape`].
    pub fn hand_over(
        &self,
        manner: Manner,
        handover: Handover,
        mut edit: impl FnMut(&[Pack]) -> Result<Edit, ShapeError> + Send + 'static,
    ) -> Result<Reshaped, ShapeError> {
        self.reshape_with(manner, Some(handover), move |_, packs| edit(packs))
    }

    pub(super) fn reshape_with(
        &self,
        manner: Manner,
        handover: Option<Handover>,
        mut edit: impl FnMut(&mut Tx, &[Pack]) -> Result<Edit, ShapeError> + Send + 'static,
    ) -> Result<Reshaped, ShapeError> {
        let now = self.clock().now();
        if manner.dry_run {
            return self.db().read_blocking(move |tx| {
                let standing = Standing::read(tx, manner)?;
                let edit = edit(tx, &standing.packs)?;
                Ok(standing.weighed(tx, &edit, handover.as_ref(), now)?.reshaped)
            });
        }
        let (reshaped, news, has_moved) = self.db().ddl_blocking(move |tx| -> Result<_, ShapeError> {
            // Waits for whoever is at it, then sees what they made.
            rights::hold(tx)?;
            knowledge::count_up(tx, Part::Packs)?;
            let standing = Standing::read(tx, manner)?;
            let edit = edit(tx, &standing.packs)?;
            let Weighed { present, reshaped, moved } = standing.weighed(tx, &edit, handover.as_ref(), now)?;
            let is_indexing = schema::apply_at_once(tx, &reshaped.plan)?;
            keep(tx, &edit, &reshaped.packs, manner, now)?;
            let news = Known::with(tx, reshaped.definitions.clone())?;
            let work = Work::new(tx, Actor::System("pack"), news.knowledge.clone(), now, Origin::from("command"));
            reindex(work, &present)?;
            let mut work = Work::new(tx, Actor::System("pack"), news.knowledge.clone(), now, Origin::from("shape"));
            work.follow_soon(&reshaped.followed, manner.by)?;
            work.mark_letters_soon(&present)?;
            if is_indexing {
                work.index_soon()?;
            }
            if !moved.is_empty() {
                let mut work = Work::new(tx, Actor::System("pack"), news.knowledge.clone(), now, Origin::from("shape"));
                let by = manner.by.map(|by| work.user(by)).transpose()?.flatten();
                match by {
                    Some(user) => work.as_user(user, |work| work.keep_roles(&moved))?,
                    None => work.keep_roles(&moved)?,
                }
            }
            Ok((reshaped, news, !moved.is_empty()))
        })?;
        self.learn(news);
        self.db().optimise_soon();
        if has_moved {
            self.changes().notify_one();
        }
        if !reshaped.followed.is_empty() {
            self.jobs().notify_one();
        }
        Ok(reshaped)
    }
}

/// What stands before an edit.
struct Standing {
    packs: Vec<Pack>,
    present: Definitions,
    holders: Holders,
}

/// What an edit makes of it.
struct Weighed {
    present: Definitions,
    reshaped: Reshaped,
    /// Users of whom a role goes, with their roles before and after.
    moved: Moved,
}

impl Standing {
    /// As it is kept now.
    ///
    /// # Errors
    /// `Store(Forbidden)` where a user wants the edit who does not administer.
    fn read(tx: &mut Tx, manner: Manner) -> Result<Self, ShapeError> {
        let packs = stored_packs(tx)?;
        let present = Definitions::from_packs(&packs).map_err(ShapeError::Packs)?;
        let holders = holders(tx)?;
        if manner.by.is_some_and(|by| !holders.administers(by, &present)) {
            let message = "your roles do not include the right to shape modules and fields";
            return Err(Error::forbidden("missing_right", message).into());
        }
        Ok(Self { packs, present, holders })
    }

    fn weighed(
        self,
        tx: &mut Tx,
        edit: &Edit,
        handover: Option<&Handover>,
        now: Timestamp,
    ) -> Result<Weighed, ShapeError> {
        let Self { packs, present, mut holders } = self;
        // What stood before it was looked at stays as it is.
        let standing = present.unusable(&packs);
        let packs = edited(packs, edit)?;
        let wanted = Definitions::from_packs(&packs).map_err(ShapeError::Packs)?;
        let mut errors = schema::limits(&present, &wanted);
        errors.extend(wanted.unusable(&packs).into_iter().filter(|error| !standing.contains(error)));
        errors.extend(unfit(&wanted, tx.dialect()));
        if !errors.is_empty() {
            return Err(ShapeError::Packs(errors));
        }
        let wanted = Arc::new(wanted);
        errors = unfit_views(tx, &wanted, now)?;
        if !errors.is_empty() {
            return Err(ShapeError::Packs(errors));
        }
        let was_administered = holders.administer(&present);
        let moved = handover.map(|handover| holders.hand_over(handover)).unwrap_or_default();
        holders.keep_their_roles(&present, &wanted)?;
        // Nobody takes the last right to administer away, whatever it is that is edited.
        if was_administered && !holders.administer(&wanted) {
            let how = "nobody would be left to administer: give somebody else that right first";
            return Err(Error::conflict("last_administrator", how).into());
        }
        let touches = weigh(tx, &present, &wanted)?;
        let followed = follow::weighed(tx, &present, &wanted)?;
        let plan = schema::plan(tx, &wanted)?;
        let returning = schema::returning(&present, &wanted, &plan);
        if !returning.is_empty() {
            errors = schema::misfits(&returning, &past::fields(tx)?, &wanted);
            if !errors.is_empty() {
                return Err(ShapeError::Packs(errors));
            }
        }
        let reshaped = Reshaped { plan, touches, followed, definitions: wanted, packs };
        Ok(Weighed { present, reshaped, moved })
    }
}

fn put(pack: &Pack) -> Edit {
    Edit::Put(Box::new(pack.clone()))
}

/// The packs after an edit; the workspace's own stays the last one. A pack that is new stands before those that stand on it:
/// who had the last word keeps it.
fn edited(mut packs: Vec<Pack>, edit: &Edit) -> Result<Vec<Pack>, ShapeError> {
    for edit in edit.each() {
        let name = edit.name();
        let there = packs.iter().position(|there| there.manifest.name == name);
        let Edit::Put(pack) = edit else {
            packs.retain(|pack| pack.manifest.name != name);
            continue;
        };
        let errors = unwelcome(pack, &packs);
        if !errors.is_empty() {
            return Err(ShapeError::Packs(errors));
        }
        let stands_on =
            |there: &Pack| there.manifest.name == OWN || there.manifest.requires.iter().any(|it| it == name);
        match there.and_then(|at| packs.get_mut(at)) {
            Some(there) => there.clone_from(pack),
            None => packs.insert(packs.iter().position(stands_on).unwrap_or(packs.len()), (**pack).clone()),
        }
    }
    for pack in &packs {
        let missing = |name: &&String| packs.iter().all(|there| there.manifest.name != **name);
        if let Some(missing) = pack.manifest.requires.iter().find(missing) {
            let message = format!("{} needs the pack {missing:?}, which is not applied", pack.manifest.name);
            return Err(ShapeError::Packs(vec![PackError::new("pack.toml", &message).coded("pack_needed")]));
        }
    }
    Ok(packs)
}

/// What is wrong with a pack among the others, which is not asked of those that are applied already.
fn unwelcome(pack: &Pack, others: &[Pack]) -> Vec<PackError> {
    let mut errors = Vec::new();
    if !is_name(&pack.manifest.name) {
        let message = "a pack is called by lower-case Latin letters, digits and _, beginning with a letter";
        errors.push(PackError::new("pack.toml", message).coded("invalid_program_name"));
    }
    for role in &pack.roles {
        let has = |other: &&Pack| other.roles.iter().any(|there| there.name == role.name);
        let others = others.iter().filter(|other| other.manifest.name != pack.manifest.name);
        if let Some(other) = others.into_iter().find(has) {
            let message =
                format!("{} has this role already: change it by `extends = {:?}`", other.manifest.name, role.name);
            errors.push(PackError::new(&format!("roles/{}.toml", role.name), &message).coded("role_of_another_pack"));
        }
    }
    errors
}

/// Keeps the packs as they are now, in their order, and what they were.
fn keep(tx: &mut Tx, edit: &Edit, packs: &[Pack], manner: Manner, now: Timestamp) -> Result<(), ShapeError> {
    let by = manner.by.map(|id| id.0);
    for edit in edit.each() {
        let name = edit.name();
        past::remember(tx, name, manner, now)?;
        let Edit::Put(pack) = edit else {
            tx.execute(&Sql::new("delete from packs where name = ").bind(name))?;
            continue;
        };
        tx.execute(&Sql::with(
            "insert into packs (name, version, position, files, applied_at, applied_by) values ($1, $2, $3, $4, $5, $6) \
             on conflict (name) do update set version = excluded.version, files = excluded.files, \
             applied_at = excluded.applied_at, applied_by = excluded.applied_by",
            params![name, i64::from(pack.manifest.version), i64::from(i32::MAX), json!(pack.files), now, by],
        ))?;
    }
    for (position, pack) in packs.iter().enumerate().filter(|(_, pack)| pack.manifest.name != OWN) {
        let position = i64::try_from(position).unwrap_or(i64::from(i32::MAX));
        let sql = "update packs set position = $2 where name = $1 and position <> $2";
        tx.execute(&Sql::with(sql, params![pack.manifest.name.as_str(), position]))?;
    }
    Ok(())
}

/// Makes the index of those modules anew of which it held something else under the definitions of `before`.
fn reindex(mut work: Work<'_>, before: &Definitions) -> Result<(), Error> {
    let definitions = work.definitions().clone();
    for module in definitions.modules() {
        let Some(old) = schema::module_before(before, module) else { continue };
        if Indexed::of(before, old).named_as_in(module) != Indexed::of(&definitions, module) {
            work.reindex(module)?;
        }
    }
    Ok(())
}
