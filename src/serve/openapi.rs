//! `openapi.json`, made of the table of routes; a test holds the file that is checked in to it.

use serde_json::{Map, Value, json};

use super::contacts::routes::ROUTES;
use super::schemas::{self, named};

/// The document that is served.
pub const DOCUMENT: &str = include_str!("../../assets/openapi.json");

/// The document, made anew.
pub fn document() -> Value {
    let mut paths: Map<String, Value> = Map::new();
    for route in ROUTES {
        let parameters: Vec<Value> = route
            .path
            .split('/')
            .filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'))
            .map(|name| json!({ "name": name, "in": "path", "required": true, "schema": { "type": "string" } }))
            .collect();
        let words = route.path.replace(['{', '}'], "").replace(['/', '-'], "_");
        let mut operation = json!({
            "operationId": format!("{}{words}", route.method.to_ascii_lowercase()),
            "parameters": parameters,
            "responses": {
                "200": { "description": "Done", "content": { "application/json": { "schema": named(route.answers) } } },
                "default": { "$ref": "#/components/responses/Error" },
            },
        });
        if !route.asks.is_empty() {
            operation["requestBody"] = json!({ "content": { "application/json": { "schema": named(route.asks) } } });
        }
        let path = paths.entry(route.path).or_insert_with(|| json!({}));
        path[route.method.to_ascii_lowercase()] = operation;
    }
    let rpc = json!({
        "type": "object", "required": ["method", "params"],
        "properties": {
            "jsonrpc": { "type": "string" }, "id": {}, "method": { "type": "string" },
            "params": { "type": "array", "items": {}, "description": "the key first" },
        },
    });
    paths.insert("/api/jsonrpcserver".into(), json!({ "post": {
        "operationId": "mailing_list_api", "security": [],
        "requestBody": { "required": true, "content": { "application/json": { "schema": rpc } } },
        "responses": { "200": { "description": "Answered, also where it failed", "content": { "application/json": { "schema": {} } } } },
    } }));
    for (path, about) in [("/healthz", "Whether it answers"), ("/openapi.json", "This document")] {
        let answer = json!({ "200": { "description": about } });
        paths.insert(
            path.into(),
            json!({ "get": { "operationId": path[1..].replace('.', "_"), "security": [], "responses": answer } }),
        );
    }
    for (path, about) in
        [("/metrics", "Figures, as Prometheus reads them"), ("/events", "Jobs and changes, as server-sent events")]
    {
        let answer = json!({ "200": { "description": about }, "default": { "$ref": "#/components/responses/Error" } });
        paths.insert(path.into(), json!({ "get": { "operationId": path[1..].to_owned(), "responses": answer } }));
    }
    let contract = json!({ "200": { "description": "An answer of cardfile's own contract" } });
    paths.insert("/api".into(), json!({ "post": { "operationId": "contract", "responses": contract } }));
    let token = json!({
        "type": "object", "required": ["grant_type", "client_id", "client_secret"],
        "properties": {
            "grant_type": { "enum": ["client_credentials"] }, "client_id": { "type": "string", "description": "the key's name" },
            "client_secret": { "type": "string", "description": "the key" }, "scope": { "type": "string" },
        },
    });
    let given =
        json!({ "200": { "description": "A token that is taken in place of the key for a quarter of an hour" } });
    paths.insert(
        "/oauth2/token".into(),
        json!({ "post": {
        "operationId": "token", "security": [], "responses": given,
        "requestBody": { "required": true, "content": { "application/json": { "schema": token } } },
    } }),
    );
    let error = json!({
        "type": "object", "required": ["message", "details"],
        "properties": {
            "message": { "type": "string" },
            "details": { "type": "object", "properties": {
                "applicationError": { "type": "object", "properties": {
                    "code": { "type": "string" }, "description": { "type": "string" }, "data": { "type": "object" },
                } },
                "validationError": { "type": "object" },
            } },
        },
    });
    let mut schemas = schemas::all();
    schemas.insert("Error".into(), error);
    json!({
        "openapi": "3.1.0",
        "info": { "title": "cardfile", "version": env!("CARGO_PKG_VERSION"), "description": "See docs/SERVE.md." },
        "security": [{ "key": [] }],
        "paths": paths,
        "components": {
            "securitySchemes": { "key": { "type": "apiKey", "in": "header", "name": "Authorization" } },
            "responses": { "Error": { "description": "Refused; nothing was changed", "content": { "application/json": {
                "schema": { "$ref": "#/components/schemas/Error" }
            } } } },
            "schemas": schemas,
        },
    })
}
