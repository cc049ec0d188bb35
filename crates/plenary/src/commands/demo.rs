//! `plenary demo`

use app::demo;

use super::Done;
use super::serve::{Listening, listen_and_serve};
use crate::arguments::Demo;
use crate::opening::{files, open};

pub(crate) fn run(command: &Demo) -> Done {
    let temporary = tempfile::tempdir()?;
    let mut place = command.place.clone();
    if place.data.is_none() {
        place.data = Some(temporary.path().to_owned());
    }
    let (workspace, configuration) = open(&place)?;
    demo::fill(&workspace, command.locale)?;
    eprintln!("sample data is in; sign in as {} with the password {}", demo::EMAIL, demo::PASSWORD);
    let listening = Listening {
        listen: command.listen.clone().or_else(|| configuration.file.listen.clone()),
        public_url: command.public_url.clone().or_else(|| configuration.file.public_url.clone()),
        smtp: None,
        public_limit: web::PER_MINUTE,
        files: files(&configuration),
    };
    listen_and_serve(workspace, listening)
}
