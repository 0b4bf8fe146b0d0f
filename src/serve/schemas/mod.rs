//! The shapes of the contacts API's bodies and answers, by name, as `openapi.json` has them. A test holds real answers,
//! and which members are refused, to them. In reading order: `parts`, how they are written; `shapes`; `bodies`; `answers`.

mod answers;
mod bodies;
mod parts;
mod shapes;

use serde_json::{Map, Value};

pub(super) use parts::named;

/// Every schema.
pub(super) fn all() -> Map<String, Value> {
    let mut all = shapes::all();
    all.extend(bodies::all());
    all.extend(answers::all());
    all
}
