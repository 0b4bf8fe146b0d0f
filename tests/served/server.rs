//! A server of a desk's book, and the simplest client there is: bytes on a socket.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::process::{Child, ChildStderr, Stdio};
use std::time::Duration;

use serde_json::Value;

use super::common::desk::Desk;

/// `cardfile serve`, which ends with the test.
pub(crate) struct Served {
    pub(crate) child: Child,
    pub(crate) address: SocketAddr,
    pub(crate) said: BufReader<ChildStderr>,
}

impl Served {
    /// On any free port of this machine.
    pub(crate) fn new(desk: &Desk, more: &[&str]) -> Self {
        let arguments = [&["serve", "--listen", "127.0.0.1:0"][..], more].concat();
        let mut child = desk.command(&arguments).stdout(Stdio::null()).spawn().unwrap();
        let mut said = BufReader::new(child.stderr.take().unwrap());
        let mut line = String::new();
        said.read_line(&mut line).unwrap();
        let address = line.trim().rsplit_once("//").and_then(|(_, at)| at.parse().ok());
        let address = address.unwrap_or_else(|| panic!("where it listens: {line}"));
        Self { child, address, said }
    }

    /// Asks it to end, and what it said since it began.
    pub(crate) fn end(mut self) -> String {
        let pid = rustix::process::Pid::from_child(&self.child);
        rustix::process::kill_process(pid, rustix::process::Signal::TERM).unwrap();
        let mut said = String::new();
        self.said.read_to_string(&mut said).unwrap();
        assert!(self.child.wait().unwrap().success(), "{said}");
        said
    }

    /// Sends these bytes and reads until the other side closes; as text.
    pub(crate) fn raw(&self, bytes: &[u8]) -> String {
        exchange(self.address, bytes)
    }

    /// A request with a key: status and body.
    pub(crate) fn send(&self, method: &str, path: &str, key: &str, body: &str) -> (u16, String) {
        let head = format!(
            "{method} {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\nAuthorization: {key}\r\nContent-Type: \
             application/json\r\nContent-Length: {}\r\n\r\n{body}",
            self.address,
            body.len()
        );
        parts(&self.raw(head.as_bytes()))
    }

    pub(crate) fn json(&self, method: &str, path: &str, key: &str, body: &Value) -> (u16, Value) {
        let body = if body.is_null() { String::new() } else { body.to_string() };
        let (status, text) = self.send(method, path, key, &body);
        (status, serde_json::from_str(&text).unwrap_or_else(|_| panic!("{method} {path}: {status} {text}")))
    }

    /// A call of the mailing-list API: its result, or its error's code.
    pub(crate) fn call(&self, key: &str, method: &str, params: &[Value]) -> Result<Value, i64> {
        let params: Vec<Value> = std::iter::once(Value::from(key)).chain(params.iter().cloned()).collect();
        let call = serde_json::json!({"id": 1, "method": method, "params": params});
        let (status, answer) = self.json("POST", "/api/jsonrpcserver?version=3.0", "", &call);
        assert_eq!(status, 200);
        match &answer["error"] {
            Value::Null => Ok(answer["result"].clone()),
            error => Err(error["code"].as_i64().unwrap()),
        }
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Sends these bytes there and reads until the other side closes; as text.
pub(crate) fn exchange(address: SocketAddr, bytes: &[u8]) -> String {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    // What is refused early is closed while it is still sent.
    let _ = stream.write_all(bytes);
    let mut out = Vec::new();
    let _ = stream.read_to_end(&mut out);
    String::from_utf8_lossy(&out).into_owned()
}

/// The status and the body of an answer.
pub(crate) fn parts(answer: &str) -> (u16, String) {
    let (head, body) = answer.split_once("\r\n\r\n").unwrap_or((answer, ""));
    let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or(0);
    (status, body.to_owned())
}

/// A key of this name with these scopes.
pub(crate) fn key(desk: &Desk, name: &str, scopes: &str) -> String {
    desk.done(0, &["key", "add", name, "--scope", scopes, "--rate", "none"]).trim().to_owned()
}

/// Every scope.
pub(crate) const ALL: &str = "contacts.read,contacts.modify,members.delete,lists.modify,jobs.read,admin";
