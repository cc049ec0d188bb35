//! A telephone line to the PostgreSQL server that can go dead: connections stay open and nothing comes through any more.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// How often a dead line looks whether it lives again.
const LOOK: Duration = Duration::from_millis(20);

/// A line; its threads end with the connections.
pub struct Line {
    port: u16,
    dead: Arc<AtomicBool>,
}

impl Line {
    /// A line to a server of this machine that listens on `port`.
    ///
    /// # Panics
    /// Where there is no port for it.
    #[must_use]
    pub fn to(port: u16) -> Self {
        let listener = match TcpListener::bind(("127.0.0.1", 0)) {
            Ok(listener) => listener,
            Err(error) => panic!("no port for the line: {error}"),
        };
        let own = listener.local_addr().map(|address| address.port()).unwrap_or_default();
        let dead = Arc::new(AtomicBool::new(false));
        let state = Arc::clone(&dead);
        std::thread::spawn(move || {
            for caller in listener.incoming().flatten() {
                let Ok(server) = TcpStream::connect(SocketAddr::from(([127, 0, 0, 1], port))) else { continue };
                let (Ok(answers), Ok(back)) = (server.try_clone(), caller.try_clone()) else { continue };
                for (from, to) in [(caller, server), (answers, back)] {
                    let state = Arc::clone(&state);
                    std::thread::spawn(move || carry(from, to, &state));
                }
            }
        });
        Self { port: own, dead }
    }

    /// Where it is called.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Lets it go dead, or live again.
    pub fn set_dead(&self, dead: bool) {
        self.dead.store(dead, Ordering::SeqCst);
    }
}

fn carry(mut from: TcpStream, mut to: TcpStream, dead: &AtomicBool) {
    let mut buffer = [0_u8; 16 * 1024];
    while let Ok(length @ 1..) = from.read(&mut buffer) {
        while dead.load(Ordering::SeqCst) {
            std::thread::sleep(LOOK);
        }
        if to.write_all(buffer.get(..length).unwrap_or_default()).is_err() {
            break;
        }
    }
    let _ = to.shutdown(std::net::Shutdown::Both);
}
