//! The server itself: who may ask, how much, how long, how many at once, and how it ends.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use serde_json::json;

use super::common::desk::Desk;
use super::server::{Served, key, parts};

const CONTACTS: &str = "{\"name\": \"Amber Powell\", \"emails\": [\"amber@one.example\"]}\n";

fn post(host: &str, more: &str, body: &str) -> Vec<u8> {
    format!(
        "POST /api/jsonrpcserver HTTP/1.1\r\n{host}Connection: close\r\n{more}Content-Length: {}\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}

#[test]
fn another_host_a_page_and_what_is_no_request_are_refused() {
    let desk = Desk::with(CONTACTS);
    let shop = key(&desk, "shop", "contacts.read");
    let served = Served::new(&desk, &["--host-name", "book.example"]);
    let body = json!({"id": 1, "method": "countContacts", "params": [shop, 1]}).to_string();
    let status = |request: &[u8]| parts(&served.raw(request)).0;
    for host in ["Host: localhost\r\n", "Host: 127.0.0.1:1\r\n", "Host: book.example:7345\r\n"] {
        let (status, answer) = parts(&served.raw(&post(host, "Sec-Fetch-Mode: cors\r\n", &body)));
        assert_eq!((status, answer.as_str()), (200, r#"{"id":1,"result":1,"error":null}"#), "{host}");
    }
    for host in ["Host: evil.example\r\n", "Host: \r\n", "Host: :7345\r\n", "Host: localhost\r\nHost: localhost\r\n"] {
        assert_eq!(status(&post(host, "", &body)), 403, "{host}");
    }
    assert_eq!(status(&post("Host: localhost\r\n", "Origin: null\r\n", &body)), 403);
    assert_eq!(status(&post("Host: localhost\r\n", "Origin: http://127.0.0.1\r\n", &body)), 403);
    assert_eq!(status(b"GET /healthz HTTP/1.0\r\n\r\n"), 403, "no Host at all");
    assert_eq!(status(b"nonsense\r\n\r\n"), 400);
    let smuggled =
        b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n";
    assert!(matches!(status(smuggled), 200 | 400), "one of the two lengths counts and the connection ends");
    let fields = "X: y\r\n".repeat(100);
    assert_eq!(status(format!("GET /healthz HTTP/1.1\r\nHost: localhost\r\n{fields}\r\n").as_bytes()), 431);
    assert_eq!(served.send("GET", "/api/jsonrpcserver", "", "").0, 405);
    assert_eq!(served.send("GET", "/nothing", "", "").0, 404);
    assert_eq!(served.send("GET", "/healthz", "", "").0, 200);
}

#[test]
fn what_is_too_long_too_slow_or_cut_off_changes_nothing() {
    let desk = Desk::with(CONTACTS);
    let shop = key(&desk, "shop", "contacts.read,contacts.modify");
    let served = Served::new(&desk, &[]);
    let long = format!("{{\"id\": 1, \"method\": \"ping\", \"params\": [\"{}\"]}}", "x".repeat(11 * 1024 * 1024));
    let answer = served.raw(&post("Host: localhost\r\n", "", &long));
    assert!(answer.is_empty() || parts(&answer).0 == 413, "{}", &answer[..answer.len().min(200)]);
    let chunked = b"POST / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n4\r\n{\"id\r\n2\r\n\":\r\n";
    let mut stream = TcpStream::connect(served.address).unwrap();
    stream.write_all(chunked).unwrap();
    stream.shutdown(std::net::Shutdown::Write).unwrap();
    let mut answer = String::new();
    let _ = stream.read_to_string(&mut answer);
    assert!(answer.is_empty() || parts(&answer).0 == 400, "{answer}");
    // A head that never ends is given up after five seconds.
    let begun = Instant::now();
    let mut stream = TcpStream::connect(served.address).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    stream.write_all(b"POST / HTTP/1.1\r\nHost: loc").unwrap();
    let mut out = Vec::new();
    let _ = stream.read_to_end(&mut out);
    let took = begun.elapsed();
    assert!((Duration::from_secs(4)..Duration::from_secs(12)).contains(&took), "{took:?}");
    assert_eq!(served.call(&shop, "countContacts", &[json!(1)]), Ok(json!(1)));
}

#[test]
fn a_flood_of_connections_is_told_to_come_again_and_those_that_are_in_are_answered() {
    let desk = Desk::with(CONTACTS);
    let shop = key(&desk, "shop", "contacts.read");
    let served = Served::new(&desk, &["--connections", "8"]);
    let held: Vec<TcpStream> = (0..8).map(|_| TcpStream::connect(served.address).unwrap()).collect();
    std::thread::sleep(Duration::from_millis(100));
    let (status, body) = parts(&served.raw(b""));
    assert!(status == 429 && body.ends_with("}}}"), "{body}");
    drop(held);
    std::thread::sleep(Duration::from_millis(200));
    assert_eq!(served.call(&shop, "countContacts", &[json!(1)]), Ok(json!(1)));
}

#[test]
fn a_key_that_comes_too_often_is_399_and_requests_are_told_of_without_their_content() {
    let desk = Desk::with(CONTACTS);
    let few = desk.done(0, &["key", "add", "few", "--rate", "3/min"]).trim().to_owned();
    let served = Served::new(&desk, &["--requests", "json"]);
    let calls: Vec<_> = (0..5).map(|_| served.call(&few, "countContacts", &[json!(1)])).collect();
    assert_eq!(calls, [Ok(json!(1)), Ok(json!(1)), Ok(json!(1)), Err(399), Err(399)]);
    let said = served.end();
    let lines: Vec<&str> = said.lines().filter(|line| line.starts_with('{')).collect();
    assert_eq!(lines.len(), 5, "{said}");
    let line: serde_json::Value = serde_json::from_str(lines[0]).unwrap();
    assert_eq!(
        (&line["method"], &line["path"], &line["status"]),
        (&json!("POST"), &json!("/api/jsonrpcserver"), &json!(200))
    );
    assert!(!said.contains(&few) && !said.contains("countContacts"), "{said}");
}

#[test]
fn it_listens_elsewhere_with_tls_alone_and_a_socket_is_for_the_user() {
    let desk = Desk::with(CONTACTS);
    let said = desk.done(2, &["serve", "--listen", "0.0.0.0:0"]);
    assert!(said.contains("TLS"), "{said}");
    let nothing = desk.file("empty.pem", "");
    desk.done(2, &["serve", "--listen", "127.0.0.1:0", "--tls", &nothing, &nothing]);
    let socket = desk.name("book.sock");
    let served = Served::new(&desk, &["--unix", &socket]);
    let mut stream = std::os::unix::net::UnixStream::connect(&socket).unwrap();
    stream.write_all(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert_eq!(parts(&answer).0, 200);
    served.end();
    assert!(!desk.path("book.sock").exists());
    desk.done(4, &["--book", &desk.name("none.db"), "serve"]);
    assert!(!desk.path("none.db").exists());
}
