//! The address of a rule that is called from outside, on its page.

use axum::extract::{Path, State};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use maud::{Markup, html};
use model::rule::{Rule, When};
use model::{Locale, l10n};
use store::{Origin, Work};

use super::{RULES, known, one};
use crate::pages::visitor::Visitor;
use crate::problem::Problem;
use crate::state::Web;
use crate::ui::{Words, note};

/// Makes another address, and shows it this once.
pub(super) async fn make(
    State(web): State<Web>,
    visitor: Visitor,
    Path(name): Path<String>,
) -> Result<Markup, Problem> {
    let definitions = web.app.workspace().knowledge().definitions;
    app::shape::may_shape(&visitor.actor(), &definitions)?;
    let rule = known(&definitions, &name)?;
    let (app, secret) = (web.app.clone(), web.app.new_hook_secret()?);
    let keep = move |work: &mut Work<'_>| app.new_hook(work, &name, &secret);
    let (address, _) = web.app.workspace().write(visitor.author(), Origin::from("interface"), keep).await?;
    let l = visitor.locale;
    let made = html! {
        section id="address" {
            (note::good(&l.say("rule-address-once")))
            p { code { (address) } }
        }
    };
    one::shown(&web, &visitor, rule, None, Some(made)).await
}

/// Since when it has one, and where another is made; nothing for rules that nobody calls.
pub(super) fn of_rule(rule: &Rule, since: Option<Timestamp>, zone: &TimeZone, l: Locale) -> Markup {
    html! {
        @if rule.when == When::Called {
            section {
                h2 { (l.say("rule-address")) }
                @match since {
                    Some(since) => p { (l.say_with("rule-address-since", &[("moment", l10n::date_time(l, since, zone).into())])) },
                    None => p { (l.say("rule-address-none")) },
                }
                p.help { (l.say("rule-address-help")) }
                form method="post" action=(format!("{RULES}/{}/address#address", rule.name)) { button.btn { (l.say("rule-address-make")) } }
            }
        }
    }
}
