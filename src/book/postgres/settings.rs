//! What an address says, as settings by libpq's names; what a service file says; whose password is in a password file.
//!
//! Called by `address`. Pure: it is given texts and reads no file and no environment. A message names a setting, never
//! what it is set to.

use std::collections::BTreeMap;

/// Settings by libpq's names: `host`, `dbname`, `sslmode`.
pub(super) type Settings = BTreeMap<String, String>;

/// The settings that are known.
pub(super) const KNOWN: [&str; 16] = [
    "host",
    "port",
    "dbname",
    "user",
    "password",
    "passfile",
    "service",
    "sslmode",
    "sslrootcert",
    "sslcert",
    "sslkey",
    "target_session_attrs",
    "connect_timeout",
    "application_name",
    "options",
    "channel_binding",
];

/// Reads `postgres://user:password@host:port,host:port/database?setting=value&…`.
pub(super) fn of_address(address: &str) -> Result<Settings, String> {
    let rest = address.split_once("://").map_or(address, |(_, rest)| rest);
    let (before, parameters) = rest.split_once('?').map_or((rest, ""), |(before, after)| (before, after));
    let (authority, database) = before.split_once('/').map_or((before, ""), |(before, after)| (before, after));
    let (who, hosts) = authority.rsplit_once('@').unwrap_or(("", authority));
    let mut settings = Settings::new();
    let mut put = |key: &str, text: &str| -> Result<(), String> {
        if !text.is_empty() {
            settings.insert(key.to_owned(), decoded(text).ok_or_else(|| format!("its {key} is not well encoded"))?);
        }
        Ok(())
    };
    let (user, password) = who.split_once(':').unwrap_or((who, ""));
    put("user", user)?;
    put("password", password)?;
    put("dbname", database)?;
    let (mut names, mut ports) = (Vec::new(), Vec::new());
    for host in hosts.split(',') {
        let (name, port) = host_and_port(host)?;
        names.push(name);
        ports.push(port);
    }
    put("host", &names.join(","))?;
    if ports.iter().any(|port| !port.is_empty()) {
        put("port", &ports.join(","))?;
    }
    for parameter in parameters.split('&').filter(|parameter| !parameter.is_empty()) {
        let (key, value) = parameter.split_once('=').ok_or("one of its settings has no value")?;
        let key = decoded(key).ok_or("the name of one of its settings is not well encoded")?;
        if key == "ssl" && value == "true" {
            put("sslmode", "require")?;
        } else if KNOWN.contains(&key.as_str()) {
            put(&key, value)?;
        } else {
            return Err(format!("it has a setting \u{201c}{key}\u{201d}, which is not known here"));
        }
    }
    Ok(settings)
}

/// A host and its port, where it has one; an address of version 6 stands in brackets.
fn host_and_port(host: &str) -> Result<(&str, &str), String> {
    if let Some(rest) = host.strip_prefix('[') {
        let (name, after) = rest.split_once(']').ok_or("a bracket in it is not closed")?;
        return match after.strip_prefix(':') {
            Some(port) => Ok((name, port)),
            None if after.is_empty() => Ok((name, "")),
            None => Err("something stands behind a bracket in it".to_owned()),
        };
    }
    Ok(host.split_once(':').unwrap_or((host, "")))
}

/// A text with its `%41` made characters.
fn decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes().iter();
    while let Some(byte) = rest.next() {
        if *byte == b'%' {
            let digits = [*rest.next()?, *rest.next()?];
            bytes.push(u8::from_str_radix(std::str::from_utf8(&digits).ok()?, 16).ok()?);
        } else {
            bytes.push(*byte);
        }
    }
    String::from_utf8(bytes).ok().filter(|text| !text.contains('\0'))
}

/// The settings of a service in a service file; none: the file has no such service.
pub(super) fn of_service(file: &str, service: &str) -> Option<Settings> {
    let heading = format!("[{service}]");
    let mut lines = file.lines().map(str::trim).skip_while(|line| *line != heading);
    lines.next()?;
    let mut settings = Settings::new();
    for line in lines.take_while(|line| !line.starts_with('[')) {
        if let Some((key, value)) = line.split_once('=').filter(|_| !line.starts_with('#')) {
            settings.insert(key.trim().to_owned(), value.trim().to_owned());
        }
    }
    Some(settings)
}

/// The first password in a password file that is for this host, port, database and user.
pub(super) fn password_for(file: &str, wanted: [&str; 4]) -> Option<String> {
    file.lines().filter(|line| !line.starts_with('#')).find_map(|line| {
        let fields = split(line);
        let (password, given) = fields.split_last()?;
        let fits = given.len() == wanted.len()
            && given.iter().zip(wanted).all(|(given, wanted)| given == "*" || given == wanted);
        fits.then(|| password.clone())
    })
}

/// A line at its colons, at most five fields; a backslash takes the next character as it is.
fn split(line: &str) -> Vec<String> {
    let mut fields = vec![String::new()];
    let mut chars = line.chars();
    while let Some(c) = chars.next() {
        let last = fields.len() - 1;
        match c {
            ':' if fields.len() < 5 => fields.push(String::new()),
            '\\' => fields[last].extend(chars.next()),
            c => fields[last].push(c),
        }
    }
    fields
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(address: &str) -> Vec<(String, String)> {
        of_address(address).unwrap().into_iter().collect()
    }

    fn pairs(all: &[(&str, &str)]) -> Vec<(String, String)> {
        let mut all: Vec<_> = all.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
        all.sort();
        all
    }

    #[test]
    fn an_address_is_read_as_libpq_reads_it() {
        assert_eq!(read("postgres://"), pairs(&[]));
        assert_eq!(read("postgresql:///cards"), pairs(&[("dbname", "cards")]));
        assert_eq!(
            read("postgres://anna:s%40c%2fr@db.example:6000/cards?sslmode=verify-full&sslrootcert=%2Fca.pem"),
            pairs(&[
                ("user", "anna"),
                ("password", "s@c/r"),
                ("host", "db.example"),
                ("port", "6000"),
                ("dbname", "cards"),
                ("sslmode", "verify-full"),
                ("sslrootcert", "/ca.pem")
            ])
        );
        assert_eq!(
            read("postgres://a,[::1]:7,b:8/d"),
            pairs(&[("host", "a,::1,b"), ("port", ",7,8"), ("dbname", "d")])
        );
        assert_eq!(read("postgres://%2Frun%2Fpg/d"), pairs(&[("host", "/run/pg"), ("dbname", "d")]));
        assert_eq!(
            read("postgres:///d?host=/run/pg&ssl=true"),
            pairs(&[("host", "/run/pg"), ("dbname", "d"), ("sslmode", "require")])
        );
    }

    #[test]
    fn what_is_wrong_is_named_and_no_value_is() {
        for address in [
            "postgres://a:se%zzcret@h/d",
            "postgres://h/d?secret",
            "postgres://h/d?sslsecret=secret2",
            "postgres://[::1/secret",
            "postgres://a:secret%00@h/d",
        ] {
            let said = of_address(address).unwrap_err();
            assert!(!said.contains("secret2") && !said.contains("zz"), "{said}");
        }
    }

    #[test]
    fn a_service_and_a_password_are_found_in_their_files() {
        let file = "# mine\n[other]\nhost=x\n\n[cards]\nhost = db.example\n# port=1\ndbname=cards\n[more]\nport=9\n";
        assert_eq!(
            of_service(file, "cards").unwrap().into_iter().collect::<Vec<_>>(),
            pairs(&[("host", "db.example"), ("dbname", "cards")])
        );
        assert_eq!(of_service(file, "none"), None);
        let file = "# a comment\nh:5432:d:bob:no\nh:*:d:anna:a\\:b\\\\:c\n*:*:*:*:last\n";
        assert_eq!(password_for(file, ["h", "1", "d", "anna"]).as_deref(), Some("a:b\\:c"));
        assert_eq!(password_for(file, ["x", "1", "d", "anna"]).as_deref(), Some("last"));
        assert_eq!(password_for("h:1:d:u", ["h", "1", "d", "u"]), None);
    }
}
