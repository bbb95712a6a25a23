//! From a format and a document to what is printed.

use crate::{
    Document, LetterHead, PrintFormat, Refusal, Site, builtins,
    document::{Record, plain},
    format::Template,
    methods, numbers, raw, rewrite,
};
use minijinja::{AutoEscape, Environment, UndefinedBehavior, Value};
use serde::{Deserialize, Serialize};
use std::{fmt, io, sync::Arc};

/// Where a template ends that does not end by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Steps: instructions, and 64 bytes of text made each.
    pub steps_max: u64,
    /// Bytes printed.
    pub bytes_max: usize,
    /// Bytes of template.
    pub template_bytes_max: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { steps_max: 2_000_000, bytes_max: 2_000_000, template_bytes_max: 500_000 }
    }
}

/// Calls of macros within each other, and brackets in brackets.
const DEPTH_MAX: usize = 60;

/// What a format printed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Printed {
    /// A page's body and the format's own style. It is the author's HTML with the document's words in it, unescaped: it must
    /// be shown where no script runs.
    Html {
        /// What goes into `<body>`.
        body: String,
        /// What goes into `<style>`.
        css: String,
    },
    /// Bytes for a receipt printer.
    Raw(Vec<u8>),
}

/// Prints a document by a format, or says why not.
pub fn render(format: &PrintFormat, document: &Document, site: &Arc<Site>, limits: Limits) -> Result<Printed, Refusal> {
    let template = format.template()?;
    if !format.doc_type.is_empty() && format.doc_type != document.doctype {
        return Err(Refusal::Kind { format: format.name.clone(), reason: "is for other documents" });
    }
    let printer = Printer { env: environment(site, limits), limits };
    let record = Record::printed(site, document, format);
    let (head, foot) = printer.letter_head(site, &record)?;
    let record = Arc::new(record);
    let context = Value::from_pairs([
        ("meta", Value::from_dyn_object(Arc::clone(&record)).get_attr("meta").unwrap_or_default()),
        ("doc", Value::from_dyn_object(record)),
        ("no_letterhead", Value::from(site.letter_head.is_none())),
        ("trigger_print", Value::from(0)),
        ("letter_head", head),
        ("footer", foot),
        ("print_settings", plain(&serde_json::Value::Object(site.print_settings.clone()))),
    ]);
    match template {
        Template::Html(source) => {
            let body = printer.print(source, context)?;
            // Nothing that is printed may run, so a format whose barcode is drawn by a script would print without it.
            if body.to_ascii_lowercase().contains("<script") {
                return Err(Refusal::Kind {
                    format: format.name.clone(),
                    reason: "runs a script, which nothing printed here may",
                });
            }
            Ok(Printed::Html { body, css: format.css.clone().unwrap_or_default() })
        }
        Template::Raw(source) => raw::bytes(&printer.print(source, context)?).map(Printed::Raw),
    }
}

struct Printer {
    env: Environment<'static>,
    limits: Limits,
}

impl Printer {
    fn print(&self, source: &str, context: Value) -> Result<String, Refusal> {
        if source.len() > self.limits.template_bytes_max {
            return Err(Refusal::TooMuch);
        }
        let source = rewrite::rewrite(source).ok_or_else(|| {
            let detail = format!("it sets more than {} values", rewrite::SETS_MAX);
            Refusal::Broken { line: 1, detail }
        })?;
        let mut page = Page { bytes: Vec::new(), bytes_max: self.limits.bytes_max };
        let template = self.env.template_from_str(&source);
        let printed = template.and_then(|template| template.render_captured_to(context, &mut page).map(|_| ()));
        match printed {
            Ok(()) => String::from_utf8(page.bytes).map_err(|_| Refusal::TooMuch),
            Err(error) => Err(Refusal::from_error(&error)),
        }
    }

    /// Head and foot of the Letter Head, which are templates that see the document as a plain dictionary.
    fn letter_head(&self, site: &Site, record: &Record) -> Result<(Value, Value), Refusal> {
        let nothing = || Value::from(());
        let Some(letter_head) = chosen_letter_head(site, record)? else { return Ok((nothing(), nothing())) };
        if [&letter_head.header_script, &letter_head.footer_script]
            .into_iter()
            .flatten()
            .any(|script| !script.is_empty())
        {
            return Err(Refusal::ServerOnly { what: "a Letter Head with a script".to_owned() });
        }
        let part = |source: Option<&str>| match source.filter(|source| !source.is_empty()) {
            None => Ok(source.map_or_else(nothing, Value::from)),
            Some(source) => self.print(source, Value::from_pairs([("doc", record.as_dict())])).map(Value::from),
        };
        Ok((part(letter_head.content.as_deref())?, part(letter_head.footer.as_deref())?))
    }
}

/// The document's own Letter Head, else the site's.
fn chosen_letter_head(site: &Site, record: &Record) -> Result<Option<LetterHead>, Refusal> {
    let own = record.value("letter_head").filter(Value::is_true).map(|name| numbers::text(&name));
    let (Some(name), Some(default)) = (own, site.letter_head.as_ref()) else { return Ok(site.letter_head.clone()) };
    let Some(records) = site.records.get("Letter Head") else { return Ok(Some(default.clone())) };
    let found = records.get(&name).map(|values| serde_json::from_value(serde_json::Value::Object(values.clone())));
    match found {
        None => Ok(None),
        Some(Ok(letter_head)) => Ok(Some(letter_head)),
        Some(Err(_)) => Err(Refusal::NotHeld { what: format!("the Letter Head {name}") }),
    }
}

fn environment(site: &Arc<Site>, limits: Limits) -> Environment<'static> {
    let mut env = Environment::new();
    env.set_auto_escape_callback(|_| AutoEscape::None);
    // A field that is not there prints nothing. (Frappe would print its name in braces.)
    env.set_undefined_behavior(UndefinedBehavior::Chainable);
    env.set_formatter(|out, _, value| {
        let written = match numbers::as_float(value) {
            Some(float) => out.write_str(&numbers::float_text(float)),
            None => fmt::Write::write_fmt(out, format_args!("{value}")),
        };
        written.map_err(minijinja::Error::from)
    });
    env.set_fuel(Some(limits.steps_max));
    env.set_recursion_limit(DEPTH_MAX);
    env.set_unknown_method_callback(methods::unknown);
    builtins::add(&mut env, site);
    env
}

/// Takes so many bytes and no more.
struct Page {
    bytes: Vec<u8>,
    bytes_max: usize,
}

impl io::Write for Page {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.bytes.len() + bytes.len() > self.bytes_max {
            return Err(io::Error::other("the page is full"));
        }
        self.bytes.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
