//! `cardfile account` as a user meets it.

use std::process::{Command, Output};

use serde_json::Value;

use super::desk::{Desk, card};

fn cardfile(desk: &Desk, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_cardfile"))
        .arg("--book")
        .arg(desk.book())
        .args(arguments)
        .env("XDG_CONFIG_HOME", desk.folder.path().join("config"))
        .env("HOME", desk.folder.path())
        .output()
        .unwrap()
}

/// What it printed, where it ended as it should.
#[track_caller]
fn said(status: i32, output: &Output) -> String {
    let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert_eq!(output.status.code(), Some(status), "{out}{err}");
    format!("{out}{err}")
}

#[test]
fn an_account_is_added_shown_checked_pulled_and_let_go_of() {
    let desk = Desk::new(30);
    let folder = desk.cards().display().to_string();
    let added = said(0, &cardfile(&desk, &["account", "add", "khard", "--folder", &folder]));
    assert!(added.contains("added the account khard") && added.contains("contacts: 30 cards; 30 added"), "{added}");
    let listed = said(0, &cardfile(&desk, &["account", "ls"]));
    assert!(listed.contains("khard") && listed.contains("folder") && listed.contains(&folder), "{listed}");
    let checked = said(0, &cardfile(&desk, &["account", "check", "khard"]));
    assert!(checked.contains("30 cards, can be changed"), "{checked}");
    let again = said(2, &cardfile(&desk, &["account", "add", "KHARD", "--folder", &folder]));
    assert!(again.contains("already") && again.contains("nothing was changed"), "{again}");

    for nth in 0..25 {
        desk.remove(&format!("c{nth:04}.vcf"));
    }
    let lacks = said(3, &cardfile(&desk, &["account", "pull"]));
    assert!(lacks.contains("lists 5 of the 30 contacts") && lacks.contains("--believe 25"), "{lacks}");
    let wrong = said(3, &cardfile(&desk, &["account", "pull", "khard", "--believe", "24"]));
    assert!(wrong.contains("lacks 25 contacts, not 24"), "{wrong}");
    let pulled = said(0, &cardfile(&desk, &["account", "pull", "khard", "--believe", "25"]));
    assert!(pulled.contains("25 deleted elsewhere, in the trash here"), "{pulled}");
    desk.write("new.vcf", &card("New", "new@new.example", ""));
    let json: Value = serde_json::from_slice(&cardfile(&desk, &["account", "pull", "--json"]).stdout).unwrap();
    assert_eq!((&json[0]["added"], &json[0]["deletedElsewhere"], &json[0]["cards"]), (&1.into(), &0.into(), &6.into()));

    let deleted = said(0, &cardfile(&desk, &["delete", "email:new@", "--yes", "1"]));
    assert!(deleted.contains("1 deleted of 1") && !desk.there().contains_key("new.vcf"), "{deleted}");
    let log = said(0, &cardfile(&desk, &["log"]));
    assert!(log.contains("25 deleted elsewhere"), "{log}");
    let gone = said(0, &cardfile(&desk, &["account", "remove", "khard"]));
    assert!(gone.contains("nothing was changed there"), "{gone}");
    assert!(said(0, &cardfile(&desk, &["account", "ls"])).contains("no account yet"));
    assert_eq!(desk.there().len(), 5);
}

#[test]
fn an_account_in_the_configuration_is_known_and_a_wrong_one_is_told() {
    let desk = Desk::new(3);
    let config = desk.folder.path().join("config/cardfile");
    std::fs::create_dir_all(&config).unwrap();
    let file = config.join("config.toml");
    std::fs::write(&file, format!("[[account]]\nname = \"own\"\nfolder = \"{}\"\n", desk.cards().display())).unwrap();
    let checked = said(0, &cardfile(&desk, &["list", "create", "Here"]));
    assert!(checked.contains("created"), "{checked}");
    let checked = said(0, &cardfile(&desk, &["account", "check", "own"]));
    assert!(checked.contains("3 cards") && checked.contains("no list here"), "{checked}");
    let pulled = said(0, &cardfile(&desk, &["account", "pull", "own"]));
    assert!(pulled.contains("contacts: 3 cards; 3 added"), "{pulled}");
    std::fs::write(&file, "[[account]]\nname = \"own\"\n").unwrap();
    let wrong = said(2, &cardfile(&desk, &["account", "ls"]));
    assert!(wrong.contains("neither a folder nor a url"), "{wrong}");
    std::fs::write(&file, "[[account]]\nname = \"own\"\nfolder = \"x\"\npasword = \"secret\"\n").unwrap();
    let wrong = said(2, &cardfile(&desk, &["account", "ls"]));
    assert!(wrong.contains("config.toml:4:1") && !wrong.contains("secret"), "{wrong}");
}

#[test]
fn a_pull_of_all_goes_on_after_one_has_failed_and_says_which() {
    let desk = Desk::new(3);
    let away = desk.folder.path().join("away");
    std::fs::create_dir(&away).unwrap();
    std::fs::write(away.join("displayname"), "Away").unwrap();
    for (name, folder) in [("aaa", &away), ("khard", &desk.cards())] {
        said(0, &cardfile(&desk, &["account", "add", name, "--folder", &folder.display().to_string()]));
    }
    std::fs::remove_dir_all(&away).unwrap();
    desk.write("new.vcf", &card("New", "new@new.example", ""));
    let pulled = said(4, &cardfile(&desk, &["account", "pull"]));
    assert!(pulled.contains("contacts: 4 cards; 1 added"), "{pulled}");
    assert!(pulled.contains("1 account could not be brought in step: aaa; the others are"), "{pulled}");
}

#[test]
fn nobody_is_asked_for_a_password_without_a_terminal() {
    let desk = Desk::new(1);
    let url = ["account", "add", "cloud", "--url", "http://127.0.0.1:9", "--user", "anna"];
    let asked = said(4, &cardfile(&desk, &url));
    assert!(asked.contains("asked for on a terminal") && asked.contains("password command"), "{asked}");
    let nobody = said(2, &cardfile(&desk, &url[..5]));
    assert!(nobody.contains("--user NAME") && nobody.contains("nothing was changed"), "{nobody}");
    assert!(said(0, &cardfile(&desk, &["list", "create", "Here"])).contains("created"));
    assert!(said(0, &cardfile(&desk, &["account", "ls"])).contains("no account yet"));
    let kept = desk.folder.path().join("config/cardfile/accounts.toml");
    assert!(!kept.exists(), "an account that was never reached is not kept");
}
