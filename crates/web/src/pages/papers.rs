//! Contract and invoice of a deal: issued and sent from its page, with what is missing first.

use app::papers::Offer;
use app::{App, papers::Sent};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};
use model::Paper;
use model::rights::Capability;
use model::{Id, Locale, Record, l10n};
use store::{Error, FieldError, Origin, Result, Work};

use super::moves;
use super::record::id;
use super::visitor::Visitor;
use crate::problem::Problem;
use crate::state::Web;
use crate::ui::addresses::ORGANISATION;
use crate::ui::frame::Frame;
use crate::ui::sheet::{Form, Kind, Sheet};
use crate::ui::typed::Typed;
use crate::ui::{Lens, Words, icon, note};

const DEALS: &str = "deals";
/// In place of the name of a paper: the letter with those that stand.
const LETTER: &str = "letter";

/// What the page of a deal, and that of its papers, offers.
#[derive(Default)]
pub(crate) struct Papers {
    offers: Vec<Offer>,
    /// Whether money may be booked for the invoice.
    pub(crate) takes_money: bool,
}

/// Read with the record's page.
pub(crate) fn read(app: &App, work: &mut Work<'_>, record: &Record, is_open: bool) -> Result<Papers> {
    match record.module.name.as_str() {
        DEALS if is_open => Ok(Papers { offers: app.papers_of(work, record)?, takes_money: false }),
        "invoices" => {
            let is_due = app::papers::due_on(record).is_some_and(|due| !due.is_zero());
            Ok(Papers { offers: Vec::new(), takes_money: is_due && work.require(Capability::BookPayments).is_ok() })
        }
        _ => Ok(Papers::default()),
    }
}

impl Papers {
    fn has_standing(&self) -> bool {
        self.offers.iter().any(|offer| offer.standing.is_some())
    }

    /// In the menu of a deal.
    pub(crate) fn menu(&self, l: Locale, deal: &Record) -> Markup {
        html! {
            @for offer in self.offers.iter().filter(|offer| offer.standing.is_none()) {
                (leads_to(deal, offer.paper.name(), "", &html! { (l.say(issues(offer.paper))) }))
            }
            @if self.has_standing() { (leads_to(deal, LETTER, "", &html! { (l.say("papers-send")) })) }
        }
    }

    /// Beside a document of the check list that the program issues and that is still awaited.
    pub(crate) fn beside(&self, l: Locale, deal: &Record, document: &Record) -> Markup {
        let kind = document.text("kind").filter(|_| document.text("status") == Some("awaited"));
        let offer = self.offers.iter().find(|offer| offer.standing.is_none() && Some(offer.paper.name()) == kind);
        html! {
            @if let Some(offer) = offer {
                (leads_to(deal, offer.paper.name(), "btn small", &html! { (icon(assets::icon::FILE_TEXT)) (l.say(issues(offer.paper))) }))
            }
        }
    }
}

fn issues(paper: Paper) -> &'static str {
    match paper {
        Paper::Contract => "papers-issue-contract",
        Paper::Invoice => "papers-issue-invoice",
    }
}

fn leads_to(deal: &Record, paper: &str, class: &str, words: &Markup) -> Markup {
    let at = address(deal.id, paper);
    html! { a class=(class) href=(at) hx-get=(at) hx-target="body" hx-swap="beforeend" { (words) } }
}

fn address(deal: Id, paper: &str) -> String {
    format!("/{DEALS}/{deal}/papers/{paper}")
}

struct View {
    frame: Frame,
    deal: Record,
    /// Nothing for the letter.
    paper: Option<Paper>,
    offers: Vec<Offer>,
    /// Where the letter goes.
    to: Option<String>,
    /// Who it is for.
    account: Option<String>,
    /// What fields of deal and account are called, by the names in what is missing.
    called: Vec<(String, String)>,
    faults: Vec<String>,
}

/// The paper that an address names; nothing for the letter.
fn meant(paper: &str) -> std::result::Result<Option<Paper>, Problem> {
    let found = Paper::ALL.into_iter().find(|known| known.name() == paper);
    if found.is_none() && paper != LETTER { Err(Problem::not_found("there is no such paper")) } else { Ok(found) }
}

/// The sheet.
pub(crate) async fn form(
    State(web): State<Web>,
    visitor: Visitor,
    Path((deal, paper)): Path<(String, String)>,
) -> std::result::Result<Markup, Problem> {
    let (id, paper, partial, app) = (id(DEALS, &deal)?, meant(&paper)?, visitor.partial, web.app.clone());
    let actor = visitor.actor();
    let read = move |work: &mut Work<'_>| asked(&app, work, &visitor, id, paper);
    Ok(web.app.workspace().read(actor, read).await?.shown(partial))
}

/// Issues the paper, and sends it where that is wanted; or sends those that stand.
pub(crate) async fn make(
    State(web): State<Web>,
    visitor: Visitor,
    Path((deal, paper)): Path<(String, String)>,
    form: Typed,
) -> std::result::Result<Response, Problem> {
    let (id, paper, sends) = (id(DEALS, &deal)?, meant(&paper)?, form.has("send"));
    let app = web.app.clone();
    let write = move |work: &mut Work<'_>| -> Result<Option<Sent>> {
        match paper {
            Some(paper) => {
                app.issue_paper(work, id, paper)?;
                sends.then(|| app.send_standing_papers(work, id, &Paper::ALL)).transpose()
            }
            None => app.send_standing_papers(work, id, &Paper::ALL).map(Some),
        }
    };
    let made = web.app.workspace().write(visitor.author(), Origin::from("interface"), write).await;
    let error = match made {
        Ok((sent, set)) => {
            let l = visitor.locale;
            let words = match sent {
                Some(sent) => l.say_with("papers-sent", &[("email", sent.to.into())]),
                None => l.say("papers-issued"),
            };
            return Ok(moves::done(&visitor, &format!("/{DEALS}/{id}"), &words, set));
        }
        Err(error @ (Error::Invalid(_) | Error::Conflict { .. })) => Problem::from(error),
        Err(error) => return Err(error.into()),
    };
    let (app, actor, partial, l) = (web.app.clone(), visitor.actor(), visitor.partial, visitor.locale);
    let read = move |work: &mut Work<'_>| asked(&app, work, &visitor, id, paper);
    let mut view = web.app.workspace().read(actor, read).await?;
    // What is missing stands in the sheet already.
    if error.errors.is_empty() || view.lacking().is_empty() {
        view.faults = vec![l.refusal(&error.code, &error.detail)];
    }
    Ok((StatusCode::UNPROCESSABLE_ENTITY, view.shown(partial)).into_response())
}

fn asked(app: &App, work: &mut Work<'_>, visitor: &Visitor, id: Id, paper: Option<Paper>) -> Result<View> {
    work.check_may_update(DEALS, id)?;
    let deal = work.get(DEALS, id)?;
    let mut lens = Lens::of(work, visitor.locale);
    lens.learn(work, [&deal])?;
    let offers = app.papers_of(work, &deal)?;
    let l = visitor.locale;
    let label = |module: &str, field: &str| {
        let module = work.definitions().module(module)?;
        Some(module.field(field)?.label.get(l).to_owned())
    };
    let lacking = offers.iter().flat_map(|offer| &offer.lacking);
    let called = lacking.filter_map(|error| {
        let said = match error.field.split_once('.') {
            Some((_, field)) => label("accounts", field)?,
            None => label(DEALS, &error.field)?,
        };
        Some((error.field.clone(), said))
    });
    let called = called.collect();
    let account = deal.link("account").and_then(|account| lens.title("accounts", account)).map(str::to_owned);
    let to = app.papers_go_to(work, &deal)?;
    let frame = Frame::unless_partial(work, visitor)?;
    Ok(View { frame, deal, paper, offers, to, account, called, faults: Vec::new() })
}

impl View {
    fn offer(&self) -> Option<&Offer> {
        self.offers.iter().find(|offer| Some(offer.paper) == self.paper)
    }

    fn lacking(&self) -> &[FieldError] {
        self.offer().map(|offer| offer.lacking.as_slice()).unwrap_or_default()
    }

    fn shown(&self, partial: bool) -> Markup {
        let l = self.frame.locale;
        let heading = self.paper.map_or_else(|| l.say("papers-send"), |paper| l.say(issues(paper)));
        let at = format!("/{DEALS}/{}", self.deal.id);
        let title = self.deal.title();
        let sheet = Sheet {
            frame: &self.frame,
            partial,
            id: "papers",
            heading: &heading,
            title: &heading,
            crumbs: &[("/deals", self.deal.module.label.get(l)), (&at, &title)],
        };
        let action = address(self.deal.id, self.paper.map_or(LETTER, Paper::name));
        let is_ready = match self.paper {
            Some(_) => self.offer().is_some_and(|offer| offer.standing.is_none() && offer.lacking.is_empty()),
            None => self.to.is_some() && self.offers.iter().any(|offer| offer.standing.is_some()),
        };
        let button = is_ready.then_some(heading.as_str());
        let kind = Kind::Question { leads_on: false };
        sheet.form(&Form { kind, action: &action, rows: self.rows(), button, back: (&at, &l.say("cancel")) })
    }

    fn rows(&self) -> Markup {
        let l = self.frame.locale;
        html! {
            @for fault in &self.faults { (note::bad(fault)) }
            @match (self.paper, self.offer()) {
                (Some(_), None) => p { (l.say("papers-not-here")) },
                (Some(_), Some(Offer { standing: Some(standing), .. })) => {
                    p { (l.say_with("papers-stands", &[("number", standing.text("number").unwrap_or_default().into())])) }
                },
                (Some(_), Some(offer)) if !offer.lacking.is_empty() => (self.missing(&offer.lacking)),
                (Some(_), Some(_)) => { (self.says()) (self.sends()) },
                (None, _) => (self.letter()),
            }
        }
    }

    /// What is missing, each as the way to where it is filled in.
    fn missing(&self, lacking: &[FieldError]) -> Markup {
        let l = self.frame.locale;
        let deal = format!("/{DEALS}/{}/edit", self.deal.id);
        let account = self.deal.link("account").map(|account| format!("/accounts/{account}/edit"));
        html! {
            p { (l.say("papers-missing")) }
            ul.plain-links {
                @for error in lacking {
                    @let called = self.called.iter().find(|(field, _)| *field == error.field).map(|(_, said)| said.as_str());
                    li {
                        @match (error.field.as_str(), account.as_deref()) {
                            ("seller", _) => a.link href=(ORGANISATION) { (l.say("papers-missing-seller")) },
                            (field, Some(account)) if field.starts_with("account.") => {
                                a.link href=(account) { (called.unwrap_or(field)) } " " small.dim { (self.account.as_deref().unwrap_or_default()) }
                            },
                            (field, _) => a.link href=(deal) { (called.unwrap_or(field)) },
                        }
                    }
                }
            }
        }
    }

    /// For whom, and for how much.
    fn says(&self) -> Markup {
        let (l, module) = (self.frame.locale, &self.deal.module);
        let label = |name: &str| module.field(name).map(|field| field.label.get(l).to_owned()).unwrap_or_default();
        html! {
            dl.fields.roomy {
                dt { (label("account")) } dd { (self.account.as_deref().unwrap_or_default()) }
                dt { (label("amount")) }
                dd { (self.deal.get("amount").as_money().map(|amount| l10n::money(l, amount)).unwrap_or_default()) }
            }
            p.help { (l.say("papers-kept")) }
        }
    }

    fn sends(&self) -> Markup {
        let l = self.frame.locale;
        html! {
            @match &self.to {
                Some(to) => div.field {
                    label.option { input type="checkbox" name="send" value="yes"; (l.say_with("papers-send-to", &[("email", to.as_str().into())])) }
                },
                None => p.help { (l.say("papers-no-address")) },
            }
        }
    }

    fn letter(&self) -> Markup {
        let l = self.frame.locale;
        let standing = self.offers.iter().filter_map(|offer| Some((offer.paper, offer.standing.as_ref()?)));
        html! {
            @match &self.to {
                Some(to) => p { (l.say_with("papers-go-to", &[("email", to.as_str().into())])) },
                None => (note::bad(&l.say("papers-no-address"))),
            }
            ul.plain-links {
                @for (paper, record) in standing {
                    li { (l.say(&format!("rule-paper-{}", paper.name()))) " " (record.text("number").unwrap_or_default()) }
                }
            }
        }
    }
}
