//! Users as they change themselves.

use std::time::Instant;

use app::passwords;
use axum::http::StatusCode;
use model::Actor;
use model::actor::User;
use serde_json::{Map, Value};
use store::{MailChoice, UserChange, Work};

use super::body::Body;
use super::menu::MenuChange;
use crate::attempts::Key;
use crate::problem::Problem;
use crate::state::Web;

/// What changes whoever works as `map` says; the new password is hashed already and the present one judged. Every session
/// but `session` ends with a new password.
pub(crate) async fn changed(
    web: &Web,
    user: &User,
    map: Map<String, Value>,
    session: Option<String>,
) -> Result<impl Fn(&mut Work<'_>) -> store::Result<()> + Send + 'static + use<>, Problem> {
    let known = ["name", "locale", "letters", "password", "present_password", "menu", "signature"];
    let mut body = Body::new(map, &known);
    let (name, locale) = (body.text("name", true), body.locale("locale"));
    let signature = signature(&mut body);
    let menu = MenuChange::read(&mut body);
    let mail = body.text("letters", true).and_then(|choice| {
        let known = MailChoice::parse(&choice);
        known.or_else(|| body.wrong("letters", "invalid_choice", "one of none, personal, all"))
    });
    // Both are judged, so that whoever typed both wrongly hears it at once.
    if body.has("password") && !knows_password(web, user, body.raw("present_password")).await? {
        body.wrong::<()>("present_password", "wrong_password", "this is not the present password");
    }
    let password_hash = body.password(web, "password").await?;
    let change = UserChange { name, locale, mail, password_hash, ..UserChange::default() };
    Ok(move |work: &mut Work<'_>| {
        body.check()?;
        work.change_self(&change, session.as_deref())?;
        if let Some(menu) = &menu {
            let before = work.menu()?;
            let menu = menu.of(before, work);
            work.set_menu(&menu)?;
        }
        if let Some(signature) = &signature {
            work.set_signature(signature)?;
        }
        Ok(())
    })
}

/// A text of several lines; null takes the signature away.
fn signature(body: &mut Body) -> Option<String> {
    match body.raw("signature")?.clone() {
        Value::String(signature) => Some(signature),
        Value::Null => Some(String::new()),
        _ => body.wrong("signature", "invalid_type", "expected text in quotes"),
    }
}

/// Judges the present password, as slowly after failures as signing in does. They are counted apart: whoever sits at an
/// open session keeps nobody from signing in.
async fn knows_password(web: &Web, user: &User, shown: Option<&Value>) -> Result<bool, Problem> {
    let Some(Value::String(shown)) = shown else { return Ok(false) };
    let (email, shown) = (user.email.clone(), shown.clone());
    let key = [Key::Present(email.clone())];
    if web.attempts.begin(&key, Instant::now()).is_err() {
        let detail = "too many wrong passwords: wait a little";
        return Err(Problem::new(StatusCode::TOO_MANY_REQUESTS, "too_many_requests", detail));
    }
    let find = move |work: &mut Work<'_>| work.credentials(&email);
    let known = web.app.workspace().read(Actor::System("sign-in"), find).await?;
    let judge = move || passwords::verify(&shown, known.as_ref().map(|known| known.password_hash.as_str()));
    let same = web.hashing.run(judge).await.inspect_err(|_| web.attempts.take_back(&key))?;
    if same {
        web.attempts.succeeded(&key);
    }
    Ok(same)
}
