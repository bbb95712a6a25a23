//! Which field is rounded to how many decimals (`get_field_precision`).
//!
//! A customised field has its own precision; a Currency field else that of the site, a Float or Percent field that of the
//! site's floats. The document's currency plays no part.

use crate::{masters::Settings, rounding::RoundingMethod};

/// How a field's type decides about its precision.
#[derive(Clone, Copy)]
enum Kind {
    Currency,
    Float,
    /// Fixed by the doctype.
    Fixed(u8),
    /// POS Invoice Item `discount_percentage`.
    DiscountPercentage,
}

macro_rules! fields {
    ($($doctype:literal { $($variant:ident = $name:literal $kind:expr,)* })*) => {
        /// A numeric field of the POS documents that the engine rounds.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(crate) enum Field { $($($variant,)*)* }

        /// Each field with its doctype, its name and its kind, in the order of [`Field`].
        const FIELDS: &[(Field, &str, &str, Kind)] =
            &[$($((Field::$variant, $doctype, $name, $kind),)*)*];
    };
}

fields! {
    "POS Invoice Item" {
        Qty = "qty" Kind::Float,
        StockQty = "stock_qty" Kind::Float,
        ConversionFactor = "conversion_factor" Kind::Float,
        PriceListRate = "price_list_rate" Kind::Currency,
        BasePriceListRate = "base_price_list_rate" Kind::Currency,
        MarginRateOrAmount = "margin_rate_or_amount" Kind::Float,
        RateWithMargin = "rate_with_margin" Kind::Currency,
        BaseRateWithMargin = "base_rate_with_margin" Kind::Currency,
        DiscountPercentage = "discount_percentage" Kind::DiscountPercentage,
        RowDiscountAmount = "discount_amount" Kind::Currency,
        DistributedDiscountAmount = "distributed_discount_amount" Kind::Currency,
        Rate = "rate" Kind::Currency,
        BaseRate = "base_rate" Kind::Currency,
        Amount = "amount" Kind::Currency,
        BaseAmount = "base_amount" Kind::Currency,
        NetRate = "net_rate" Kind::Currency,
        BaseNetRate = "base_net_rate" Kind::Currency,
        NetAmount = "net_amount" Kind::Currency,
        BaseNetAmount = "base_net_amount" Kind::Currency,
        WeightPerUnit = "weight_per_unit" Kind::Float,
        TotalWeight = "total_weight" Kind::Float,
    }
    "Sales Taxes and Charges" {
        TaxRate = "rate" Kind::Float,
        TaxAmount = "tax_amount" Kind::Currency,
        TaxTotal = "total" Kind::Currency,
        TaxAfterDiscount = "tax_amount_after_discount_amount" Kind::Currency,
        BaseTaxAmount = "base_tax_amount" Kind::Currency,
        BaseTaxTotal = "base_total" Kind::Currency,
        BaseTaxAfterDiscount = "base_tax_amount_after_discount_amount" Kind::Currency,
    }
    "POS Invoice" {
        ConversionRate = "conversion_rate" Kind::Fixed(9),
        PlcConversionRate = "plc_conversion_rate" Kind::Fixed(9),
        Total = "total" Kind::Currency,
        BaseTotal = "base_total" Kind::Currency,
        NetTotal = "net_total" Kind::Currency,
        BaseNetTotal = "base_net_total" Kind::Currency,
        TotalTaxesAndCharges = "total_taxes_and_charges" Kind::Currency,
        BaseTotalTaxesAndCharges = "base_total_taxes_and_charges" Kind::Currency,
        DiscountAmount = "discount_amount" Kind::Currency,
        BaseDiscountAmount = "base_discount_amount" Kind::Currency,
        GrandTotal = "grand_total" Kind::Currency,
        BaseGrandTotal = "base_grand_total" Kind::Currency,
        RoundedTotal = "rounded_total" Kind::Currency,
        BaseRoundedTotal = "base_rounded_total" Kind::Currency,
        RoundingAdjustment = "rounding_adjustment" Kind::Currency,
        BaseRoundingAdjustment = "base_rounding_adjustment" Kind::Currency,
        PaidAmount = "paid_amount" Kind::Currency,
        BasePaidAmount = "base_paid_amount" Kind::Currency,
        ChangeAmount = "change_amount" Kind::Currency,
        BaseChangeAmount = "base_change_amount" Kind::Currency,
        OutstandingAmount = "outstanding_amount" Kind::Currency,
        EligibleForCommission = "amount_eligible_for_commission" Kind::Currency,
        CommissionRate = "commission_rate" Kind::Float,
        TotalCommission = "total_commission" Kind::Currency,
    }
}

const COUNT: usize = FIELDS.len();

/// The precisions of a site, by field.
#[derive(Clone, Copy)]
pub(crate) struct Precision {
    method: RoundingMethod,
    places: [u8; COUNT],
}

impl Precision {
    pub(crate) fn new(settings: &Settings) -> Self {
        let mut places = [0; COUNT];
        for (field, doctype, name, kind) in FIELDS {
            let own = settings.field_precisions.iter().find(|own| own.fieldname == *name && own.doctype == *doctype);
            places[*field as usize] = own.map_or_else(
                || match kind {
                    Kind::Currency => settings.currency_precision,
                    Kind::Float => settings.float_precision,
                    Kind::Fixed(places) => *places,
                    Kind::DiscountPercentage => settings.discount_percentage_precision,
                },
                |own| own.places,
            );
        }
        Self { method: settings.rounding_method, places }
    }

    /// Rounds a value as the field would hold it.
    pub(crate) fn round(&self, field: Field, value: f64) -> f64 {
        self.method.round(value, self.places(field))
    }

    /// The decimals of a field.
    pub(crate) fn places(&self, field: Field) -> u8 {
        self.places[field as usize]
    }

    pub(crate) fn method(&self) -> RoundingMethod {
        self.method
    }

    /// The same value in the company's currency, rounded as `field` before and as `base` after.
    pub(crate) fn to_base(self, field: Field, base: Field, value: f64, conversion_rate: f64) -> f64 {
        self.round(base, self.round(field, value) * conversion_rate)
    }
}

#[cfg(test)]
mod tests {
    use super::{FIELDS, Field, Precision};
    use crate::masters::{FieldPrecision, Settings};

    #[test]
    fn fields_stand_in_the_order_of_their_table() {
        for (at, (field, ..)) in FIELDS.iter().enumerate() {
            assert_eq!(*field as usize, at);
        }
    }

    #[test]
    fn a_customised_field_keeps_its_own_precision() {
        let own = FieldPrecision { doctype: "POS Invoice Item".into(), fieldname: "rate".into(), places: 4 };
        let precision = Precision::new(&Settings { field_precisions: vec![own], ..Settings::default() });

        assert_eq!(precision.round(Field::Rate, 1.234_56), 1.2346);
        assert_eq!(precision.round(Field::TaxRate, 1.234_56), 1.235);
        assert_eq!(precision.round(Field::Amount, 1.234_56), 1.23);
    }
}
