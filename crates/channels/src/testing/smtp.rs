//! A real mail server that takes letters, on loopback: aiosmtpd of the Debian package `python3-aiosmtpd`.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};

use serde_json::Value as Json;
use tempfile::TempDir;

use super::there;

const SCRIPT: &str = include_str!("smtp.py");

/// Runs until dropped, or until this process ends in whatever way. What recipients there are, `smtp.py` says.
#[derive(Debug)]
pub struct SmtpServer {
    /// Where it listens.
    pub port: u16,
    folder: TempDir,
    lifeline: Option<ChildStdin>,
    process: Child,
}

impl SmtpServer {
    /// A server without protection.
    ///
    /// # Panics
    /// Where aiosmtpd is not installed or does not start: tests are never skipped.
    #[must_use]
    pub fn start() -> Self {
        Self::run(folder(), &[])
    }

    /// A server that insists on STARTTLS and a password; and its certificate, of `localhost`, in PEM.
    ///
    /// # Panics
    /// As [`SmtpServer::start`].
    #[must_use]
    pub fn start_protected() -> (Self, String) {
        let folder = folder();
        let (certificate, key) = (folder.path().join("certificate.pem"), folder.path().join("key.pem"));
        let curve = ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
        let made = Command::new("openssl")
            .args(curve)
            .args(["-days", "30", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"])
            .args(["-addext", "basicConstraints=critical,CA:FALSE", "-keyout"])
            .arg(&key)
            .arg("-out")
            .arg(&certificate)
            .output();
        let made = there(made, "no openssl");
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        let pem = there(fs::read_to_string(&certificate), "the certificate");
        (Self::run(folder, &[&certificate, &key]), pem)
    }

    fn run(folder: TempDir, certificate: &[&Path]) -> Self {
        let process = Command::new("/usr/bin/python3")
            .args(["-c", SCRIPT])
            .arg(folder.path())
            .args(certificate)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn();
        let mut process = there(process, "no python3");
        let (lifeline, mut line) = (process.stdin.take(), String::new());
        if let Some(output) = process.stdout.take() {
            there(BufReader::new(output).read_line(&mut line), "the mail server says nothing");
        }
        let port = line.trim().strip_prefix("ready ").and_then(|port| port.parse().ok());
        let Some(port) = port else {
            panic!("the mail server does not start ({line:?}): install the package `python3-aiosmtpd`");
        };
        Self { port, folder, lifeline, process }
    }

    /// Its address, as the program is told it.
    #[must_use]
    pub fn url(&self) -> String {
        format!("smtp://127.0.0.1:{}", self.port)
    }

    /// What arrived as the letter `number`, from 0, read by Python's parser.
    ///
    /// # Panics
    /// Where what the server keeps is no JSON.
    #[must_use]
    pub fn arrived(&self, number: usize) -> Option<Json> {
        let text = fs::read_to_string(self.folder.path().join(format!("{number}.json"))).ok()?;
        Some(there(serde_json::from_str(&text), "a letter as the server kept it"))
    }

    /// The Message-IDs of everything that was taken, with brackets, in the order in which it was.
    #[must_use]
    pub fn taken(&self) -> Vec<String> {
        let text = fs::read_to_string(self.folder.path().join("taken")).unwrap_or_default();
        text.lines().map(str::to_owned).collect()
    }

    /// Whether a letter to the recipient with this name before the `@` is held where its name says.
    #[must_use]
    pub fn is_held(&self, recipient: &str) -> bool {
        self.folder.path().join(format!("{recipient}.held")).exists()
    }
}

impl Drop for SmtpServer {
    fn drop(&mut self) {
        drop(self.lifeline.take());
        let _ = self.process.wait();
    }
}

fn folder() -> TempDir {
    there(TempDir::with_prefix("plenary-mail-"), "no folder for the mail server")
}
