//! `plenary init`

use app::setup::{Setup, set_up};

use super::Done;
use crate::arguments::Init;
use crate::opening::open;

pub(crate) fn run(init: &Init) -> Done {
    let (workspace, _) = open(&init.place)?;
    set_up(
        &workspace,
        &Setup {
            admin_email: init.admin_email.clone(),
            admin_password: init.admin_password.clone(),
            admin_name: init.admin_name.clone(),
            organisation: init.organisation.clone(),
            packs: init.packs.clone(),
            locale: init.locale,
            sandbox: init.sandbox,
        },
    )?;
    workspace.db().close_blocking();
    aside!("ready: start it with `plenary serve` and sign in as {}", init.admin_email);
    Ok(())
}
