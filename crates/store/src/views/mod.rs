//! List views: how somebody looks at the list of a module, kept under a name, for themselves, a team or everybody; beside
//! them those of packs, for everybody.
//! A view is read under the rights of its reader: what names something that is hidden from them is not there.

mod change;
mod first;
mod names;
mod packs;

use crate::db::{Row, Sql};
use crate::error::{Error, Result};
use crate::query::List;
use crate::work::Work;
use jiff::Timestamp;
use model::rights::{Capability, Scope};
use model::{Id, Label, Module};

pub use change::ViewChange;
pub use first::{OwnFirst, SharedFirst};
pub use model::view::Look;
pub use names::ViewName;
pub(crate) use packs::unfit;

/// Who sees a view.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Audience {
    /// Its owner alone.
    Private,
    /// The members of a team.
    Team(Id),
    /// Everybody who sees something of the module.
    All,
}

impl Audience {
    /// Its name outside.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Private => "private",
            Self::Team(_) => "team",
            Self::All => "all",
        }
    }

    /// The team.
    #[must_use]
    pub fn team(self) -> Option<Id> {
        match self {
            Self::Team(team) => Some(team),
            Self::Private | Self::All => None,
        }
    }

    /// Reads [`Audience::name`] and [`Audience::team`]; nothing where they say nothing together.
    #[must_use]
    pub fn read(name: &str, team: Option<Id>) -> Option<Self> {
        match (name, team) {
            ("private", None) => Some(Self::Private),
            ("team", Some(team)) => Some(Self::Team(team)),
            ("all", None) => Some(Self::All),
            _ => None,
        }
    }
}

/// A saved view, as far as its reader may see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct View {
    /// Its id, part of its address.
    pub id: Id,
    /// The module it is a view of.
    pub module: String,
    /// What people call it: the same in every language where somebody made it.
    pub name: Label,
    /// Who made it; nobody where it is a pack's.
    pub owner: Option<Id>,
    /// The pack whose it is, and what it is called there.
    pub pack: Option<(String, String)>,
    /// Who sees it.
    pub audience: Audience,
    /// What it shows.
    pub look: Look,
    /// Since when; not told of a pack's.
    pub created_at: Option<Timestamp>,
    /// When it was last changed; not told of a pack's.
    pub updated_at: Option<Timestamp>,
    /// Whether the reader may change it.
    pub is_open: bool,
}

const COLUMNS: &str = "select v.id, v.module, v.name, v.owner, v.audience, v.team, v.look, v.created_at, v.updated_at from views v where ";

impl Work<'_> {
    /// The views that the caller sees, by name. One query.
    ///
    /// # Errors
    /// When the database fails.
    pub fn views(&mut self) -> Result<Vec<View>> {
        let sql = Sql::new(COLUMNS).append(self.views_seen()).push(" order by v.name, v.id");
        let rows = self.rows(&sql)?;
        let views = rows.iter().map(|row| self.read_view(row)).collect::<Result<Vec<_>>>()?;
        let all = views.into_iter().chain(self.pack_views(|_| true));
        let mut seen: Vec<View> = all.filter_map(|view| self.seen_view(view)).collect();
        self.sort_views(&mut seen);
        Ok(seen)
    }

    /// One view.
    ///
    /// # Errors
    /// [`Error::NotFound`] for one that is not there, or not for the caller.
    pub fn view(&mut self, id: Id) -> Result<View> {
        if let Some(view) = self.pack_view(id) {
            return self.seen_view(view).ok_or_else(|| Error::not_found("views", id));
        }
        let sql = Sql::new(COLUMNS).append(self.views_seen()).push(" and v.id = ").bind(id.0);
        let found = self.rows(&sql)?.first().map(|row| self.read_view(row)).transpose()?;
        found.and_then(|view| self.seen_view(view)).ok_or_else(|| Error::not_found("views", id))
    }

    /// The teams that the caller may share a view with, by name: their own, for administrators all.
    ///
    /// # Errors
    /// When the database fails.
    pub fn sharing_teams(&mut self) -> Result<Vec<(Id, String)>> {
        let mut sql = Sql::new("select t.id, t.name from teams t");
        if self.require(Capability::Administer).is_err() {
            let me = self.actor().id().map(|me| me.0);
            sql =
                sql.push(" where t.id in (select m.team_id from team_members m where m.user_id = ").bind(me).push(")");
        }
        let rows = self.rows(&sql.push(" order by t.name, t.id"))?;
        rows.iter().map(|row| Ok((Id(row.uuid(0)?), row.text(1)?))).collect()
    }

    /// One's own, those of one's teams, those of everybody. What somebody keeps for themselves is nothing for a narrowed
    /// token.
    fn views_seen(&self) -> Sql {
        let me = self.actor().id().map(|me| me.0);
        let own = self.reader().ok().map(|me| me.0);
        let sql = Sql::new("(v.audience = 'all' or v.owner = ").bind(own).push(" or v.audience = 'team' and ");
        if self.require(Capability::Administer).is_ok() {
            return sql.push("v.team is not null)");
        }
        sql.push("v.team in (select m.team_id from team_members m where m.user_id = ").bind(me).push("))")
    }

    /// Whether the caller may change the views of `owner`.
    fn keeps_views(&self, owner: Id) -> bool {
        self.reader().is_ok_and(|me| me == owner || self.require(Capability::Administer).is_ok())
    }

    fn read_view(&self, row: &Row) -> Result<View> {
        let owner = Id(row.uuid(3)?);
        let is_open = self.keeps_views(owner);
        let team = row.opt_uuid(5)?.map(Id);
        Ok(View {
            id: Id(row.uuid(0)?),
            module: row.text(1)?,
            name: Label { ru: row.text(2)?, en: row.text(2)? },
            owner: Some(owner),
            pack: None,
            audience: Audience::read(&row.text(4)?, team).unwrap_or(Audience::Private),
            look: serde_json::from_value(row.json(6)?).unwrap_or_default(),
            created_at: Some(row.instant(7)?),
            updated_at: Some(row.instant(8)?),
            is_open,
        })
    }

    /// The view without what is hidden from the caller; nothing where its filter would tell them of that.
    fn seen_view(&self, mut view: View) -> Option<View> {
        let module = self.module(&view.module).ok()?;
        let grant = self.grant(&module);
        view.look.follow(&module, self.definitions());
        let is_own = view.owner.is_some() && self.reader().ok() == view.owner;
        if grant.read == Scope::None || !(is_own || self.is_plain_filter(&module, &view.look.filter)) {
            return None;
        }
        let is_hidden = |name: &str| grant.hidden.iter().any(|hidden| hidden == name);
        view.look.columns.retain(|name| !is_hidden(name));
        if is_hidden(view.look.sort.trim_start_matches('-')) {
            view.look.sort.clear();
        }
        if view.look.group_by.split('.').next().is_some_and(is_hidden) {
            view.look.group_by.clear();
        }
        if view.look.by.split('.').any(is_hidden) {
            view.look.by.clear();
        }
        Some(view)
    }
}

impl Work<'_> {
    /// The list that a look asks for, without a limit.
    ///
    /// # Errors
    /// [`Error::BadQuery`] for a filter that cannot be read.
    pub fn list_of(&self, look: &Look, module: &Module) -> Result<List> {
        let filter = Some(look.filter.as_str()).filter(|text| !text.is_empty());
        Ok(List {
            filter: filter.map(|text| self.filter(&module.name, text)).transpose()?,
            text: Some(look.q.clone()).filter(|text| !text.is_empty()),
            sort: crate::query::Sort::read(&look.sort).into_iter().collect(),
            group: Some(look.group_by.clone()).filter(|name| !name.is_empty()),
            ..List::default()
        })
    }
}
