//! Until when somebody is away: rules pass over them meanwhile. For oneself, and for administrators.

use axum::extract::{Path, State};
use axum::response::Redirect;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use maud::{Markup, html};
use model::expr::start_of_day;
use model::{Id, Locale};
use store::{Error, Origin, Work};

use super::USERS;
use crate::pages::record::id;
use crate::pages::visitor::Visitor;
use crate::problem::Problem;
use crate::state::Web;
use crate::ui::Words;
use crate::ui::addresses::ME;
use crate::ui::typed::Typed;

/// Notes the day; an empty one says that somebody is back.
pub(super) async fn change(
    State(web): State<Web>,
    visitor: Visitor,
    Path(user): Path<String>,
    typed: Typed,
) -> Result<Redirect, Problem> {
    let id = id("users", &user)?;
    let zone = web.app.workspace().knowledge().settings.zone();
    let until = match typed.text("until") {
        "" => None,
        day => {
            let moment = day.parse::<Date>().ok().and_then(|day| start_of_day(day, &zone));
            Some(moment.ok_or_else(|| Error::field("until", "invalid_date", "a day"))?)
        }
    };
    let set = move |work: &mut Work<'_>| work.set_absence(id, until);
    web.app.workspace().write(visitor.author(), Origin::from("interface"), set).await?;
    let back = if id == visitor.user.id { ME.to_owned() } else { format!("{USERS}/{id}") };
    Ok(Redirect::to(&back))
}

/// The form.
pub(in crate::pages) fn form(user: Id, until: Option<Timestamp>, zone: &TimeZone, l: Locale) -> Markup {
    let day = until.map(|until| zone.to_datetime(until).date().to_string()).unwrap_or_default();
    html! {
        form.form method="post" action=(format!("{USERS}/{user}/absence")) id="absence" {
            div.field {
                label for="until" { (l.say("absence-until")) " " small { (l.say("optional")) } }
                input id="until" name="until" type="date" value=(day) aria-describedby="until-hint";
                p.help id="until-hint" { (l.say("absence-help")) }
            }
            footer.actions { button.btn { (l.say("absence-save")) } }
        }
    }
}
