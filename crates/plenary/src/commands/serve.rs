//! `plenary serve`

use std::time::Duration;

use app::{App, Doors};
use channels::smtp::{Smtp, SmtpSettings};
use model::Actor;
use store::operations::SEAL_BATCH;
use store::{Files, Workspace};
use tokio::net::TcpListener;
use tracing_subscriber::EnvFilter;
use web::{Patience, Web};

use super::{Done, Failure};
use crate::arguments::Serve;
use crate::opening::{files, open_to_serve};
use crate::serving::Serving;

/// Where it listens when nobody says.
const LISTEN: &str = "127.0.0.1:8080";
/// How often the change log is sealed.
const SEAL_EVERY: Duration = Duration::from_secs(5);
/// The pause where a seal was full.
const BETWEEN_SEALS: Duration = Duration::from_millis(10);

pub(crate) fn run(serve: Serve) -> Done {
    let (workspace, configuration) = open_to_serve(&serve.place)?;
    let _alone = Serving::begin(&configuration.options)?;
    if workspace.read_blocking(Actor::System("command"), |work| work.quarantine())?.is_some() {
        aside!("letters, webhooks and timers are held since this workspace was restored or copied: `plenary release`");
    }
    let file = &configuration.file;
    let smtp = serve.smtp.or_else(|| file.smtp.clone()).map(|url| Smtp::new(&SmtpSettings::at(url))).transpose()?;
    let listen = serve.listen.or_else(|| file.listen.clone());
    let public_url = serve.public_url.or_else(|| file.public_url.clone());
    let public_limit = serve.public_limit.or(file.public_limit).unwrap_or(web::PER_MINUTE);
    let named = Some(serve.trusted_proxies).filter(|named| !named.is_empty());
    let trusted_proxies = named.map_or_else(|| file.trusted_proxies(), Ok)?;
    let files = files(&configuration);
    let loopback_webhooks = serve.loopback_webhooks || file.loopback_webhooks;
    let private_mail = serve.private_mail || file.private_mail;
    let listening =
        Listening { listen, public_url, smtp, public_limit, trusted_proxies, files, loopback_webhooks, private_mail };
    listen_and_serve(workspace, listening)
}

/// What serving needs to know.
pub(crate) struct Listening {
    pub(crate) listen: Option<String>,
    pub(crate) public_url: Option<String>,
    pub(crate) smtp: Option<Smtp>,
    pub(crate) public_limit: u32,
    pub(crate) trusted_proxies: Vec<web::Network>,
    pub(crate) files: Files,
    pub(crate) loopback_webhooks: bool,
    pub(crate) private_mail: bool,
}

/// Serves until the program is asked to stop; what is under way is finished.
pub(crate) fn listen_and_serve(workspace: Workspace, listening: Listening) -> Done {
    let filter = EnvFilter::try_from_env("PLENARY_LOG").unwrap_or_else(|_| EnvFilter::new("info"));
    // A second subscriber in one process is not worth a failure.
    let _ = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).try_init();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async move {
        let address = listening.listen.unwrap_or_else(|| LISTEN.to_owned());
        let listener = TcpListener::bind(&address)
            .await
            .map_err(|error| Failure::new(format!("cannot listen on {address}: {error}")))?;
        let local = listener.local_addr()?;
        let public_url = listening.public_url.unwrap_or_else(|| format!("http://{local}"));
        let doors = Doors { public_url, smtp: listening.smtp, files: listening.files };
        let app = App::new(workspace.clone(), doors)?;
        if listening.loopback_webhooks {
            app.allow_loopback_webhooks();
        }
        if listening.private_mail {
            app.allow_private_mail();
        }
        let stop = asked_to_stop()?;
        say!("listening on http://{local}");
        let web = Web::new(app.clone(), listening.public_limit).behind(listening.trusted_proxies);
        let router = web::router(web);
        tokio::select! {
            () = web::serve(listener, router, Patience::default(), stop) => {}
            () = app.run_jobs() => {}
            () = keep_sealed(&workspace) => {}
        }
        app.finish().await;
        workspace.db().close().await;
        Ok(())
    })
}

/// Seals the change log as it grows.
async fn keep_sealed(workspace: &Workspace) {
    loop {
        match workspace.seal_log().await {
            // More wait; everybody else has a turn in between.
            Ok(sealed) if i64::try_from(sealed) == Ok(SEAL_BATCH) => tokio::time::sleep(BETWEEN_SEALS).await,
            Ok(_) => tokio::time::sleep(SEAL_EVERY).await,
            Err(error) => {
                tracing::warn!(%error, "the change log cannot be sealed");
                tokio::time::sleep(SEAL_EVERY).await;
            }
        }
    }
}

/// Listens for the signals that end the program from now on; the answer ends with the first of them.
#[cfg(unix)]
fn asked_to_stop() -> std::io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let (mut interrupt, mut terminate) = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}

/// Ends with the signal that ends the program.
#[cfg(not(unix))]
fn asked_to_stop() -> std::io::Result<impl Future<Output = ()>> {
    Ok(async {
        let _ = tokio::signal::ctrl_c().await;
    })
}
