//! Real clients, written by nobody here, run as stories against a server of a book: the contacts API's official SDK, and
//! JSON-RPC clients of the mailing-list API's kind. Each environment is made by the test itself, of pinned versions; where
//! that can't be, as without the registries, it is said and skipped.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Mutex, PoisonError};

use super::common::desk::Desk;
use super::server::{ALL, Served, key};

const CONTACTS: &str = r#"{"name": "Amber Powell", "firstName": "Amber", "lastName": "Powell", "emails": ["amber@one.example"], "labels": ["vip"]}
{"name": "Ben Stone", "firstName": "Ben", "lastName": "Stone", "emails": ["ben@one.example"], "company": "Acme"}
{"name": "Cy Hill", "firstName": "Cy", "lastName": "Hill", "emails": ["cy@two.example"], "member": {"status": "ACTIVE", "role": "NONE"}}
{"name": "Dora Reed", "firstName": "Dora", "lastName": "Reed", "emails": ["dora@two.example"], "custom": {"Points": 12}}
{"name": "Eli Ford", "firstName": "Eli", "lastName": "Ford", "emails": ["eli@two.example"], "company": "Acme"}
"#;

const NPM: &[&str] = &["@wix/sdk@1.21.16", "@wix/crm@1.0.1643", "jayson@5.0.0"];
const PYPI: &[&str] = &[
    "jsonrpcclient==4.0.3",
    "jsonrpc-requests==0.4.0",
    "jsonrpclib-pelix==1.2.0",
    "pjrpc==2.2.0",
    "requests==2.34.2",
    "mcp==2.3.0",
];

/// One environment is made at a time.
static MAKING: Mutex<()> = Mutex::new(());

/// A folder with these packages, made once and kept; none where they can't be had, which is said.
fn environment(name: &str, packages: &[&str], make: impl FnOnce(&Path) -> Result<(), String>) -> Option<PathBuf> {
    let _turn = MAKING.lock().unwrap_or_else(PoisonError::into_inner);
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let (mark, wanted) = (folder.join("made"), packages.join(" "));
    if std::fs::read_to_string(&mark).is_ok_and(|made| made == wanted) {
        return Some(folder);
    }
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    match make(&folder) {
        Ok(()) => {
            std::fs::write(mark, wanted).unwrap();
            Some(folder)
        }
        Err(why) => {
            println!("SKIPPED: {wanted} can't be had here: {why}");
            None
        }
    }
}

fn run(folder: &Path, program: &str, arguments: &[&str]) -> Result<(), String> {
    let output = Command::new(program).args(arguments).current_dir(folder).output();
    let output = output.map_err(|why| format!("{program}: {why}"))?;
    if output.status.success() {
        return Ok(());
    }
    Err(format!("{program}: {}", String::from_utf8_lossy(&output.stderr).lines().last().unwrap_or_default()))
}

fn node() -> Option<PathBuf> {
    environment("served-node", NPM, |folder| {
        std::fs::write(folder.join("package.json"), r#"{"private": true, "type": "module"}"#).unwrap();
        let options = ["install", "--no-save", "--omit=optional", "--no-audit", "--no-fund", "--ignore-scripts"];
        let patience = ["--fetch-retries=1", "--fetch-timeout=20000"];
        run(folder, "npm", &[&options[..], &patience, NPM].concat())
    })
}

fn python() -> Option<PathBuf> {
    environment("served-python", PYPI, |folder| {
        run(folder, "python3", &["-m", "venv", "venv"])?;
        let options = ["install", "-q", "--disable-pip-version-check", "--retries", "1", "--timeout", "20"];
        run(folder, "venv/bin/pip", &[&options[..], PYPI].concat())
    })
}

/// Runs a story in its environment, which has to end well; what it printed.
#[track_caller]
fn story(command: &mut Command) -> String {
    let output = command.output().unwrap();
    let said = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{said}");
    said
}

fn served_story(program: &Path, script: &Path) -> String {
    let desk = Desk::with(CONTACTS);
    let shop = key(&desk, "shop", ALL);
    let served = Served::new(&desk, &[]);
    let url = format!("http://{}", served.address);
    let said = story(
        Command::new(program)
            .arg(script)
            .current_dir(script.parent().unwrap())
            .env("CARDFILE_URL", url)
            .env("CARDFILE_KEY", &shop),
    );
    assert!(served.end().contains("all that was asked is answered"));
    desk.healthy();
    said
}

#[test]
fn the_contacts_apis_official_sdk_works_at_a_book() {
    let Some(folder) = node() else { return };
    let script = folder.join("sdk.mjs");
    std::fs::write(&script, include_str!("clients/sdk.mjs")).unwrap();
    assert!(served_story(Path::new("node"), &script).contains("sdk: all as told"));
}

#[test]
fn a_node_client_of_json_rpc_works_at_a_book_in_both_versions() {
    let Some(folder) = node() else { return };
    let script = folder.join("jayson.mjs");
    std::fs::write(&script, include_str!("clients/jayson.mjs")).unwrap();
    assert!(served_story(Path::new("node"), &script).contains("jayson: all as told"));
}

#[test]
fn python_clients_of_json_rpc_work_at_a_book() {
    let Some(folder) = python() else { return };
    let script = folder.join("rpc.py");
    std::fs::write(&script, include_str!("clients/rpc.py")).unwrap();
    let said = served_story(&folder.join("venv/bin/python"), &script);
    assert_eq!(said.matches("all as told").count(), 5, "{said}");
}

#[test]
fn an_agent_plans_and_can_not_start_before_a_person_has_confirmed() {
    let Some(folder) = python() else { return };
    let script = folder.join("mcp_story.py");
    std::fs::write(&script, include_str!("clients/mcp_story.py")).unwrap();
    let desk = Desk::with(CONTACTS);
    let said = story(
        Command::new(folder.join("venv/bin/python"))
            .arg(&script)
            .args([env!("CARGO_BIN_EXE_cardfile"), &desk.name("book.db")])
            .env("HOME", desk.folder.path()),
    );
    assert!(said.contains("mcp: all as told"), "{said}");
    assert_eq!(desk.count("all"), 3);
    let log = desk.done(0, &["log"]);
    assert!(log.contains("confirm") && log.contains("2 taken up, 2 to go"), "{log}");
    desk.healthy();
}
