//! Connections that send slowly, or nothing, are cut; no more are open than may be.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use web::{Patience, serve};

use crate::world::World;

const PATIENCE: Patience =
    Patience { connections: 2, head: Duration::from_millis(600), farewell: Duration::from_millis(600) };

async fn served(world: &World) -> (SocketAddr, tokio::sync::oneshot::Sender<()>, tokio::task::JoinHandle<()>) {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, stopped) = tokio::sync::oneshot::channel();
    let router = world.router();
    let serving = tokio::spawn(async move {
        serve(listener, router, PATIENCE, async {
            let _ = stopped.await;
        })
        .await;
    });
    (address, stop, serving)
}

/// What comes until the other side hangs up.
async fn rest(stream: &mut TcpStream) -> String {
    let mut all = Vec::new();
    let read = tokio::time::timeout(Duration::from_secs(10), stream.read_to_end(&mut all)).await;
    assert!(read.is_ok(), "the connection is not cut");
    String::from_utf8(all).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn slow_and_idle_ones_are_cut_and_others_wait_their_turn() {
    let world = World::new(store::testing::databases().swap_remove(0));
    let (address, stop, serving) = served(&world).await;

    // Kept open for the next request, then idle.
    let mut kept = TcpStream::connect(address).await.unwrap();
    let mut buffer = [0_u8; 1_024];
    for _ in 0..2 {
        kept.write_all(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n").await.unwrap();
        let length = kept.read(&mut buffer).await.unwrap();
        assert!(buffer[..length].starts_with(b"HTTP/1.1 200"), "{:?}", &buffer[..length]);
    }
    assert!(!rest(&mut kept).await.contains("200"));

    // Heads that do not end: both places are taken until they are cut.
    let begun = Instant::now();
    let mut slow = Vec::new();
    for _ in 0..2 {
        let mut stream = TcpStream::connect(address).await.unwrap();
        stream.write_all(b"GET /healthz HTTP/1.1\r\nHost: x\r\nX-a: ").await.unwrap();
        slow.push(stream);
    }
    tokio::time::sleep(Duration::from_millis(100)).await;
    let mut third = TcpStream::connect(address).await.unwrap();
    third.write_all(b"GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").await.unwrap();
    assert!(rest(&mut third).await.starts_with("HTTP/1.1 200"));
    assert!(begun.elapsed() >= Duration::from_millis(500), "a third place was free");
    for mut stream in slow {
        assert!(!rest(&mut stream).await.contains("200"));
    }

    // Asked to stop, it does not wait for whoever never ends.
    let mut late = TcpStream::connect(address).await.unwrap();
    late.write_all(b"POST /api/v1/leads HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{").await.unwrap();
    tokio::time::sleep(Duration::from_millis(100)).await;
    let _ = stop.send(());
    tokio::time::timeout(Duration::from_secs(5), serving).await.unwrap().unwrap();
}
