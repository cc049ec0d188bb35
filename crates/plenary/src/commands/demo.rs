//! `plenary demo`

use std::net::{SocketAddr, TcpListener};

use app::{App, Doors, demo};
use model::Actor;

use super::serve::{Listening, listen_and_serve};
use super::{Done, Failure};
use crate::arguments::Demo;
use crate::opening::{files, open};
use crate::serving::Serving;

/// Where it listens when nobody says, as `plenary serve` does.
const LISTEN: &str = "127.0.0.1:8080";

pub(crate) fn run(command: &Demo) -> Done {
    let temporary = tempfile::tempdir()?;
    let mut place = command.place.clone();
    if place.data.is_none() {
        place.data = Some(temporary.path().to_owned());
    }
    let (workspace, configuration) = open(&place)?;
    let _alone = Serving::begin(&configuration.options)?;
    let listen = command.listen.clone().or_else(|| configuration.file.listen.clone());
    let address = free_address(listen.as_deref().unwrap_or(LISTEN))?;
    let public_url = command.public_url.clone().or_else(|| configuration.file.public_url.clone());
    let public_url = public_url.unwrap_or_else(|| format!("http://{address}"));
    let doors = Doors { public_url: public_url.clone(), smtp: None, files: files(&configuration) };
    // A folder that was filled before is served as it stands.
    if !workspace.read_blocking(Actor::System("demo"), |work| work.has_users())? {
        demo::fill(&App::new(workspace.clone(), doors)?, command.locale)?;
    }
    aside!("sample data is in; sign in as {} with the password {}", demo::EMAIL, demo::PASSWORD);
    let listening = Listening {
        listen: Some(address.to_string()),
        public_url: Some(public_url),
        smtp: None,
        public_limit: web::PER_MINUTE,
        trusted_proxies: configuration.file.trusted_proxies()?,
        files: files(&configuration),
        loopback_webhooks: false,
        private_mail: false,
    };
    listen_and_serve(workspace, listening)
}

/// The address with its port: the letters of the sample data name it before the server listens.
fn free_address(address: &str) -> Result<SocketAddr, Failure> {
    let bound = TcpListener::bind(address).and_then(|listener| listener.local_addr());
    bound.map_err(|error| Failure::new(format!("cannot listen on {address}: {error}")))
}
