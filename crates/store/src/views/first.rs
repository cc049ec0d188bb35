//! The view with which the list of a module opens: the one that somebody has chosen for themselves, else that of a team of
//! theirs, else that of everybody.

use std::collections::BTreeMap;

use model::rights::Capability;
use model::{Id, Module};
use serde::{Deserialize, Serialize};

use super::{Audience, COLUMNS, View};
use crate::db::Sql;
use crate::error::{Error, Result};
use crate::work::Work;

/// The name under which one's own choice is kept.
const NAME: &str = "first view";

/// What somebody has chosen for themselves.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct OwnFirst {
    /// Whether they have chosen at all.
    pub is_chosen: bool,
    /// The view; nothing for the list as it is.
    pub view: Option<Id>,
}

/// A view with which lists open for a team or for everybody.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SharedFirst {
    /// For whom; everybody where nothing is said.
    pub team: Option<Id>,
    /// The view.
    pub view: Id,
}

impl Work<'_> {
    /// The view with which the list of a module opens for the caller, where there is one that they see. At most two queries.
    ///
    /// # Errors
    /// When the database fails.
    pub fn first_view(&mut self, module: &Module) -> Result<Option<View>> {
        let own: OwnFirst = self.preference(&module.name, NAME)?;
        let candidates: Vec<Id> = if own.is_chosen {
            own.view.into_iter().collect()
        } else {
            self.settings().first_views.iter().map(|first| first.view).collect()
        };
        if candidates.is_empty() {
            return Ok(None);
        }
        let me = self.actor().id().map(|me| me.0);
        let mut sql = Sql::new(COLUMNS).append(self.views_seen()).push(" and v.module = ").bind(module.name.as_str());
        sql = sql.push(" and v.id in ").bind_list(candidates.iter().map(|id| id.0));
        if !own.is_chosen {
            // Administrators see the views of all teams, but belong to some.
            let members = " and (v.team is null or v.team in (select m.team_id from team_members m where m.user_id = ";
            sql = sql.push(members).bind(me).push("))");
        }
        let rows = self.rows(&sql.push(" order by v.name, v.id"))?;
        let views = rows.iter().map(|row| self.read_view(row)).collect::<Result<Vec<_>>>()?;
        let of_packs = self.pack_views(|view| view.module == module.name && candidates.contains(&view.id()));
        let mut seen: Vec<View> = views.into_iter().chain(of_packs).filter_map(|view| self.seen_view(view)).collect();
        if !own.is_chosen {
            // What has been shared with others since was not chosen for them.
            let meant = |first: &SharedFirst, view: &View| (first.view, first.team) == (view.id, view.audience.team());
            seen.retain(|view| self.settings().first_views.iter().any(|first| meant(first, view)));
        }
        // A team's goes before everybody's.
        let rank = |view: &View| usize::from(view.audience.team().is_none());
        Ok(seen.into_iter().min_by_key(rank))
    }

    /// What the caller has chosen for themselves, by module. One query.
    ///
    /// # Errors
    /// When the database fails.
    pub fn own_first_views(&mut self) -> Result<BTreeMap<String, OwnFirst>> {
        self.preferences(NAME)
    }

    /// Chooses for oneself with what the list of a module opens.
    ///
    /// # Errors
    /// [`Error::NotFound`] for a view that is not there for the caller, [`Error::Forbidden`] for whoever is no user or came
    /// with a narrowed token.
    pub fn open_with(&mut self, module: &Module, own: OwnFirst) -> Result<()> {
        if let Some(id) = own.view
            && self.view(id)?.module != module.name
        {
            return Err(Error::not_found("views", id));
        }
        self.prefer(&module.name, NAME, &own)
    }

    /// Makes a shared view the one with which the list opens for those it is shared with, or no longer.
    ///
    /// # Errors
    /// [`Error::NotFound`] for a view that is not there or is shared with nobody, [`Error::Forbidden`] without the right to
    /// administer.
    pub fn open_shared_with(&mut self, id: Id, is_first: bool) -> Result<()> {
        self.require(Capability::Administer)?;
        let view = self.view(id)?;
        if view.audience == Audience::Private {
            return Err(Error::not_found("views", id));
        }
        let team = view.audience.team();
        let others: Vec<Id> =
            self.views()?.into_iter().filter(|other| other.module == view.module).map(|it| it.id).collect();
        self.change_settings(move |settings| {
            let is_same = |first: &SharedFirst| first.view == id || first.team == team && others.contains(&first.view);
            settings.first_views.retain(|first| !is_same(first));
            if is_first {
                settings.first_views.push(SharedFirst { team, view: id });
            }
            Ok(())
        })?;
        Ok(())
    }
}
