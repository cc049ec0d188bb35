//! Views of packs among those that people keep. Nobody changes them: whoever wants one otherwise keeps it as their own.

use std::sync::Arc;

use jiff::Timestamp;
use model::pack::PackError;
use model::view::PackView;
use model::{Actor, Definitions, Id, Locale, definitions};

use super::{Audience, View};
use crate::db::Tx;
use crate::error::{Error, Result};
use crate::knowledge::Known;
use crate::work::{Origin, Work};

impl Work<'_> {
    /// The view of a pack that has this id.
    pub(super) fn pack_view(&self, id: Id) -> Option<View> {
        self.definitions().view(id).map(|(view, pack)| shown(view, pack))
    }

    /// Those that are wanted.
    pub(super) fn pack_views(&self, wanted: impl Fn(&PackView) -> bool) -> Vec<View> {
        self.definitions().views().filter(|(view, _)| wanted(view)).map(|(view, pack)| shown(view, pack)).collect()
    }

    /// The language in which the caller reads what views are called.
    #[must_use]
    pub fn views_locale(&self) -> Locale {
        self.actor().locale().unwrap_or(self.settings().locale)
    }

    /// Puts views in order by their names.
    pub(super) fn sort_views(&self, views: &mut [View]) {
        let l = self.views_locale();
        views.sort_by(|left, right| (left.name.get(l), left.id).cmp(&(right.name.get(l), right.id)));
    }
}

fn shown(view: &PackView, pack: &str) -> View {
    View {
        id: view.id(),
        module: view.module.clone(),
        name: view.label.clone(),
        owner: None,
        pack: Some((pack.to_owned(), view.name.clone())),
        audience: Audience::All,
        look: view.look.clone(),
        created_at: None,
        updated_at: None,
        is_open: false,
    }
}

/// Views of packs whose lists this database could not show: the same is asked of them as of those that people keep.
pub(crate) fn unfit(tx: &mut Tx, wanted: &Arc<Definitions>, now: Timestamp) -> Result<Vec<PackError>> {
    let known = Known::with(tx, wanted.clone())?;
    let mut work = Work::new(tx, Actor::System("pack"), known.knowledge, now, Origin::from("shape"));
    let mut errors = Vec::new();
    for (view, pack) in wanted.views() {
        let module = work.module(&view.module)?;
        match work.check_view(&module, &view.name, Audience::All, &view.look) {
            Ok(()) => {}
            Err(Error::Invalid(faults)) => {
                let file = definitions::view_file(&view.name);
                let fault = |fault: &crate::error::FieldError| {
                    PackError::new(&file, &format!("(pack {pack}) {}: {}", fault.field, fault.message))
                        .coded("view_unfit")
                };
                errors.extend(faults.iter().map(fault));
            }
            Err(error) => return Err(error),
        }
    }
    Ok(errors)
}
