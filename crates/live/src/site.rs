//! The site, asked over HTTP as an administrator would.

use anyhow::{Context, Result, anyhow, bail};
use holdfast_erpnext::{Answer, Conversation, Heard, Method, Request, Step};
use serde_json::{Value, json};
use std::time::Duration;

/// A site and the account that asks it.
#[derive(Clone)]
pub(crate) struct Site {
    client: reqwest::Client,
    url: String,
    authorization: String,
}

impl Site {
    /// A site by its address, as the user of an API key.
    pub(crate) fn new(url: &str, key: &str, secret: &str) -> Result<Self> {
        let client = reqwest::Client::builder().timeout(Duration::from_mins(5)).build()?;
        let authorization = format!("token {key}:{secret}");
        Ok(Self { client, url: url.trim_end_matches('/').to_owned(), authorization })
    }

    /// Its address, without a slash at the end.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// Sends a request.
    pub(crate) async fn hear(&self, request: &Request) -> Heard {
        let method = match request.method {
            Method::Get => reqwest::Method::GET,
            Method::Post => reqwest::Method::POST,
            Method::Put => reqwest::Method::PUT,
            Method::Delete => reqwest::Method::DELETE,
        };
        let mut sent = self
            .client
            .request(method, format!("{}{}", self.url, request.target()))
            .header("Authorization", &self.authorization)
            .header("Accept", "application/json");
        if let Some(body) = &request.body {
            sent = sent.header("Content-Type", "application/json").body(body.to_string());
        }
        match sent.send().await {
            Err(error) if error.is_connect() => Heard::NotSent,
            Err(_) => Heard::Lost,
            Ok(answer) => {
                let status = answer.status().as_u16();
                match answer.bytes().await {
                    Ok(body) => {
                        Heard::Answer(Answer { status, retry_after_ms: None, date_ms: None, body: body.to_vec() })
                    }
                    Err(_) => Heard::Lost,
                }
            }
        }
    }

    /// Sends a request and gives what a good answer says. Deadlocks and the like are tried again.
    pub(crate) async fn ask(&self, request: Request) -> Result<Value> {
        for _ in 0..5 {
            match self.hear(&request).await.data() {
                Ok(data) => return Ok(data),
                Err(trouble) if trouble.is_transient() && request.method == Method::Get => {}
                Err(holdfast_erpnext::Trouble::NotNow { .. }) => {}
                Err(trouble) => return Err(anyhow!("{trouble}")).with_context(|| describe(&request)),
            }
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
        bail!("{}: the site does not answer", describe(&request))
    }

    /// Holds a conversation.
    pub(crate) async fn hold<C: Conversation>(&self, mut conversation: C) -> C::Outcome {
        let mut heard = None;
        loop {
            match conversation.next(heard.take()) {
                Step::Ask(request) => heard = Some(self.hear(&request).await),
                Step::Wait { ms } => tokio::time::sleep(Duration::from_millis(ms)).await,
                Step::Done(outcome) => return outcome,
            }
        }
    }

    /// Makes a document.
    pub(crate) async fn insert(&self, doctype: &str, document: Value) -> Result<Value> {
        self.ask(Request::insert(doctype, document)).await
    }

    /// Makes a document and gives its name.
    pub(crate) async fn insert_named(&self, doctype: &str, document: Value) -> Result<String> {
        Ok(text(&self.insert(doctype, document).await?, "name"))
    }

    /// Reads a document.
    pub(crate) async fn get(&self, doctype: &str, name: &str) -> Result<Value> {
        self.ask(Request::document(doctype, name)).await
    }

    /// Every row that fits, with these fields.
    pub(crate) async fn list(&self, doctype: &str, filters: Value, fields: &[&str]) -> Result<Vec<Value>> {
        let arguments = json!({
            "doctype": doctype, "filters": filters, "fields": fields, "order_by": "creation asc, name asc",
            "limit_page_length": 0,
        });
        let rows = self.ask(Request::call("frappe.client.get_list", arguments)).await?;
        rows.as_array().cloned().with_context(|| format!("a list of {doctype}"))
    }

    /// The names of every document that fits.
    pub(crate) async fn names(&self, doctype: &str, filters: Value) -> Result<Vec<String>> {
        Ok(self.list(doctype, filters, &["name"]).await?.iter().map(|row| text(row, "name")).collect())
    }
}

fn describe(request: &Request) -> String {
    let body = request.body.as_ref().map(Value::to_string).unwrap_or_default();
    let body: String = body.chars().take(600).collect();
    format!("{} {} {body}", request.method.as_str(), request.path)
}

/// A field as text; empty where it is null.
pub(crate) fn text(document: &Value, field: &str) -> String {
    match &document[field] {
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        other => other.to_string(),
    }
}

/// A field as a number; zero where it is null.
pub(crate) fn number(document: &Value, field: &str) -> f64 {
    document[field].as_f64().unwrap_or_default()
}

/// The rows of a child table.
pub(crate) fn rows<'a>(document: &'a Value, table: &str) -> &'a [Value] {
    document[table].as_array().map_or(&[], Vec::as_slice)
}
