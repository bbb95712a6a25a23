//! Where a pricing rule is found: by what it watches, by what it works on, by name.

use crate::{
    hash::{ByHash, hash},
    masters::{ApplyOn, PricingRule},
    sort,
};

/// An index over pricing rules. It holds places, no texts: it belongs to the very rules that it was made of.
#[derive(Clone, Debug, Default)]
pub struct RuleIndex {
    /// The first entry of each hash.
    heads: ByHash<u32>,
    entries: Vec<Entry>,
    /// For each rule its place in the order in which `ERPNext` considers rules.
    ranks: Vec<u32>,
    /// Rules on the whole document, by name.
    transactions: Vec<u32>,
}

#[derive(Clone, Copy, Debug)]
struct Entry {
    rule: u32,
    /// The child row; unused for other kinds of entries.
    target: u32,
    next: u32,
}

/// The end of a chain.
const NONE: u32 = u32::MAX;

/// What an entry is found by.
#[derive(Clone, Copy)]
enum Kind {
    Target(ApplyOn),
    Other(ApplyOn),
    Name,
}

impl RuleIndex {
    /// Reads all rules once.
    pub fn new(rules: &[PricingRule]) -> Self {
        let mut index = Self { ranks: ranks(rules), ..Self::default() };
        let entries = rules.iter().map(|rule| rule.targets.len() + 2).sum();
        index.entries.reserve(entries);
        index.heads.reserve(entries);
        // Chains are read from their head, so the last one in comes out first.
        for (at, rule) in rules.iter().enumerate().rev() {
            let at = u32::try_from(at).expect("there are fewer than four billion rules");
            index.insert(Kind::Name, &rule.name, at, 0);
            if let Some(other) = &rule.other {
                index.insert(Kind::Other(other.apply_on), &other.value, at, 0);
            }
            for (target, row) in rule.targets.iter().enumerate().rev() {
                index.insert(Kind::Target(rule.apply_on), &row.value, at, target as u32);
            }
        }
        let is_for_all = |at: &u32| rules[*at as usize].apply_on == ApplyOn::Transaction;
        index.transactions = (0..index.ranks.len() as u32).filter(is_for_all).collect();
        sort::few(&mut index.transactions, |a, b| rules[*a as usize].name < rules[*b as usize].name);
        index
    }

    fn insert(&mut self, kind: Kind, value: &str, rule: u32, target: u32) {
        let at = u32::try_from(self.entries.len()).expect("there are fewer than four billion rows");
        let next = self.heads.insert(key(kind, value), at).unwrap_or(NONE);
        self.entries.push(Entry { rule, target, next });
    }

    fn find(&self, kind: Kind, value: &str) -> impl Iterator<Item = (usize, usize)> {
        let mut at = self.heads.get(&key(kind, value)).copied().unwrap_or(NONE);
        std::iter::from_fn(move || {
            let entry = self.entries.get(at as usize)?;
            at = entry.next;
            Some((entry.rule as usize, entry.target as usize))
        })
    }

    /// The rules that may name a value, each with the child row that does.
    pub(super) fn watching(
        &self,
        rules: &[PricingRule],
        level: ApplyOn,
        value: &str,
    ) -> impl Iterator<Item = (usize, usize)> {
        self.find(Kind::Target(level), value).filter(move |(rule, target)| {
            rules[*rule].apply_on == level && rules[*rule].targets.get(*target).is_some_and(|row| row.value == value)
        })
    }

    /// The rules that work on a value while they watch others.
    pub(super) fn working_on(&self, rules: &[PricingRule], level: ApplyOn, value: &str) -> impl Iterator<Item = usize> {
        self.find(Kind::Other(level), value).map(|(rule, _)| rule).filter(move |rule| {
            rules[*rule].other.as_ref().is_some_and(|other| other.apply_on == level && other.value == value)
        })
    }

    /// A rule by name.
    pub(crate) fn by_name<'a>(&self, rules: &'a [PricingRule], name: &str) -> Option<&'a PricingRule> {
        self.find(Kind::Name, name).map(|(rule, _)| &rules[rule]).find(|rule| rule.name == name)
    }

    /// Rules on the whole document, in the order of their names, as the database returns them.
    pub(super) fn transactions(&self) -> &[u32] {
        &self.transactions
    }

    /// The place of a rule in the order of consideration.
    pub(super) fn rank(&self, rule: usize) -> u32 {
        self.ranks[rule]
    }

    /// Whether the index was made of as many rules.
    pub(super) fn fits(&self, rules: &[PricingRule]) -> bool {
        self.ranks.len() == rules.len()
    }
}

/// Highest priority first, by text, as the field is one: "9" before "20". Then the name, last first.
fn ranks(rules: &[PricingRule]) -> Vec<u32> {
    let key = |at: u32| {
        let rule = &rules[at as usize];
        (priority_text(rule.priority), rule.name.as_str())
    };
    let mut order: Vec<u32> = (0..rules.len() as u32).collect();
    order.sort_by(|a, b| key(*b).cmp(&key(*a)));
    let mut ranks = vec![0; rules.len()];
    for (rank, at) in order.into_iter().enumerate() {
        ranks[at as usize] = rank as u32;
    }
    ranks
}

/// The digits of a priority, as a text sorts them; none for no priority.
fn priority_text(priority: u8) -> [u8; 3] {
    match priority {
        0 => [0; 3],
        1..=9 => [b'0' + priority, 0, 0],
        10..=99 => [b'0' + priority / 10, b'0' + priority % 10, 0],
        _ => [b'0' + priority / 100, b'0' + priority / 10 % 10, b'0' + priority % 10],
    }
}

/// The hash that an entry is found by.
fn key(kind: Kind, value: &str) -> u64 {
    let seed = match kind {
        Kind::Target(level) => level as u64,
        Kind::Other(level) => 16 + level as u64,
        Kind::Name => 32,
    };
    hash(seed, value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::masters::RuleTarget;

    fn rule(name: &str, priority: u8, targets: &[&str]) -> PricingRule {
        PricingRule {
            name: name.into(),
            priority,
            targets: targets.iter().map(|value| RuleTarget { value: (*value).into(), uom: String::new() }).collect(),
            ..PricingRule::default()
        }
    }

    #[test]
    fn rules_are_found_by_what_they_watch_and_by_name() {
        let rules = [rule("A", 0, &["x", "y"]), rule("B", 0, &["y"])];
        let index = RuleIndex::new(&rules);

        let of_y: Vec<_> = index.watching(&rules, ApplyOn::ItemCode, "y").collect();

        assert_eq!(of_y, [(0, 1), (1, 0)]);
        assert_eq!(index.watching(&rules, ApplyOn::Brand, "y").count(), 0);
        assert_eq!(index.by_name(&rules, "B").map(|rule| rule.targets.len()), Some(1));
    }

    #[test]
    fn priorities_sort_as_texts_and_names_backwards() {
        let rules = ["2", "9", "10", "", "20"].map(|text| rule(text, text.parse().unwrap_or(0), &[]));
        let index = RuleIndex::new(&rules);
        let mut order: Vec<&PricingRule> = rules.iter().collect();
        order.sort_by_key(|rule| index.rank(rules.iter().position(|r| r.name == rule.name).expect("it is there")));

        let names: Vec<&str> = order.iter().map(|rule| rule.name.as_str()).collect();

        assert_eq!(names, ["9", "20", "2", "10", ""]);
    }
}
