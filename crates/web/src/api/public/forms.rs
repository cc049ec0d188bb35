//! What was filled in on a site: sent by its back end or by the form of its page, as JSON, as a form, or as a form with files.

use app::attachments::Upload;
use app::forms::{Filled, Opened, REFERRED, Spam, source};
use app::surveys::too_large;
use axum::body::Bytes;
use axum::extract::{FromRequest as _, Path, Request, State};
use axum::http::{StatusCode, header};
use axum::response::Response;
use model::form::{CONSENT, MARKETING, MARKS, PROOF, STAMP, TRAP};
use model::{Actor, Locale};
use serde_json::{Map, Value, json};
use store::{Error, FieldError, Work};

use super::super::answer::{Reply, Write};
use crate::caller::locale;
use crate::pages::plain_answers;
use crate::problem::Problem;
use crate::state::Web;
use crate::ui::Words;
use crate::ui::typed::{self, Typed};
use crate::uploads;

/// What came, whatever the kind of its body.
struct Said {
    answers: Map<String, Value>,
    files: Vec<(String, Upload)>,
    consents: bool,
    marketing: bool,
    is_robot: bool,
    source: Map<String, Value>,
}

/// Takes in what was filled in.
pub(crate) async fn take(
    State(web): State<Web>,
    Path(name): Path<String>,
    request: Request,
) -> Result<Response, Problem> {
    let app = web.app.clone();
    let open = move |work: &mut Work<'_>| app.open_form(work, &name);
    let opened = web.app.workspace().read(Actor::Public, open).await?;
    let own = web.app.workspace().knowledge().settings.locale;
    let language = locale(None, request.headers(), own);
    let (write, said) = read(&web, request, &opened).await?;
    let spam = said.is_robot.then(|| Spam(own.say("form-spam-trap")));
    let filled = Filled {
        form: opened.form.name.clone(),
        answers: said.answers,
        files: said.files,
        consents: said.consents,
        marketing: said.marketing,
        source: said.source,
        locale: language,
        key: None,
        spam,
        worked: None,
        via: None,
    };
    web.app.form_came(&filled.form);
    let answer = thanks(&opened, language);
    let app = web.app.clone();
    let run = move |work: &mut Work<'_>| {
        app.take_form(work, &filled)?;
        Ok(Reply::new(StatusCode::CREATED, answer.clone()))
    };
    write.run(&web, Actor::Public, run).await
}

/// The same for everybody: neither robots nor whoever asks after somebody else learn what was made of it.
fn thanks(opened: &Opened, language: Locale) -> Value {
    let thanks = Some(opened.form.thanks.get(language)).filter(|thanks| !thanks.is_empty());
    json!({"status": "received", "thanks": thanks, "next": opened.form.next})
}

async fn read(web: &Web, request: Request, opened: &Opened) -> Result<(Write, Said), Problem> {
    let kind = request.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    match kind.as_str() {
        "multipart/form-data" => {
            let head = Write::head(web, &request)?;
            let replied = uploads::replied(web, request, &opened.takes_files()).await?;
            if !replied.too_large.is_empty() {
                return Err(Error::Invalid(replied.too_large.iter().map(|key| too_large(key)).collect()).into());
            }
            let write = head.with_body(replied.content().as_bytes());
            let said = of_form(&replied.typed, opened);
            Ok((write, Said { files: replied.files, ..said }))
        }
        "application/x-www-form-urlencoded" => {
            let head = Write::head(web, &request)?;
            let bytes = Bytes::from_request(request, web).await;
            let bytes = bytes
                .map_err(|rejection| Problem::new(rejection.status(), "unreadable_body", rejection.body_text()))?;
            let typed = typed::read(&bytes)?;
            Ok((head.with_body(&bytes), of_form(&typed, opened)))
        }
        _ => {
            let write = Write::from_request(request, web).await?;
            let said = of_json(write.object()?)?;
            Ok((write, said))
        }
    }
}

/// A form as browsers send it. What the form does not ask for is refused later, by its name.
fn of_form(typed: &Typed, opened: &Opened) -> Said {
    let mut answers = plain_answers(typed, &opened.survey);
    for (name, text) in typed.pairs().iter().filter(|(name, _)| !is_own(name)) {
        if !answers.contains_key(name) {
            answers.insert(name.clone(), text.as_str().into());
        }
    }
    let pairs = typed.pairs().iter().map(|(name, text)| (name.as_str(), text.as_str()));
    Said {
        answers,
        files: Vec::new(),
        consents: typed.all(CONSENT).any(crate::pages::is_ticked),
        marketing: typed.all(MARKETING).any(crate::pages::is_ticked),
        is_robot: !typed.text(TRAP).is_empty(),
        source: source(pairs),
    }
}

fn of_json(body: Map<String, Value>) -> Result<Said, Error> {
    let nul = body.iter().filter(|(name, value)| name.contains('\0') || model::value::has_nul(value));
    let faults: Vec<FieldError> = nul
        .map(|(name, _)| FieldError::new(name.replace('\0', ""), "invalid_text", "the character U+0000 cannot be kept"))
        .collect();
    if !faults.is_empty() {
        return Err(Error::Invalid(faults));
    }
    let text = |name: &str| body.get(name).and_then(Value::as_str);
    let is_ticked =
        |name: &str| body.get(name) == Some(&Value::Bool(true)) || text(name).is_some_and(crate::pages::is_ticked);
    let (consents, marketing) = (is_ticked(CONSENT), is_ticked(MARKETING));
    let is_robot = text(TRAP).is_some_and(|text| !text.trim().is_empty());
    let source = source(body.iter().filter_map(|(name, value)| Some((name.as_str(), value.as_str()?))));
    let answers = body.into_iter().filter(|(name, _)| !is_own(name)).collect();
    Ok(Said { answers, files: Vec::new(), consents, marketing, is_robot, source })
}

/// Whether it is said beside what is filled in.
fn is_own(name: &str) -> bool {
    [CONSENT, MARKETING, TRAP, STAMP, PROOF].contains(&name) || REFERRED.contains(&name) || name.starts_with(MARKS)
}
