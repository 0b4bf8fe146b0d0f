//! Tokens in place of keys, as clients of the contacts API ask for them: `POST /oauth2/token`, and what one is.
//!
//! A program gives its key once and comes with the token for a quarter of an hour, with all or some of what the key may
//! do. What the key lacks a person gives it for a while (`cardfile key elevate`); a token asked for meanwhile has it, and
//! loses it when that is over. Where tokens are kept and taken: [`super::gate`].

use serde_json::{Map, Value, json};

use super::gate::{Gate, Refused};
use super::http::{Call, Reply, pairs};
use crate::api::{Code, ErrorKind};

/// The paths that are answered here.
pub(super) const PATHS: [&str; 3] = ["/oauth2/token", "/oauth/access", "/oauth2/token-info"];

/// Answers a request at one of the paths.
pub(super) fn answer(gate: &Gate, call: &Call) -> Reply {
    if call.method != "POST" {
        return wrong(405, "invalid_request", "tokens are asked for by POST");
    }
    let Some(asked) = members(&call.body) else {
        return wrong(400, "invalid_request", "the body is neither a JSON object nor a form; nothing was done");
    };
    let text = |names: &[&str]| names.iter().find_map(|name| asked.get(*name)).and_then(Value::as_str);
    if call.path == "/oauth2/token-info" {
        return match text(&["token"]).and_then(|token| gate.shown_token(token)) {
            None => Reply::json(200, &json!({ "active": false })),
            Some(token) => {
                let now = gate.book().today().now.0 / 1000;
                let until = now.saturating_add_unsigned(token.seconds);
                Reply::json(
                    200,
                    &json!({
                        "active": true, "subjectType": "APP", "subjectId": token.who, "clientId": token.who,
                        "exp": until.to_string(), "iat": now.to_string(), "scope": token.rights.words().replace(',', " "),
                    }),
                )
            }
        };
    }
    match text(&["grant_type", "grantType"]) {
        Some("client_credentials") => {}
        Some("refresh_token" | "anonymous") => {
            let why = "a token is given for a key: grant_type client_credentials, with its name and the key itself";
            return wrong(400, "unsupported_grant_type", why);
        }
        _ => return wrong(400, "invalid_request", "grant_type is client_credentials; nothing was done"),
    }
    let (Some(name), Some(secret)) = (text(&["client_id", "clientId"]), text(&["client_secret", "clientSecret"]))
    else {
        return wrong(
            400,
            "invalid_request",
            "client_id is the name of a key and client_secret the key; nothing was done",
        );
    };
    match gate.new_token(name, secret, text(&["scope"])) {
        Ok((token, shown)) => Reply::json(
            200,
            &json!({
                "access_token": token, "token_type": "Bearer", "expires_in": shown.seconds,
                "scope": shown.rights.words().replace(',', " "),
            }),
        )
        .of(&shown.who),
        Err(Refused::TooOften(seconds)) => {
            let reply = wrong(429, "slow_down", "the key comes too often; nothing was done");
            Reply { retry_after: Some(seconds), ..reply }
        }
        Err(Refused::Api(error)) => {
            let mut why = error.message.clone();
            if !error.hints.is_empty() {
                why = format!("{why} ({})", error.hints.join("; "));
            }
            match (&error.code, error.kind()) {
                (Code::BadKey, _) => wrong(401, "invalid_client", &why),
                (Code::Forbidden { .. }, _) => wrong(403, "invalid_scope", &why),
                (_, ErrorKind::BadInput) => wrong(400, "invalid_scope", &why),
                _ => wrong(500, "server_error", &why),
            }
        }
    }
}

/// What a body says: JSON, or a form as the protocol has it.
fn members(body: &[u8]) -> Option<Map<String, Value>> {
    let text = std::str::from_utf8(body).ok()?.trim();
    if text.starts_with('{') {
        return serde_json::from_str(text).ok();
    }
    let members: Map<String, Value> =
        pairs(text).into_iter().map(|(name, value)| (name, Value::String(value))).collect();
    (!members.is_empty()).then_some(members)
}

/// What went wrong, by the protocol's word, and in the shape that the API's clients read besides.
fn wrong(status: u16, word: &str, why: &str) -> Reply {
    let error = json!({ "code": word.to_ascii_uppercase(), "description": why, "data": {} });
    let body = json!({
        "error": word, "error_description": why, "message": why, "details": { "applicationError": error },
    });
    Reply::json(status, &body)
}
