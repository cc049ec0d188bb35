//! Connections: how many are open at once, and how long one may keep us waiting. Whoever sends a byte now and then would
//! otherwise hold a place for ever.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use tokio::net::TcpListener;
use tokio::sync::{Semaphore, watch};
use tower::ServiceExt as _;

use crate::live::Closing;

/// What connections may cost.
#[derive(Clone, Copy, Debug)]
pub struct Patience {
    /// The most connections open at once; more wait to be taken. Below the 1,024 files that systems give a program.
    pub connections: usize,
    /// How long the head of a request may take to come whole, and how long a connection may lie idle before it.
    pub head: Duration,
    /// How long what is under way may go on when we are asked to stop.
    pub farewell: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self { connections: 800, head: Duration::from_secs(30), farewell: Duration::from_secs(30) }
    }
}

/// The pause after a connection could not be taken: the system has run out of something.
const RECOVERY: Duration = Duration::from_millis(100);

/// Serves until `stop`; what is under way then is finished.
pub async fn serve(listener: TcpListener, router: Router, patience: Patience, stop: impl Future<Output = ()>) {
    let places = Arc::new(Semaphore::new(patience.connections));
    let (close, closing) = watch::channel(false);
    let closing = Closing(closing);
    let graceful = GracefulShutdown::new();
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(patience.head);
    let taking = async {
        loop {
            let Ok(place) = Arc::clone(&places).acquire_owned().await else { return };
            let (stream, address) = match listener.accept().await {
                Ok(taken) => taken,
                Err(error) => {
                    tracing::warn!(%error, "a connection cannot be taken");
                    tokio::time::sleep(RECOVERY).await;
                    continue;
                }
            };
            // Answers are written whole: waiting for more to send would only delay them.
            let _ = stream.set_nodelay(true);
            let serving =
                graceful.watch(http.serve_connection(TokioIo::new(stream), service(&router, address, &closing)));
            tokio::spawn(async move {
                if let Err(error) = serving.await {
                    tracing::debug!(%error, "a connection broke");
                }
                drop(place);
            });
        }
    };
    tokio::select! {
        () = taking => {}
        () = stop => {}
    }
    drop(listener);
    // Streams have no end of their own.
    let _ = close.send(true);
    if tokio::time::timeout(patience.farewell, graceful.shutdown()).await.is_err() {
        tracing::warn!("connections were still open and are cut");
    }
}

/// The router for one connection: requests say whose it is.
fn service(
    router: &Router,
    address: SocketAddr,
    closing: &Closing,
) -> impl hyper::service::Service<
    hyper::Request<Incoming>,
    Response = axum::response::Response,
    Error = std::convert::Infallible,
    Future: Send,
> + use<> {
    let (router, closing) = (router.clone(), closing.clone());
    service_fn(move |request: hyper::Request<Incoming>| {
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(ConnectInfo(address));
        request.extensions_mut().insert(closing.clone());
        router.clone().oneshot(request)
    })
}
