//! `plenary token`

use model::identity::email;
use model::{Actor, Id};
use store::{Error, Origin};

use super::{Done, Failure};
use crate::arguments::{Place, Token};
use crate::opening::open_present;

pub(crate) fn run(token: Token) -> Done {
    match token {
        Token::Create { place, user, name, scopes } => create(&place, &user, name, scopes),
        Token::List { place, user } => list(&place, user.as_deref()),
        Token::Revoke { place, id } => revoke(&place, id),
    }
}

fn create(place: &Place, user: &str, name: String, scopes: Vec<String>) -> Done {
    let (workspace, _) = open_present(place)?;
    let email = address(user)?;
    if let Some(wrong) = scopes.iter().find(|scope| !is_scope(scope)) {
        return Err(Failure::new(format!("--scope: read, write, MODULE:read or MODULE:write, not {wrong:?}")));
    }
    let secret = format!("plenary_{}", app::secrets::new()?);
    let kept = secret.clone();
    workspace.write_blocking(Actor::System("command"), Origin::from("command"), move |work| {
        let account = work.account_by_email(&email)?.filter(|account| account.active);
        let account =
            account.ok_or_else(|| Error::field("user", "not_found", format!("there is no active user {email}")))?;
        work.add_token(account.id, &name, &kept, &scopes)
    })?;
    workspace.db().close_blocking();
    say!("{secret}");
    Ok(())
}

fn list(place: &Place, user: Option<&str>) -> Done {
    let (workspace, _) = open_present(place)?;
    let wanted = user.map(address).transpose()?;
    let (tokens, accounts) =
        workspace.read_blocking(Actor::System("command"), |work| Ok((work.tokens()?, work.accounts()?)))?;
    for token in tokens {
        let email = accounts.iter().find(|account| account.id == token.user).map_or("", |account| &account.email);
        if wanted.as_deref().is_none_or(|wanted| wanted == email) {
            say!("{}  {email}  {}  {}", token.id, token.name, token.scopes.join(","));
        }
    }
    workspace.db().close_blocking();
    Ok(())
}

fn revoke(place: &Place, id: Id) -> Done {
    let (workspace, _) = open_present(place)?;
    workspace
        .write_blocking(Actor::System("command"), Origin::from("command"), move |work| work.revoke_token(id))
        .map_err(|error| match error {
            Error::NotFound { .. } => Failure::new(format!("there is no token {id}: see `plenary token list`")),
            error => error.into(),
        })?;
    workspace.db().close_blocking();
    Ok(())
}

fn address(user: &str) -> Result<String, Failure> {
    email::normalise(user).map(Into::into).map_err(|error| Failure::new(format!("--user: {error}")))
}

fn is_scope(scope: &str) -> bool {
    let (module, right) = scope.split_once(':').map_or((None, scope), |(module, right)| (Some(module), right));
    matches!(right, "read" | "write") && module.is_none_or(model::definitions::is_name)
}
