//! `plenary pack`

use app::packs::{self, FileChange, Older};
use model::pack::Pack as Contents;
use store::Workspace;
use store::schema::Plan;
use store::shape::{Edit, Manner};

use super::{Done, Failure};
use crate::arguments::Pack;
use crate::opening::open;

pub(crate) fn run(command: Pack) -> Done {
    match command {
        Pack::List { place } => {
            let (workspace, _) = open(&place)?;
            let applied = workspace.packs()?;
            for name in packs::shipped() {
                let pack = packs::find(name)?;
                let there = applied.iter().find(|applied| applied.manifest.name == name);
                let state = there
                    .map_or("not applied".to_owned(), |there| format!("applied, version {}", there.manifest.version));
                say!("{name}  version {}  {state}  {}", pack.manifest.version, pack.manifest.label.en);
            }
            let own = applied.iter().filter(|pack| !packs::shipped().contains(&pack.manifest.name.as_str()));
            for pack in own {
                say!("{}  version {}  applied (own)", pack.manifest.name, pack.manifest.version);
            }
            workspace.db().close_blocking();
            Ok(())
        }
        Pack::Show { pack } => {
            show(&packs::find(&pack)?);
            Ok(())
        }
        Pack::Diff { place, pack } => {
            let (workspace, _) = open(&place)?;
            let pack = packs::find(&pack)?;
            diff(&workspace, &pack)?;
            workspace.db().close_blocking();
            Ok(())
        }
        Pack::Apply { place, pack, force } => {
            let (workspace, _) = open(&place)?;
            let older = if force { Older::Taken } else { Older::Refused };
            let plan = applied(&workspace, packs::find(&pack)?, older, false)?;
            plan.steps.iter().for_each(|step| say!("{step}"));
            workspace.build_indexes()?;
            workspace.db().close_blocking();
            aside!("applied; a program that is serving this workspace reads it within seconds");
            Ok(())
        }
        Pack::Revert { place, pack, dry_run } => {
            let (workspace, _) = open(&place)?;
            let reverted = workspace.revert_pack(&pack, None, Manner::command(dry_run))?;
            reverted.plan.steps.iter().for_each(|step| say!("{step}"));
            if !dry_run {
                workspace.build_indexes()?;
            }
            workspace.db().close_blocking();
            Ok(())
        }
        Pack::Export { place, pack, folder } => {
            let (workspace, _) = open(&place)?;
            let applied = workspace.packs()?.into_iter().find(|applied| applied.manifest.name == pack);
            let applied =
                applied.ok_or_else(|| Failure::new(format!("no pack {pack:?} is applied: see `plenary pack list`")))?;
            packs::export(&applied, &folder)?;
            workspace.db().close_blocking();
            Ok(())
        }
    }
}

/// Applies a pack with those that go along with it, or tells what that would do.
fn applied(workspace: &Workspace, pack: Contents, older: Older, dry_run: bool) -> Result<Plan, Failure> {
    let reshaped = workspace.reshape(Manner::command(dry_run), move |there| packs::applied_to(&pack, there, older))?;
    Ok(reshaped.plan)
}

fn show(pack: &Contents) {
    say!(
        "{} version {}: {} / {}",
        pack.manifest.name,
        pack.manifest.version,
        pack.manifest.label.en,
        pack.manifest.label.ru
    );
    for module in &pack.modules {
        say!("  module {} ({}): {} fields", module.name, module.label.en, module.fields.len());
    }
    for process in &pack.processes {
        say!("  process {}: {} states, {} transitions", process.name, process.states.len(), process.transitions.len());
    }
    for role in &pack.roles {
        say!("  role {} ({})", role.name, role.label.en);
    }
    for letter in &pack.letters {
        say!("  letter {} ({})", letter.name, letter.label.en);
    }
    for view in &pack.views {
        say!("  view {} of {} ({})", view.name, view.module, view.label.en);
    }
    for document in pack.documents.keys() {
        say!("  document {document}");
    }
}

fn diff(workspace: &Workspace, pack: &Contents) -> Done {
    let there = workspace.packs()?;
    // To look at an older one changes nothing.
    for edit in packs::applied_to(pack, &there, Older::Taken)?.each() {
        let Edit::Put(put) = edit else { continue };
        if put.manifest.name != pack.manifest.name {
            say!("with it  pack {} version {}", put.manifest.name, put.manifest.version);
        }
        let before = there.iter().find(|there| there.manifest.name == put.manifest.name);
        packs::diff(before, put).iter().for_each(tell);
    }
    let plan = applied(workspace, pack.clone(), Older::Taken, true)?;
    if !plan.steps.is_empty() {
        say!("in the database:");
        plan.steps.iter().for_each(|step| say!("    {step}"));
    }
    Ok(())
}

fn tell(change: &FileChange) {
    match change {
        FileChange::Added(file) => say!("new      {file}"),
        FileChange::Removed(file) => say!("removed  {file}"),
        FileChange::Changed(file, lines) => {
            say!("changed  {file}");
            lines.iter().for_each(|line| say!("    {line}"));
        }
    }
}
