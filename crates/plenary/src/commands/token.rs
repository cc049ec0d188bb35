//! `plenary token`

use model::Actor;
use model::identity::email;
use store::{Error, Origin};

use super::{Done, Failure};
use crate::arguments::Token;
use crate::opening::open;

pub(crate) fn run(token: Token) -> Done {
    let Token::Create { place, user, name, scopes } = token;
    let (workspace, _) = open(&place)?;
    let email = email::normalise(&user).map_err(|error| Failure::new(format!("--user: {error}")))?;
    if let Some(wrong) = scopes.iter().find(|scope| !is_scope(scope)) {
        return Err(Failure::new(format!("--scope: read, write, MODULE:read or MODULE:write, not {wrong:?}")));
    }
    let secret = format!("plenary_{}", app::secrets::new()?);
    let kept = secret.clone();
    workspace.write_blocking(Actor::System("command"), Origin::from("command"), move |work| {
        let account = work.account_by_email(email.as_str())?.filter(|account| account.active);
        let account =
            account.ok_or_else(|| Error::field("user", "not_found", format!("there is no active user {email}")))?;
        work.add_token(account.id, &name, &kept, &scopes)
    })?;
    workspace.db().close_blocking();
    println!("{secret}");
    Ok(())
}

fn is_scope(scope: &str) -> bool {
    let (module, right) = scope.split_once(':').map_or((None, scope), |(module, right)| (Some(module), right));
    matches!(right, "read" | "write") && module.is_none_or(model::definitions::is_name)
}
