//! `plenary user`

use app::passwords;
use model::identity::email;
use model::{Actor, Id};
use store::{Error, NewUser, Origin, Work, Workspace};

use super::{Done, Failure};
use crate::arguments::{Place, User};
use crate::opening::open_present;

pub(crate) fn run(user: User) -> Done {
    match user {
        User::Add { place, email, name, roles, team, password } => {
            let email = address(&email)?;
            let password_hash = passwords::hash(&password)?;
            change(&place, move |work| {
                let locale = work.settings().locale;
                let new = NewUser {
                    email: email.clone(),
                    name: name.clone(),
                    password_hash: password_hash.clone(),
                    roles: roles.clone(),
                    locale,
                };
                let id = work.add_user(&new)?;
                team.as_deref().map_or(Ok(()), |team| work.join_team(id, team))
            })
        }
        User::List { place } => list(&place),
        User::Disable { place, email } => let_in(&place, &email, false),
        User::Enable { place, email } => let_in(&place, &email, true),
        User::ResetPassword { place, email, password } => {
            let email = address(&email)?;
            let hash = passwords::hash(&password)?;
            change(&place, move |work| {
                let id = known(work, &email)?;
                work.set_password_hash(id, &hash)
            })
        }
        User::SetRole { place, email, roles } => {
            let email = address(&email)?;
            change(&place, move |work| {
                let id = known(work, &email)?;
                work.set_roles(id, &roles)
            })
        }
    }
}

fn let_in(place: &Place, email: &str, active: bool) -> Done {
    let email = address(email)?;
    change(place, move |work| {
        let id = known(work, &email)?;
        work.set_active(id, active)
    })
}

fn address(text: &str) -> Result<String, Failure> {
    email::normalise(text).map(Into::into).map_err(|error| Failure::new(format!("--email: {error}")))
}

fn known(work: &mut Work<'_>, email: &str) -> store::Result<Id> {
    let account = work.account_by_email(email)?;
    account
        .map(|account| account.id)
        .ok_or_else(|| Error::field("email", "not_found", format!("there is no user {email}")))
}

fn change(place: &Place, work: impl FnMut(&mut Work<'_>) -> store::Result<()> + Send + 'static) -> Done {
    let (workspace, _) = open_present(place)?;
    is_set_up(&workspace)?;
    workspace.write_blocking(Actor::System("command"), Origin::from("command"), work)?;
    workspace.db().close_blocking();
    Ok(())
}

fn is_set_up(workspace: &Workspace) -> Done {
    if workspace.read_blocking(Actor::System("command"), |work| work.has_users())? {
        return Ok(());
    }
    Err(Failure::new("this workspace is empty: begin with `plenary init`, or open it in a browser"))
}

fn list(place: &Place) -> Done {
    let (workspace, _) = open_present(place)?;
    is_set_up(&workspace)?;
    let read = |work: &mut Work<'_>| Ok::<_, Error>((work.accounts()?, work.teams()?));
    let (accounts, teams) = workspace.read_blocking(Actor::System("command"), read)?;
    for account in accounts {
        let own = teams.iter().filter(|team| team.members.contains(&account.id)).map(|team| team.name.as_str());
        let own = own.collect::<Vec<_>>().join(",");
        let teams = if own.is_empty() { own } else { format!("  [{own}]") };
        let state = if account.active { "" } else { "  (disabled)" };
        say!("{}  {}  {}{teams}{state}", account.email, account.name, account.roles.join(","));
    }
    workspace.db().close_blocking();
    Ok(())
}
