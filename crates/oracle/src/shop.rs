//! From master data as `ERPNext` has it to the engine's.

use crate::{
    files::MasterFile,
    json::{check, date, maybe_number, number, rows, text},
};
use holdfast_engine::{
    Date, MarginType, Masters, Tables,
    masters::{
        AccountRate, ApplyOn, Batch, BatchOrder, BundleItem, ChargeType, CouponCode, Currency, Customer, CustomerGroup,
        FieldPrecision, FreeItem, Item, ItemBarcode, ItemGroupTaxes, ItemPrice, ItemTax, ItemTaxTemplate,
        LoyaltyProgram, LoyaltyTier, ModeOfPayment, OtherTarget, PosPaymentMethod, PosProfile, PriceList, PricingRule,
        RateOrDiscount, RuleEffect, RuleMargin, RuleTarget, Settings, TaxRow, TaxesTemplate, TreeNode, Uom,
        UomConversionDetail,
    },
    rounding::RoundingMethod,
};
use serde_json::Value;
use std::{borrow::Cow, collections::HashMap};

/// The whole shop, read once.
pub(crate) struct Base {
    /// The day of the recording.
    pub(crate) today: Date,
    /// The profile in it is nobody's.
    tables: Tables,
    profiles: Vec<PosProfile>,
    items: HashMap<String, Item>,
    customers: HashMap<String, Customer>,
}

impl Base {
    pub(crate) fn read(file: &MasterFile) -> Self {
        let whole = &file.shop;
        let mut prices: HashMap<String, Vec<ItemPrice>> = HashMap::new();
        for row in rows(&whole["Item Price"]) {
            prices.entry(text(&row["item_code"])).or_default().push(item_price(row));
        }
        let item = |row: &Value| {
            let mut item = item(row, whole);
            item.prices = prices.get(&item.item_code).cloned().unwrap_or_default();
            (item.item_code.clone(), item)
        };
        let mut tables = tables(whole);
        tables.settings = settings(file);
        Self {
            today: date(&whole["site"]["today"]).unwrap_or_default(),
            tables,
            profiles: rows(&whole["POS Profile"]).iter().map(pos_profile).collect(),
            items: rows(&whole["Item"]).iter().map(item).collect(),
            customers: rows(&whole["Customer"]).iter().map(|row| (text(&row["name"]), customer(row))).collect(),
        }
    }
}

/// The master data of a case: the whole shop with what the case says about it on top.
pub(crate) struct CaseShop<'a> {
    base: &'a Base,
    tables: Tables,
    items: HashMap<String, Item>,
    customer: Customer,
}

impl<'a> CaseShop<'a> {
    pub(crate) fn new(case: &Value, base: &'a Base) -> Self {
        let own = &case["masters"];
        let mut items = HashMap::new();
        for (code, row) in own["items"].as_object().into_iter().flatten() {
            let mut item = base.items.get(code).cloned().unwrap_or_default();
            overlay_item(&mut item, code, row);
            if let Some(prices) = own["prices"].get(code) {
                item.prices = rows(prices).iter().map(item_price).collect();
            }
            items.insert(code.clone(), item);
        }
        let name = text(&own["customer"]["name"]);
        let mut customer = base.customers.get(&name).cloned().unwrap_or_default();
        overlay_customer(&mut customer, own);
        Self { base, tables: case_tables(case, base), items, customer }
    }
}

impl Masters for CaseShop<'_> {
    fn tables(&self) -> &Tables {
        &self.tables
    }

    fn item(&self, item_code: &str) -> Option<Cow<'_, Item>> {
        self.items.get(item_code).or_else(|| self.base.items.get(item_code)).map(Cow::Borrowed)
    }

    fn customer(&self, name: &str) -> Option<Cow<'_, Customer>> {
        let own = Some(&self.customer).filter(|customer| customer.name == name);
        own.or_else(|| self.base.customers.get(name)).map(Cow::Borrowed)
    }
}

fn case_tables(case: &Value, base: &Base) -> Tables {
    let (own, input) = (&case["masters"], &case["input"]);
    let mut tables = base.tables.clone();
    let profile = base.profiles.iter().find(|profile| input["pos_profile"] == profile.name.as_str());
    tables.profile = profile.cloned().unwrap_or_default();
    tables.company.name.clone_from(&tables.profile.company);
    tables.company.default_currency = text(&case["settings"]["company_currency"]);
    overlay_settings(&mut tables.settings, &case["settings"]);
    set_fraction(&mut tables, case);
    if let Some(rules) = own["pricing_rules"].as_array() {
        tables.pricing_rules = pricing_rules(rules);
        // Coupons of the case are for the rules of the case.
        tables.coupons = coupons(rows(&case["coupons"]));
    }
    for (name, parent) in own["item_groups"].as_object().into_iter().flatten() {
        put(&mut tables.item_groups, TreeNode { name: name.clone(), parent: text(parent) });
    }
    for (name, rates) in own["item_tax_templates"].as_object().into_iter().flatten() {
        // The whole shop has their rows in order; an object has no order.
        if !tables.item_tax_templates.iter().any(|template| template.name == *name) {
            let taxes = rates.as_object().into_iter().flatten();
            let taxes = taxes.map(|(account, rate)| AccountRate { account: account.clone(), rate: number(rate) });
            tables.item_tax_templates.push(ItemTaxTemplate { name: name.clone(), taxes: taxes.collect() });
        }
    }
    tables
}

fn put(nodes: &mut Vec<TreeNode>, node: TreeNode) {
    match nodes.iter_mut().find(|other| other.name == node.name) {
        Some(other) => *other = node,
        None => nodes.push(node),
    }
}

/// What a case leaves to the shop.
fn settings(file: &MasterFile) -> Settings {
    let (stock, selling) = (&file.shop["stock_settings"], &file.shop["selling_settings"]);
    let mut field_precisions = Vec::new();
    for (doctype, fields) in file.precisions["doctypes"].as_object().into_iter().flatten() {
        for (fieldname, field) in fields.as_object().into_iter().flatten() {
            if let Some(places) = maybe_number(&field["fixed_precision"]) {
                let (doctype, fieldname) = (doctype.clone(), fieldname.clone());
                field_precisions.push(FieldPrecision { doctype, fieldname, places: places as u8 });
            }
        }
    }
    Settings {
        field_precisions,
        picks_batches: check(&stock["auto_create_serial_and_batch_bundle_for_outward"]),
        batch_order: match text(&stock["pick_serial_and_batch_based_on"]).as_str() {
            "LIFO" => BatchOrder::Lifo,
            "Expiry" => BatchOrder::Expiry,
            _ => BatchOrder::Fifo,
        },
        // The cases were recorded by a user who may do everything.
        inserts_missing_prices: check(&stock["auto_insert_price_list_rate_if_missing"]),
        validate_selling_price: check(&selling["validate_selling_price"]),
        ..Settings::default()
    }
}

fn overlay_settings(settings: &mut Settings, case: &Value) {
    settings.rounding_method = RoundingMethod::from_erpnext(&text(&case["rounding_method"])).unwrap_or_default();
    settings.currency_precision = number(&case["effective_currency_precision"]) as u8;
    settings.float_precision = number(&case["float_precision"]) as u8;
    settings.number_format = text(&case["number_format"]);
    settings.disable_rounded_total = check(&case["disable_rounded_total"]);
    settings.round_row_wise_tax = check(&case["round_row_wise_tax"]);
}

/// The smallest fraction of a case is that of the document's currency.
fn set_fraction(tables: &mut Tables, case: &Value) {
    let (settings, input) = (&case["settings"], &case["input"]);
    let currency = input["currency"].as_str().unwrap_or(&tables.company.default_currency).to_owned();
    let fraction = number(&settings["smallest_currency_fraction_value"]);
    match tables.currencies.iter_mut().find(|entry| entry.name == currency) {
        Some(entry) => entry.smallest_currency_fraction_value = fraction,
        None => tables.currencies.push(Currency {
            name: currency,
            smallest_currency_fraction_value: fraction,
            ..Currency::default()
        }),
    }
}

/// The small tables of a shop whose documents are listed by DocType; settings, company and profile are nobody's.
pub fn tables(whole: &Value) -> Tables {
    let list = |doctype: &str| rows(&whole[doctype]);
    let tree = |doctype: &str, parent: &str| -> Vec<TreeNode> {
        let node = |row: &Value| TreeNode { name: text(&row["name"]), parent: text(&row[parent]) };
        list(doctype).iter().map(node).collect()
    };
    Tables {
        currencies: list("Currency").iter().map(currency).collect(),
        price_lists: list("Price List")
            .iter()
            .map(|row| PriceList { name: text(&row["name"]), currency: text(&row["currency"]) })
            .collect(),
        item_groups: tree("Item Group", "parent_item_group"),
        customer_groups: list("Customer Group").iter().map(customer_group).collect(),
        territories: tree("Territory", "parent_territory"),
        uoms: list("UOM").iter().map(uom).collect(),
        item_tax_templates: list("Item Tax Template").iter().map(item_tax_template).collect(),
        item_group_taxes: list("Item Group").iter().map(item_group_taxes).collect(),
        taxes_templates: list("Sales Taxes and Charges Template").iter().map(taxes_template).collect(),
        pricing_rules: pricing_rules(list("Pricing Rule")),
        coupons: coupons(list("Coupon Code")),
        loyalty_programs: list("Loyalty Program").iter().map(loyalty_program).collect(),
        modes_of_payment: list("Mode of Payment").iter().map(mode_of_payment).collect(),
        ..Tables::default()
    }
}

/// A POS Profile.
pub fn pos_profile(row: &Value) -> PosProfile {
    let method = |row: &Value| PosPaymentMethod {
        mode_of_payment: text(&row["mode_of_payment"]),
        default: check(&row["default"]),
        allow_in_returns: check(&row["allow_in_returns"]),
    };
    PosProfile {
        name: text(&row["name"]),
        company: text(&row["company"]),
        currency: text(&row["currency"]),
        customer: text(&row["customer"]),
        warehouse: text(&row["warehouse"]),
        selling_price_list: text(&row["selling_price_list"]),
        taxes_and_charges: text(&row["taxes_and_charges"]),
        tax_category: text(&row["tax_category"]),
        apply_discount_on: text(&row["apply_discount_on"]),
        ignore_pricing_rule: check(&row["ignore_pricing_rule"]),
        allow_rate_change: check(&row["allow_rate_change"]),
        allow_discount_change: check(&row["allow_discount_change"]),
        allow_partial_payment: check(&row["allow_partial_payment"]),
        payments: rows(&row["payments"]).iter().map(method).collect(),
        item_groups: rows(&row["item_groups"]).iter().map(|row| text(&row["item_group"])).collect(),
        account_for_change_amount: text(&row["account_for_change_amount"]),
        campaign: text(&row["campaign"]),
        ..PosProfile::default()
    }
}

fn currency(row: &Value) -> Currency {
    Currency {
        name: text(&row["name"]),
        symbol: text(&row["symbol"]),
        symbol_on_right: check(&row["symbol_on_right"]),
        smallest_currency_fraction_value: number(&row["smallest_currency_fraction_value"]),
    }
}

fn customer_group(row: &Value) -> CustomerGroup {
    CustomerGroup {
        name: text(&row["name"]),
        parent: text(&row["parent_customer_group"]),
        default_price_list: text(&row["default_price_list"]),
    }
}

fn uom(row: &Value) -> Uom {
    Uom { name: text(&row["name"]), must_be_whole_number: check(&row["must_be_whole_number"]) }
}

fn item_tax_template(row: &Value) -> ItemTaxTemplate {
    let rate = |row: &Value| AccountRate { account: text(&row["tax_type"]), rate: number(&row["tax_rate"]) };
    ItemTaxTemplate { name: text(&row["name"]), taxes: rows(&row["taxes"]).iter().map(rate).collect() }
}

fn item_group_taxes(row: &Value) -> ItemGroupTaxes {
    ItemGroupTaxes { item_group: text(&row["name"]), taxes: item_taxes(&row["taxes"]) }
}

fn item_taxes(value: &Value) -> Vec<ItemTax> {
    let row = |row: &Value| ItemTax {
        item_tax_template: text(&row["item_tax_template"]),
        tax_category: text(&row["tax_category"]),
        valid_from: date(&row["valid_from"]),
        minimum_net_rate: number(&row["minimum_net_rate"]),
        maximum_net_rate: number(&row["maximum_net_rate"]),
    };
    rows(value).iter().map(row).collect()
}

fn taxes_template(row: &Value) -> TaxesTemplate {
    TaxesTemplate { name: text(&row["name"]), taxes: rows(&row["taxes"]).iter().map(tax_row).collect() }
}

/// A row of Sales Taxes and Charges, as a template or a client has it.
pub(crate) fn tax_row(row: &Value) -> TaxRow {
    TaxRow {
        charge_type: ChargeType::from_erpnext(&text(&row["charge_type"])).unwrap_or_default(),
        row_id: text(&row["row_id"]).parse().ok(),
        account_head: text(&row["account_head"]),
        description: text(&row["description"]),
        rate: number(&row["rate"]),
        tax_amount: number(&row["tax_amount"]),
        included_in_print_rate: check(&row["included_in_print_rate"]),
    }
}

/// The shop has one company; a mode's first account is its.
fn mode_of_payment(row: &Value) -> ModeOfPayment {
    let account = rows(&row["accounts"]).first();
    ModeOfPayment {
        name: text(&row["name"]),
        kind: text(&row["type"]),
        account: account.map(|account| text(&account["default_account"])).unwrap_or_default(),
    }
}

fn loyalty_program(row: &Value) -> LoyaltyProgram {
    let tier = |row: &Value| LoyaltyTier {
        tier_name: text(&row["tier_name"]),
        min_spent: number(&row["min_spent"]),
        collection_factor: number(&row["collection_factor"]),
    };
    LoyaltyProgram {
        name: text(&row["name"]),
        from_date: date(&row["from_date"]),
        to_date: date(&row["to_date"]),
        conversion_factor: number(&row["conversion_factor"]),
        expiry_days: number(&row["expiry_duration"]) as u32,
        tiers: rows(&row["collection_rules"]).iter().map(tier).collect(),
    }
}

/// Coupons, last modified first.
fn coupons(list: &[Value]) -> Vec<CouponCode> {
    let mut list: Vec<&Value> = list.iter().collect();
    // Those that came with a case were made one after the other.
    list.reverse();
    list.sort_by_key(|row| std::cmp::Reverse(text(&row["modified"])));
    let coupon = |row: &&Value| CouponCode {
        name: text(&row["name"]),
        coupon_code: text(&row["coupon_code"]),
        pricing_rule: text(&row["pricing_rule"]),
        valid_from: date(&row["valid_from"]),
        valid_upto: date(&row["valid_upto"]),
        maximum_use: number(&row["maximum_use"]) as u32,
        used: number(&row["used"]) as u32,
    };
    list.iter().map(coupon).collect()
}

/// The rules in force for selling, of Pricing Rule documents.
pub fn pricing_rules(list: &[Value]) -> Vec<PricingRule> {
    list.iter().filter(|row| !check(&row["disable"]) && check(&row["selling"])).map(pricing_rule).collect()
}

fn pricing_rule(row: &Value) -> PricingRule {
    let apply_on = ApplyOn::from_erpnext(&text(&row["apply_on"])).unwrap_or_default();
    let (table, field) = match apply_on {
        ApplyOn::ItemCode => ("items", "item_code"),
        ApplyOn::ItemGroup => ("item_groups", "item_group"),
        ApplyOn::Brand | ApplyOn::Transaction => ("brands", "brand"),
    };
    let target = |row: &Value| RuleTarget { value: text(&row[field]), uom: text(&row["uom"]) };
    let margin_type = MarginType::from_erpnext(&text(&row["margin_type"]));
    let value = number(&row["margin_rate_or_amount"]);
    PricingRule {
        name: text(&row["name"]),
        title: text(&row["title"]),
        apply_on,
        targets: rows(&row[table]).iter().map(target).collect(),
        other: other_target(row),
        has_priority: check(&row["has_priority"]),
        priority: number(&row["priority"]) as u8,
        apply_multiple_pricing_rules: check(&row["apply_multiple_pricing_rules"]),
        apply_discount_on_rate: check(&row["apply_discount_on_rate"]),
        mixed_conditions: check(&row["mixed_conditions"]),
        is_cumulative: check(&row["is_cumulative"]),
        coupon_code_based: check(&row["coupon_code_based"]),
        validate_applied_rule: check(&row["validate_applied_rule"]),
        condition: text(&row["condition"]),
        warehouse: text(&row["warehouse"]),
        customer: text(&row["customer"]),
        customer_group: text(&row["customer_group"]),
        territory: text(&row["territory"]),
        sales_partner: text(&row["sales_partner"]),
        campaign: text(&row["campaign"]),
        for_price_list: text(&row["for_price_list"]),
        currency: text(&row["currency"]),
        valid_from: date(&row["valid_from"]),
        valid_upto: date(&row["valid_upto"]),
        min_qty: number(&row["min_qty"]),
        max_qty: number(&row["max_qty"]),
        min_amt: number(&row["min_amt"]),
        max_amt: number(&row["max_amt"]),
        threshold_percentage: number(&row["threshold_percentage"]),
        margin: margin_type.map(|margin_type| RuleMargin { margin_type, value }),
        apply_discount_on: text(&row["apply_discount_on"]),
        effect: effect(row),
        promotional_scheme: text(&row["promotional_scheme"]),
    }
}

fn other_target(row: &Value) -> Option<OtherTarget> {
    let apply_on = ApplyOn::from_erpnext(&text(&row["apply_rule_on_other"]))?;
    let field = match apply_on {
        ApplyOn::ItemCode => "other_item_code",
        ApplyOn::ItemGroup => "other_item_group",
        ApplyOn::Brand | ApplyOn::Transaction => "other_brand",
    };
    Some(OtherTarget { apply_on, value: text(&row[field]) })
}

fn effect(row: &Value) -> RuleEffect {
    let rate_or_discount = RateOrDiscount::from_erpnext(&text(&row["rate_or_discount"])).unwrap_or_default();
    if row["price_or_product_discount"] == "Product" {
        let is_recursive = check(&row["is_recursive"]);
        return RuleEffect::Product(FreeItem {
            same_item: check(&row["same_item"]) && row["apply_on"] != "Transaction",
            free_item: text(&row["free_item"]),
            free_item_uom: text(&row["free_item_uom"]),
            free_qty: number(&row["free_qty"]),
            free_item_rate: number(&row["free_item_rate"]),
            recurse_for: if is_recursive { number(&row["recurse_for"]) } else { 0.0 },
            apply_recursion_over: number(&row["apply_recursion_over"]),
            round_free_qty: check(&row["round_free_qty"]),
            dont_enforce_free_item_qty: check(&row["dont_enforce_free_item_qty"]),
            rate_or_discount,
        });
    }
    match rate_or_discount {
        RateOrDiscount::Rate => RuleEffect::Rate(number(&row["rate"])),
        RateOrDiscount::DiscountAmount => RuleEffect::DiscountAmount(number(&row["discount_amount"])),
        RateOrDiscount::DiscountPercentage => RuleEffect::DiscountPercentage(number(&row["discount_percentage"])),
    }
}

/// An Item, with its Batch and Product Bundle documents from a shop that is listed by DocType, without prices.
pub fn item(row: &Value, whole: &Value) -> Item {
    let code = text(&row["item_code"]);
    let bundle = rows(&whole["Product Bundle"]).iter().find(|bundle| bundle["new_item_code"] == code.as_str());
    let mut batches: Vec<&Value> = rows(&whole["Batch"]).iter().filter(|row| row["item"] == code.as_str()).collect();
    batches.retain(|row| !check(&row["disabled"]));
    batches.sort_by_key(|row| text(&row["creation"]));
    let batch = |row: &&Value| Batch {
        batch_no: text(&row["name"]),
        expiry_date: date(&row["expiry_date"]),
        qty: number(&row["batch_qty"]),
    };
    let part = |row: &Value| BundleItem { item_code: text(&row["item_code"]), qty: number(&row["qty"]) };
    Item {
        description: text(&row["description"]),
        sales_uom: text(&row["sales_uom"]),
        has_variants: check(&row["has_variants"]),
        has_batch_no: check(&row["has_batch_no"]),
        has_serial_no: check(&row["has_serial_no"]),
        barcodes: rows(&row["barcodes"])
            .iter()
            .map(|row| ItemBarcode { barcode: text(&row["barcode"]), uom: text(&row["uom"]) })
            .collect(),
        uoms: rows(&row["uoms"])
            .iter()
            .map(|row| UomConversionDetail {
                uom: text(&row["uom"]),
                conversion_factor: number(&row["conversion_factor"]),
            })
            .collect(),
        taxes: item_taxes(&row["taxes"]),
        batches: batches.iter().map(batch).collect(),
        disabled: check(&row["disabled"]),
        end_of_life: date(&row["end_of_life"]),
        is_not_sold: !check(&row["is_sales_item"]),
        max_discount: number(&row["max_discount"]),
        grant_commission: check(&row["grant_commission"]),
        weight_per_unit: number(&row["weight_per_unit"]),
        last_purchase_rate: number(&row["last_purchase_rate"]),
        bundle: bundle.map(|bundle| rows(&bundle["items"]).iter().map(part).collect()).unwrap_or_default(),
        item_code: code,
        item_name: text(&row["item_name"]),
        item_group: text(&row["item_group"]),
        brand: text(&row["brand"]),
        stock_uom: text(&row["stock_uom"]),
        is_stock_item: check(&row["is_stock_item"]),
        variant_of: text(&row["variant_of"]),
        ..Item::default()
    }
}

/// What a case says about an item: it says all of these.
fn overlay_item(item: &mut Item, code: &str, row: &Value) {
    code.clone_into(&mut item.item_code);
    item.item_name = text(&row["item_name"]);
    item.item_group = text(&row["item_group"]);
    item.brand = text(&row["brand"]);
    item.stock_uom = text(&row["stock_uom"]);
    item.is_stock_item = check(&row["is_stock_item"]);
    item.variant_of = text(&row["variant_of"]);
    item.taxes = item_taxes(&row["taxes"]);
    if let Some(uoms) = row["uoms"].as_object() {
        let detail = |(uom, factor): (&String, &Value)| UomConversionDetail {
            uom: uom.clone(),
            conversion_factor: number(factor),
        };
        item.uoms = uoms.iter().map(detail).collect();
    }
}

/// An Item Price.
pub fn item_price(row: &Value) -> ItemPrice {
    ItemPrice {
        price_list: text(&row["price_list"]),
        uom: text(&row["uom"]),
        price_list_rate: number(&row["price_list_rate"]),
        customer: text(&row["customer"]),
        batch_no: text(&row["batch_no"]),
        packing_unit: number(&row["packing_unit"]) as u32,
        valid_from: date(&row["valid_from"]),
        valid_upto: date(&row["valid_upto"]),
    }
}

/// A Customer, without points.
pub fn customer(row: &Value) -> Customer {
    Customer {
        name: text(&row["name"]),
        customer_name: text(&row["customer_name"]),
        customer_group: text(&row["customer_group"]),
        territory: text(&row["territory"]),
        default_price_list: text(&row["default_price_list"]),
        default_currency: text(&row["default_currency"]),
        tax_category: text(&row["tax_category"]),
        sales_partner: text(&row["default_sales_partner"]),
        commission_rate: number(&row["default_commission_rate"]),
        loyalty_program: text(&row["loyalty_program"]),
        ..Customer::default()
    }
}

fn overlay_customer(customer: &mut Customer, own: &Value) {
    let row = &own["customer"];
    let put = |field: &mut String, name: &str| {
        if let Some(value) = row[name].as_str() {
            value.clone_into(field);
        }
    };
    put(&mut customer.name, "name");
    put(&mut customer.customer_group, "customer_group");
    put(&mut customer.territory, "territory");
    put(&mut customer.default_price_list, "default_price_list");
    put(&mut customer.default_currency, "default_currency");
    put(&mut customer.tax_category, "tax_category");
    put(&mut customer.loyalty_program, "loyalty_program");
    customer.loyalty_points = number(&own["loyalty"]["balance_at_least"]) as i64;
}
