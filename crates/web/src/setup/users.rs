//! Users as they are made and changed.

use model::Id;
use model::identity::email;
use serde_json::{Map, Value};
use store::{NewUser, Result, UserChange, Work};

use super::body::Body;
use crate::problem::Problem;
use crate::state::Web;

/// What makes the user that `map` describes; the password is hashed already.
pub(crate) async fn made(
    web: &Web,
    map: Map<String, Value>,
) -> Result<impl Fn(&mut Work<'_>) -> Result<Id> + Send + 'static + use<>, Problem> {
    let mut body = Body::new(map, &["email", "name", "roles", "teams", "locale", "password"]);
    for needed in ["email", "name", "roles", "password"] {
        if !body.has(needed) {
            body.wrong::<()>(needed, "required", "a user needs this");
        }
    }
    let address = address(&mut body);
    let (name, roles, teams) = (body.text("name", true), body.texts("roles"), body.ids("teams"));
    let (locale, password_hash) = (body.locale("locale"), body.password(web, "password").await?);
    Ok(move |work: &mut Work<'_>| {
        body.check()?;
        let user = NewUser {
            email: address.clone().unwrap_or_default(),
            name: name.clone().unwrap_or_default(),
            password_hash: password_hash.clone().unwrap_or_default(),
            roles: roles.clone().unwrap_or_default(),
            locale: locale.unwrap_or(work.settings().locale),
        };
        let id = work.add_user(&user)?;
        if teams.is_some() {
            work.change_user(id, &UserChange { teams: teams.clone(), ..UserChange::default() })?;
        }
        Ok(id)
    })
}

/// The address to sign in by.
fn address(body: &mut Body) -> Option<String> {
    body.text("email", true).and_then(|text| match email::normalise(&text) {
        Ok(address) => Some(String::from(address)),
        Err(error) => body.wrong("email", "invalid_email", error.to_string()),
    })
}

/// What changes a user as `map` says; the password is hashed already.
pub(crate) async fn changed(
    web: &Web,
    id: Id,
    map: Map<String, Value>,
) -> Result<impl Fn(&mut Work<'_>) -> Result<()> + Send + 'static + use<>, Problem> {
    let mut body = Body::new(map, &["email", "name", "roles", "teams", "locale", "active", "password"]);
    let change = UserChange {
        mail: None,
        email: address(&mut body),
        name: body.text("name", true),
        roles: body.texts("roles"),
        teams: body.ids("teams"),
        locale: body.locale("locale"),
        active: body.flag("active"),
        password_hash: body.password(web, "password").await?,
    };
    Ok(move |work: &mut Work<'_>| {
        body.check()?;
        work.change_user(id, &change).map(|_| ())
    })
}
