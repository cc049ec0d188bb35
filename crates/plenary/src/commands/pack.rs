//! `plenary pack`

use app::packs::{self, FileChange};
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
                println!("{name}  version {}  {state}  {}", pack.manifest.version, pack.manifest.label.en);
            }
            let own = applied.iter().filter(|pack| !packs::shipped().contains(&pack.manifest.name.as_str()));
            for pack in own {
                println!("{}  version {}  applied (own)", pack.manifest.name, pack.manifest.version);
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
        Pack::Apply { place, pack } => {
            let (workspace, _) = open(&place)?;
            let plan = applied(&workspace, packs::find(&pack)?, false)?;
            print!("{plan}");
            workspace.db().close_blocking();
            eprintln!("applied; a program that is serving this workspace reads it within seconds");
            Ok(())
        }
        Pack::Revert { place, pack, dry_run } => {
            let (workspace, _) = open(&place)?;
            let reverted = workspace.revert_pack(&pack, None, Manner::command(dry_run))?;
            print!("{}", reverted.plan);
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
fn applied(workspace: &Workspace, pack: Contents, dry_run: bool) -> Result<Plan, Failure> {
    let reshaped = workspace.reshape(Manner::command(dry_run), move |there| Ok(packs::applied_to(&pack, there)))?;
    Ok(reshaped.plan)
}

fn show(pack: &Contents) {
    println!(
        "{} version {}: {} / {}",
        pack.manifest.name, pack.manifest.version, pack.manifest.label.en, pack.manifest.label.ru
    );
    for module in &pack.modules {
        println!("  module {} ({}): {} fields", module.name, module.label.en, module.fields.len());
    }
    for process in &pack.processes {
        println!(
            "  process {}: {} states, {} transitions",
            process.name,
            process.states.len(),
            process.transitions.len()
        );
    }
    for role in &pack.roles {
        println!("  role {} ({})", role.name, role.label.en);
    }
    for letter in &pack.letters {
        println!("  letter {} ({})", letter.name, letter.label.en);
    }
    for view in &pack.views {
        println!("  view {} of {} ({})", view.name, view.module, view.label.en);
    }
    for document in pack.documents.keys() {
        println!("  document {document}");
    }
}

fn diff(workspace: &Workspace, pack: &Contents) -> Done {
    let there = workspace.packs()?;
    for edit in packs::applied_to(pack, &there).each() {
        let Edit::Put(put) = edit else { continue };
        if put.manifest.name != pack.manifest.name {
            println!("with it  pack {} version {}", put.manifest.name, put.manifest.version);
        }
        let before = there.iter().find(|there| there.manifest.name == put.manifest.name);
        packs::diff(before, put).iter().for_each(tell);
    }
    let plan = applied(workspace, pack.clone(), true)?;
    if !plan.steps.is_empty() {
        println!("in the database:");
        plan.steps.iter().for_each(|step| println!("    {step}"));
    }
    Ok(())
}

fn tell(change: &FileChange) {
    match change {
        FileChange::Added(file) => println!("new      {file}"),
        FileChange::Removed(file) => println!("removed  {file}"),
        FileChange::Changed(file, lines) => {
            println!("changed  {file}");
            lines.iter().for_each(|line| println!("    {line}"));
        }
    }
}
