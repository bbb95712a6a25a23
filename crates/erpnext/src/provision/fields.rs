//! The custom fields that Holdfast needs, and their defaults.

use serde_json::{Value, json};

/// A custom field.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Field {
    /// The doctype that gets it.
    pub doctype: &'static str,
    /// Its name.
    pub fieldname: &'static str,
    /// What people read.
    pub label: &'static str,
    /// Such as `Data`.
    pub fieldtype: &'static str,
    /// Choices, or the doctype of a link.
    pub options: &'static str,
    /// What a new document has.
    pub default: &'static str,
    /// What people read below it.
    pub description: &'static str,
    /// The field before it.
    pub insert_after: &'static str,
    /// Whether no two documents may have the same: the guard against double booking.
    pub unique: bool,
}

impl Field {
    /// The Custom Field's name.
    pub fn name(&self) -> String {
        format!("{}-{}", self.doctype, self.fieldname)
    }

    /// What Holdfast writes, and nobody else.
    fn is_ours(&self) -> bool {
        self.fieldname == "holdfast_id" || self.fieldname == "holdfast_employee"
    }

    /// The Custom Field as it is to be.
    pub fn document(&self) -> Value {
        let ours = u8::from(self.is_ours());
        json!({
            "dt": self.doctype,
            "fieldname": self.fieldname,
            "label": self.label,
            "fieldtype": self.fieldtype,
            "options": self.options,
            "default": self.default,
            "description": self.description,
            "insert_after": self.insert_after,
            "unique": u8::from(self.unique),
            // A return is a mapped copy of its sale.
            "no_copy": ours,
            "read_only": ours,
            "print_hide": ours,
            "translatable": 0,
        })
    }

    /// What is different about a Custom Field that is there; `None` if it does what it must.
    pub fn difference(&self, held: &Value) -> Option<String> {
        if held["fieldtype"] != self.fieldtype {
            return Some(format!("its type is {} and must be {}", held["fieldtype"], self.fieldtype));
        }
        if self.unique && held["unique"] != 1 {
            return Some("it is not unique".to_owned());
        }
        if self.is_ours() && held["no_copy"] != 1 {
            return Some("it is copied into returns".to_owned());
        }
        (self.fieldtype == "Select" && held["options"] != self.options).then(|| "its choices are others".to_owned())
    }
}

const PERMITS: &str = "Allowed\nWith a supervisor\nNot allowed";

const fn id(doctype: &'static str, insert_after: &'static str) -> Field {
    Field {
        doctype,
        fieldname: "holdfast_id",
        label: "Holdfast ID",
        fieldtype: "Data",
        options: "",
        default: "",
        description: "Set by Holdfast: with this nothing is booked twice.",
        insert_after,
        unique: true,
    }
}

const fn employee(doctype: &'static str) -> Field {
    Field {
        doctype,
        fieldname: "holdfast_employee",
        label: "Sold by",
        fieldtype: "Data",
        options: "",
        default: "",
        description: "The employee who was signed in at the counter.",
        insert_after: "holdfast_id",
        unique: false,
    }
}

const fn profile(
    fieldname: &'static str,
    label: &'static str,
    insert_after: &'static str,
    fieldtype: &'static str,
    default: &'static str,
) -> Field {
    Field {
        doctype: "POS Profile",
        fieldname,
        label,
        fieldtype,
        options: "",
        default,
        description: "",
        insert_after,
        unique: false,
    }
}

const fn permit(
    fieldname: &'static str,
    label: &'static str,
    insert_after: &'static str,
    default: &'static str,
) -> Field {
    Field { options: PERMITS, ..profile(fieldname, label, insert_after, "Select", default) }
}

/// Every field, in the order in which it is made: `insert_after` names one that is there.
pub const FIELDS: &[Field] = &[
    id("POS Invoice", "pos_profile"),
    employee("POS Invoice"),
    id("Sales Invoice", "pos_profile"),
    employee("Sales Invoice"),
    id("POS Opening Entry", "user"),
    id("POS Closing Entry", "user"),
    id("Customer", "customer_details"),
    id("Journal Entry", "user_remark"),
    profile("holdfast_section", "Holdfast: without a network", "", "Section Break", ""),
    Field {
        description: "After this many hours a terminal that has not reached its hub sells no more; 0 for no limit.",
        ..profile("holdfast_hours_offline_max", "Longest time offline (hours)", "holdfast_section", "Int", "168")
    },
    permit("holdfast_offline_returns", "Returns", "holdfast_hours_offline_max", "Allowed"),
    permit("holdfast_offline_credit", "Sales on credit", "holdfast_offline_returns", "Not allowed"),
    permit("holdfast_offline_new_customers", "New customers", "holdfast_offline_credit", "Allowed"),
    permit("holdfast_offline_coupons", "Coupons", "holdfast_offline_new_customers", "With a supervisor"),
    Field {
        description: "Points may have been spent elsewhere since the terminal last reached its hub.",
        ..permit("holdfast_offline_loyalty", "Spending loyalty points", "holdfast_offline_coupons", "With a supervisor")
    },
    permit("holdfast_offline_negative_stock", "Selling more than there is", "holdfast_offline_loyalty", "Allowed"),
    profile("holdfast_column", "", "holdfast_offline_negative_stock", "Column Break", ""),
    permit("holdfast_offline_price_change", "Changing prices", "holdfast_column", "With a supervisor"),
    Field {
        description: "A higher one takes a supervisor; 0 for no limit.",
        ..profile(
            "holdfast_discount_percent_max",
            "Highest discount of a cashier (percent)",
            "holdfast_offline_price_change",
            "Float",
            "0",
        )
    },
    Field {
        description: "Cash is counted without seeing what is expected.",
        ..profile("holdfast_blind_closing", "Blind closing", "holdfast_discount_percent_max", "Check", "0")
    },
    Field {
        options: "Account",
        description: "Where cash that is put into or taken out of the drawer comes from and goes to.",
        ..profile("holdfast_cash_account", "Account for cash in and out", "holdfast_blind_closing", "Link", "")
    },
    Field {
        doctype: "Employee",
        fieldname: "holdfast_role",
        label: "Role at the counter",
        fieldtype: "Select",
        options: "\nCashier\nSupervisor",
        default: "",
        description: "Whoever has one may sign in at terminals. The PIN is set there and never kept in ERPNext.",
        insert_after: "user_id",
        unique: false,
    },
    Field {
        doctype: "Employee",
        fieldname: "holdfast_new_pin",
        label: "Ask for a new PIN",
        fieldtype: "Check",
        options: "",
        default: "0",
        description: "The old PIN is void as soon as the hub has read this.",
        insert_after: "holdfast_role",
        unique: false,
    },
];
