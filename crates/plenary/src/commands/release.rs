//! `plenary release`

use model::Actor;
use store::Origin;

use super::Done;
use crate::arguments::Release;
use crate::opening::open;

pub(crate) fn run(command: &Release) -> Done {
    let (workspace, _) = open(&command.place)?;
    let (quarantine, held) =
        workspace.read_blocking(Actor::System("command"), |work| Ok((work.quarantine()?, work.held()?)))?;
    if quarantine.is_none() {
        say!("nothing is held");
    } else {
        for held in &held {
            say!("{}: {} waiting, {} of them due", held.kind, held.jobs, held.due);
        }
        if command.show {
            say!("held; `plenary release` lets them go");
        } else {
            workspace.write_blocking(Actor::System("command"), Origin::from("command"), |work| work.release())?;
            say!("released");
        }
    }
    workspace.db().close_blocking();
    Ok(())
}
