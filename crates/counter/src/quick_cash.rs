//! What a customer might hand over: the exact amount, then the next round sums of notes.

/// Up to five amounts, smallest first. `values` are the notes and coins, in the currency of `due`.
pub fn suggestions(due: f64, values: &[f64]) -> Vec<f64> {
    if due <= 0.0 || !due.is_finite() {
        return Vec::new();
    }
    let mut amounts = vec![due];
    for value in values.iter().copied().filter(|value| *value >= 5.0) {
        let rounded = (due / value).ceil() * value;
        // Nobody pays 12.30 with 200 by two notes of 100; one note more than needed is a mistake.
        if rounded > due && !amounts.contains(&rounded) {
            amounts.push(rounded);
        }
    }
    amounts.sort_by(f64::total_cmp);
    amounts.truncate(5);
    amounts
}
