//! What a role may do with a book: the server's own rights, so that no program can do more.
//!
//! Called by the command that grants. The log can be added to by those who write and changed by nobody, and in whose
//! name an entry stands the server says itself.

use super::address::Address;
use super::link::Link;
use super::migrate;
use crate::book::error::BookError;
use crate::book::mode::Role;

/// What a writer changes; `audit`, `writer`, `meta` and `access_key` are granted one by one.
const WRITTEN: &str = "list, label, custom_field, contact, trash, member_gone, job, plan_chunk, failure, before, import, \
                       unsubscriber, unsubscriber_hash, saved_search, seen_day, change, asked_plan, remote_list, \
                       remote_card, remote_step, merge_group, apart";

/// Lets a role of the server use a book. What it had before of this book is taken away first.
pub(in crate::book) fn grant(address: &str, role: Role, name: &str) -> Result<(), BookError> {
    let address = Address::read(address)?;
    let mut link = Link::make(&address)?;
    migrate::recognise(&mut link, &address.name())?;
    let name = quoted(name);
    let read = format!("SELECT ON {WRITTEN}, writer, meta, audit");
    let mut grants = vec![read];
    if role != Role::Reader {
        grants.push(format!("INSERT, UPDATE, DELETE ON {WRITTEN}"));
        grants.push("UPDATE ON writer".to_owned());
        grants.push("INSERT, UPDATE, DELETE ON meta".to_owned());
        grants.push("SELECT, UPDATE ON access_key".to_owned());
        grants.push("INSERT (at, who, kind, job, hash, text) ON audit".to_owned());
    }
    if role == Role::Admin {
        grants.push("INSERT, DELETE ON access_key".to_owned());
    }
    let all = format!("{WRITTEN}, writer, meta, access_key, audit");
    let grants: Vec<String> = grants.iter().map(|what| format!("GRANT {what} TO {name};")).collect();
    let sql = format!(
        "BEGIN; DO $$ BEGIN EXECUTE format('GRANT USAGE ON SCHEMA %I TO {}', current_schema()); END $$;
         REVOKE ALL ON {all} FROM {name}; {} COMMIT",
        name.replace('\'', "''"),
        grants.join(" ")
    );
    match link.simple(&sql) {
        Ok(_) => Ok(()),
        Err(error) => {
            link.simple("ROLLBACK").ok();
            Err(error.into())
        }
    }
}

/// A name as SQL takes it.
fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_table_of_the_book_is_granted() {
        let schema: String = migrate::MIGRATIONS.iter().map(|(_, sql)| *sql).collect();
        let one_by_one = ["audit", "writer", "meta", "access_key"];
        let granted: Vec<&str> = WRITTEN.split(',').map(str::trim).chain(one_by_one).collect();
        let tables: Vec<&str> =
            schema.split("CREATE TABLE ").skip(1).filter_map(|table| table.split_whitespace().next()).collect();
        assert!(tables.len() > 20, "{tables:?}");
        for table in tables {
            assert!(granted.contains(&table), "{table} is granted to nobody");
        }
    }
}
