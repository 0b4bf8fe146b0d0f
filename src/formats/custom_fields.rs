//! Custom fields as a contact holds them: sorted by name, each name once.
//!
//! Owns what becomes of two fields of one name: no value is dropped, the second is numbered. Called by the readers of
//! formats whose files can name a field twice.

use crate::domain::contact::Custom;

/// Sorts the fields; of equal ones one stays, another value of the same name gets a number behind its name.
pub(super) fn settle(fields: &mut Vec<Custom>) {
    fields.sort_by(|a, b| a.name.cmp(&b.name));
    if fields.windows(2).all(|two| two[0].name != two[1].name) {
        return;
    }
    let mut settled: Vec<Custom> = Vec::with_capacity(fields.len());
    let mut again: Vec<Custom> = Vec::new();
    for field in fields.drain(..) {
        match settled.last() {
            Some(last) if last.name == field.name && (last.value == field.value || again.contains(&field)) => {}
            Some(last) if last.name == field.name => again.push(field),
            Some(_) | None => settled.push(field),
        }
    }
    for Custom { name, value } in again {
        let numbered = (2..).map(|n| format!("{name} {n}"));
        let free = |name: &String| settled.iter().all(|known| known.name != *name);
        let Some(name) = numbered.into_iter().find(free) else { continue };
        settled.push(Custom { name, value });
    }
    settled.sort_by(|a, b| a.name.cmp(&b.name));
    *fields = settled;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::contact::CustomValue;

    #[test]
    fn two_values_of_a_name_are_two_fields() {
        let field = |name: &str, value: &str| Custom { name: name.into(), value: CustomValue::Text(value.into()) };
        let mut fields = vec![
            field("Size", "L"),
            field("Size 2", "S"),
            field("Size", "M"),
            field("Age", "3"),
            field("Size", "L"),
            field("Size", "M"),
            field("Size", "XL"),
        ];
        settle(&mut fields);
        let named: Vec<_> = fields.iter().map(|field| (field.name.as_str(), field.value.clone())).collect();
        let text = |text: &str| CustomValue::Text(text.into());
        assert_eq!(
            named,
            [
                ("Age", text("3")),
                ("Size", text("L")),
                ("Size 2", text("S")),
                ("Size 3", text("M")),
                ("Size 4", text("XL"))
            ]
        );
    }
}
