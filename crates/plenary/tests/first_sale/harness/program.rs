//! The program as people start it: a process with arguments, a standard output and an exit code.

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};
use std::{fs, thread};

/// The binary under test, with none of the environment's own options. `PLENARY_PROGRAM` names another build of it, such as one
/// for release, whose speed is asked for.
pub(crate) fn command() -> Command {
    let built = std::env::var_os("PLENARY_PROGRAM").unwrap_or_else(|| env!("CARGO_BIN_EXE_plenary").into());
    let mut command = Command::new(built);
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("PLENARY_") {
            command.env_remove(name);
        }
    }
    command.current_dir(std::env::temp_dir()).stdin(Stdio::null());
    command
}

/// Runs a command to its end.
pub(crate) fn plenary(arguments: &[&str]) -> Output {
    command().args(arguments).output().unwrap()
}

/// A running `plenary serve` (or `demo`); killed when it goes out of scope.
pub(crate) struct Server {
    child: Child,
    pub(crate) address: SocketAddr,
    log: PathBuf,
}

impl Server {
    /// Starts it with `--listen 127.0.0.1:0` and waits until it says where it listens. Its log goes to a file of `folder`.
    pub(crate) fn start(arguments: &[String], folder: &Path) -> Self {
        fs::create_dir_all(folder).unwrap();
        let log = folder.join("log");
        let errors = File::options().create(true).append(true).open(&log).unwrap();
        let mut child = command()
            .args(arguments)
            .args(["--listen", "127.0.0.1:0"])
            .stdout(Stdio::piped())
            .stderr(errors)
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let address = line.trim_end().strip_prefix("listening on http://").and_then(|address| address.parse().ok());
        let Some(address) = address else {
            let _ = child.kill();
            let _ = child.wait();
            panic!("{arguments:?} says {line:?} first; its log:\n{}", fs::read_to_string(&log).unwrap_or_default());
        };
        Self { child, address, log }
    }

    /// Asks it to stop, as a service manager does, and returns its exit code.
    pub(crate) fn terminate(mut self) -> Option<i32> {
        let pid = self.child.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &pid]).status().unwrap().success());
        let begun = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status.code();
            }
            assert!(begun.elapsed() < Duration::from_secs(20), "SIGTERM does not end it; its log:\n{}", self.log());
            thread::sleep(Duration::from_millis(10));
        }
    }

    /// Kills it on the spot, as a loss of power does.
    pub(crate) fn kill(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }

    /// What it wrote to its standard error.
    pub(crate) fn log(&self) -> String {
        fs::read_to_string(&self.log).unwrap_or_default()
    }

    /// Nothing may be logged as an error: what a caller sends is the caller's matter.
    pub(crate) fn assert_calm(&self) {
        let log = self.log();
        let loud: Vec<_> = log.lines().filter(|line| line.contains("ERROR") || line.contains("panicked")).collect();
        assert!(
            loud.is_empty(),
            "the log holds {} errors, first:\n{}",
            loud.len(),
            loud[..loud.len().min(5)].join("\n")
        );
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.kill();
    }
}
