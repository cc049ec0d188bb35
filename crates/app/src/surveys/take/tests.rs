//! A typed service takes the answers of a survey: its options are offered, its refusals are those of questions, and what it
//! does stands or falls with the answers. On both databases.

use std::collections::BTreeMap;

use model::{Actor, ChoiceOption, Id, Label, Locale, Record};
use serde_json::{Map, Value as Json, json};
use store::testing::databases;
use store::{Draft, Error, FieldError, Files, List, Origin, Result, Work, Workspace};

use crate::surveys::{Choices, Sending, Taker};
use crate::{App, Doors, packs};

/// Sells at most three seats, and writes how many on the lead.
pub(in crate::surveys) struct Seats;

impl Taker for Seats {
    fn choices(&self, _: &App, _: &mut Work<'_>, about: Option<&Record>) -> Result<Choices> {
        let name = about.map(Record::title).unwrap_or_default();
        let option = ChoiceOption { value: "hall".to_owned(), label: Label::both(&name, &name), colour: String::new() };
        Ok(BTreeMap::from([("lines.kind".to_owned(), vec![option])]))
    }

    fn take(&self, _: &App, work: &mut Work<'_>, sent: &Record, answers: &Map<String, Json>) -> Result<()> {
        let lead = sent.link("about").unwrap();
        let seats = answers["lines"][0]["quantity"].as_i64().unwrap();
        // Written first, to be seen taken back.
        work.update("leads", lead, Draft::new().set("company", format!("{seats} seats")), None)?;
        if seats > 3 {
            return Err(Error::Invalid(vec![FieldError::new("lines[0].quantity", "sold_out", "3 seats are left")]));
        }
        Ok(())
    }
}

const PACK: &str = r#"name = "tests"
label = { ru = "Тесты", en = "Tests" }
version = 1
requires = ["crm"]
"#;

const SURVEY: &str = r#"name = "seats"
label = { ru = "Места", en = "Seats" }
handled_by = "test"
corrections = true
[[about]]
module = "leads"
to = "email"
[[questions]]
key = "lines"
kind = "lines"
label = { ru = "Билеты", en = "Tickets" }
required = true
columns = [
    { key = "kind", label = { ru = "Тариф", en = "Type" }, kind = "one" },
    { key = "quantity", label = { ru = "Сколько", en = "How many" }, kind = "number", min = 1 },
]
"#;

fn answer(app: &App, token: &str, quantity: i64) -> Result<()> {
    let (app, token) = (app.clone(), token.to_owned());
    let answers = json!({"lines": [{"kind": "hall", "quantity": quantity}]});
    let answers = answers.as_object().unwrap().clone();
    let workspace = app.workspace().clone();
    let take = move |work: &mut Work<'_>| app.answer_survey(work, &token, &answers, Locale::En).map(drop);
    workspace.write_blocking(Actor::Public, Origin::from("public"), take)
}

#[test]
fn what_a_service_refuses_keeps_nothing_and_what_it_takes_stands_with_the_answers() {
    for database in databases() {
        let workspace = Workspace::open(database.options.clone()).unwrap();
        workspace.apply_pack(&packs::find("crm").unwrap()).unwrap();
        let files = [("pack.toml", PACK), ("surveys/seats.toml", SURVEY)];
        let files = files.map(|(path, text)| (path.to_owned(), text.to_owned())).into_iter().collect();
        workspace.apply_pack(&packs::read(files).unwrap()).unwrap();
        let folder = tempfile::TempDir::with_prefix("plenary-surveys-").unwrap();
        let doors = Doors {
            public_url: "https://example.org".to_owned(),
            smtp: None,
            files: Files::at(folder.path().to_owned()),
        };
        let app = App::new(workspace.clone(), doors).unwrap();

        let sender = app.clone();
        let send = move |work: &mut Work<'_>| {
            let lead = work.create("leads", Draft::new().set("name", "Anna").set("email", "anna@example.org"))?;
            let about = ("leads".to_owned(), lead.id);
            sender.send_survey(work, &Sending { survey: "seats".to_owned(), about, to: None, person: None })?;
            let sent = work.as_process(|work| work.list("surveys", &List { limit: 1, ..List::default() }))?;
            Ok((lead.id, sent.records[0].text("token").unwrap().to_owned()))
        };
        let (lead, token): (Id, String) =
            workspace.write_blocking(Actor::System("test"), Origin::from("command"), send).unwrap();

        let (opener, secret) = (app.clone(), token.clone());
        let open = move |work: &mut Work<'_>| opener.open_survey(work, &secret);
        let opened = workspace.read_blocking(Actor::Public, open).unwrap();
        assert_eq!(opened.survey.questions[0].columns[0].options[0].label.en, "Anna", "the options are the service's");

        let company = || {
            let read = move |work: &mut Work<'_>| Ok(work.get("leads", lead)?.text("company").map(str::to_owned));
            workspace.read_blocking(Actor::System("test"), read).unwrap()
        };
        let answers = || {
            let count = |work: &mut Work<'_>| work.count("survey_answers", &List::default(), None);
            workspace.read_blocking(Actor::System("test"), count).unwrap()
        };
        let Err(Error::Invalid(faults)) = answer(&app, &token, 4) else { unreachable!("four seats are too many") };
        assert_eq!(faults[0].field, "lines[0].quantity");
        assert_eq!((company(), answers()), (None, 0), "nothing is kept of what was refused");
        answer(&app, &token, 2).unwrap();
        assert_eq!((company().as_deref(), answers()), (Some("2 seats"), 1));
        let Err(Error::Conflict { code, .. }) = answer(&app, &token, 1) else { unreachable!("it was taken already") };
        assert_eq!(code, "survey_over");
    }
}
