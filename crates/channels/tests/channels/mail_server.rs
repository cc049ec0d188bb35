//! A real mail server for a test, on loopback: aiosmtpd of the Debian package `python3-aiosmtpd`.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use serde_json::Value as Json;
use tempfile::TempDir;

/// Runs until dropped.
pub(crate) struct MailServer {
    pub(crate) port: u16,
    folder: TempDir,
    process: Child,
}

impl MailServer {
    /// A server without protection.
    pub(crate) fn start() -> Self {
        Self::run(TempDir::with_prefix("plenary-mail-").unwrap(), &[])
    }

    /// A server that insists on STARTTLS and a password; and its certificate.
    pub(crate) fn start_protected() -> (Self, String) {
        let folder = TempDir::with_prefix("plenary-mail-").unwrap();
        let (certificate, key) = (folder.path().join("certificate.pem"), folder.path().join("key.pem"));
        let made = Command::new("openssl")
            .args([
                "req",
                "-x509",
                "-newkey",
                "ec",
                "-pkeyopt",
                "ec_paramgen_curve:prime256v1",
                "-nodes",
                "-days",
                "30",
            ])
            .args(["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"])
            .args(["-addext", "basicConstraints=critical,CA:FALSE", "-keyout"])
            .arg(&key)
            .arg("-out")
            .arg(&certificate)
            .output()
            .unwrap();
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        let pem = std::fs::read_to_string(&certificate).unwrap();
        (Self::run(folder, &[&certificate, &key]), pem)
    }

    fn run(folder: TempDir, certificate: &[&Path]) -> Self {
        // Tests of other crates start it too.
        let script = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../channels/tests/channels/mail_server.py"));
        let mut process = Command::new("/usr/bin/python3")
            .arg(script)
            .arg(folder.path())
            .args(certificate)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let port = line.trim().strip_prefix("ready ").and_then(|port| port.parse().ok());
        let port = port.unwrap_or_else(|| {
            panic!("the mail server does not start ({line:?}): install the package `python3-aiosmtpd`")
        });
        Self { port, folder, process }
    }

    /// What arrived as the letter `number`, from 0, read by Python's parser.
    pub(crate) fn arrived(&self, number: usize) -> Option<Json> {
        let text = std::fs::read_to_string(self.folder.path().join(format!("{number}.json"))).ok()?;
        Some(serde_json::from_str(&text).unwrap())
    }
}

impl Drop for MailServer {
    fn drop(&mut self) {
        // Closing its input asks it to end.
        drop(self.process.stdin.take());
        let _ = self.process.wait();
    }
}
