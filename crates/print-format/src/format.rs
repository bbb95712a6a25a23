//! Print Format, and which of its fields is the template.

use crate::Refusal;
use serde::{Deserialize, Serialize};

/// A Print Format, with ERPNext's field names; read as it comes from the site.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct PrintFormat {
    /// Its name and key.
    pub name: String,
    /// `doc_type`: what it prints.
    pub doc_type: String,
    /// `standard`: `Yes` where an app brings it.
    pub standard: String,
    /// `custom_format`.
    pub custom_format: u8,
    /// `disabled`.
    pub disabled: u8,
    /// `print_format_type`: `Jinja` or `JS`.
    pub print_format_type: String,
    /// `print_format_builder_beta`.
    pub print_format_builder_beta: u8,
    /// `format_data`: what the Print Format Builder wrote.
    pub format_data: Option<String>,
    /// `raw_printing`.
    pub raw_printing: u8,
    /// `raw_commands`.
    pub raw_commands: Option<String>,
    /// `html`.
    pub html: Option<String>,
    /// `css`.
    pub css: Option<String>,
    /// `absolute_value`: amounts without their sign.
    pub absolute_value: u8,
    /// `show_section_headings`.
    pub show_section_headings: u8,
    /// `line_breaks`.
    pub line_breaks: u8,
    /// `align_labels_right`.
    pub align_labels_right: u8,
}

/// What is rendered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Template<'a> {
    /// Gives HTML.
    Html(&'a str),
    /// Gives bytes for a printer.
    Raw(&'a str),
}

impl PrintFormat {
    /// The template, by the server's order of fields.
    pub(crate) fn template(&self) -> Result<Template<'_>, Refusal> {
        let refuse = |reason| Err(Refusal::Kind { format: self.name.clone(), reason });
        if self.disabled != 0 {
            return refuse("is disabled");
        }
        if self.print_format_type == "JS" {
            return refuse("is written in JavaScript");
        }
        if self.print_format_builder_beta != 0 {
            return refuse("was made with the new print format builder, whose pages only the server can make");
        }
        let was_built = text(self.format_data.as_deref()).is_some();
        if self.custom_format == 0 && was_built {
            return refuse("was made with the print format builder, whose pages only the server can make");
        }
        if self.custom_format == 0 && self.standard != "Yes" {
            return refuse("has no template of its own");
        }
        let raw = if self.raw_printing == 0 { None } else { text(self.raw_commands.as_deref()) };
        match (raw, text(self.html.as_deref())) {
            (Some(commands), _) => Ok(Template::Raw(commands)),
            (None, Some(html)) => Ok(Template::Html(html)),
            (None, None) => refuse("is empty here; its template is a file of an app on the server"),
        }
    }
}

fn text(field: Option<&str>) -> Option<&str> {
    field.filter(|text| !text.is_empty())
}
