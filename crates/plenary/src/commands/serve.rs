//! `plenary serve`

use std::io::Write as _;
use std::net::SocketAddr;

use app::{App, Doors};
use channels::smtp::{Smtp, SmtpSettings};
use store::{Files, Workspace};
use tokio::net::TcpListener;
use tracing_subscriber::EnvFilter;
use web::Web;

use super::{Done, Failure};
use crate::arguments::Serve;
use crate::opening::{files, open};

/// Where it listens when nobody says.
const LISTEN: &str = "127.0.0.1:8080";

pub(crate) fn run(serve: Serve) -> Done {
    let (workspace, configuration) = open(&serve.place)?;
    let file = &configuration.file;
    let smtp = serve.smtp.or_else(|| file.smtp.clone()).map(|url| Smtp::new(&SmtpSettings::at(url))).transpose()?;
    let listen = serve.listen.or_else(|| file.listen.clone());
    let public_url = serve.public_url.or_else(|| file.public_url.clone());
    let public_limit = serve.public_limit.or(file.public_limit).unwrap_or(web::PER_MINUTE);
    listen_and_serve(workspace, Listening { listen, public_url, smtp, public_limit, files: files(&configuration) })
}

/// What serving needs to know.
pub(crate) struct Listening {
    pub(crate) listen: Option<String>,
    pub(crate) public_url: Option<String>,
    pub(crate) smtp: Option<Smtp>,
    pub(crate) public_limit: u32,
    pub(crate) files: Files,
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
        println!("listening on http://{local}");
        std::io::stdout().flush()?;
        let service = web::router(Web::new(app.clone(), listening.public_limit))
            .into_make_service_with_connect_info::<SocketAddr>();
        let serving = axum::serve(listener, service).with_graceful_shutdown(asked_to_stop());
        tokio::select! {
            done = serving => done?,
            () = app.run_jobs() => {}
        }
        workspace.db().close().await;
        Ok(())
    })
}

async fn asked_to_stop() {
    let interrupt = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminate) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = interrupt => {}
                _ = terminate.recv() => {}
            }
            return;
        }
    }
    let _ = interrupt.await;
}
