//! What should happen, said again in the simplest words: whole kopecks, vectors, one event. Written from processes.md and
//! not from the services.

use std::collections::BTreeMap;

/// What is tried. Orders, tickets and payments are named by their place.
#[derive(Clone, Debug)]
pub(crate) enum Step {
    Place {
        buyer: usize,
        kinds: Vec<usize>,
    },
    /// An organisation orders.
    Group {
        buyer: usize,
        kinds: Vec<usize>,
    },
    Agree(usize),
    Decline(usize),
    Pay {
        order: usize,
        amount: i64,
    },
    PayAgain {
        payment: usize,
    },
    Annul(usize),
    Cancel(usize),
    Revive {
        order: usize,
        keep: bool,
    },
    Refund {
        order: usize,
        amount: Option<i64>,
    },
    CancelTicket {
        order: usize,
        ticket: usize,
    },
    CheckIn {
        order: usize,
        ticket: usize,
    },
    UndoCheckIn {
        order: usize,
        ticket: usize,
    },
    Assign {
        payment: usize,
        order: usize,
    },
    Unassign(usize),
    RefundPayment(usize),
    Price {
        kind: usize,
        price: i64,
    },
    Quota {
        kind: usize,
        quota: Option<i64>,
    },
    Capacity(Option<i64>),
    OnSale(bool),
    Wait {
        minutes: i64,
    },
}

/// A ticket.
#[derive(Clone, Debug)]
pub(crate) struct Ticket {
    kind: usize,
    price: i64,
    list: i64,
    state: &'static str,
    alone: bool,
}

/// An order.
#[derive(Clone, Debug)]
pub(crate) struct Order {
    pub(crate) state: &'static str,
    pub(crate) tickets: Vec<Ticket>,
    pub(crate) total: i64,
    /// Payment and amount, in the order in which they came.
    pub(crate) money: Vec<(usize, i64)>,
    /// Minute of the next look.
    pub(crate) look: i64,
    pub(crate) reminders: i64,
    /// Of an organisation: asked instead of annulled when the price changes.
    pub(crate) group: bool,
    /// Questions about a new price without an answer.
    pub(crate) asks: i64,
}

/// A payment.
#[derive(Clone, Debug)]
pub(crate) struct Payment {
    pub(crate) amount: i64,
    pub(crate) waiting: i64,
    pub(crate) refunded: i64,
    /// Whose the waiting part is.
    pub(crate) owner: Option<usize>,
}

/// The event with everything that was sold.
#[derive(Clone, Debug)]
pub(crate) struct Model {
    pub(crate) now: i64,
    pub(crate) wait: i64,
    pub(crate) grace: i64,
    pub(crate) max_looks: Option<i64>,
    pub(crate) on_sale: bool,
    pub(crate) capacity: Option<i64>,
    pub(crate) quotas: Vec<Option<i64>>,
    pub(crate) prices: Vec<i64>,
    pub(crate) orders: Vec<Order>,
    pub(crate) payments: Vec<Payment>,
}

/// Code of the answer, and the letters it sends.
pub(crate) type Expected = Result<Vec<&'static str>, &'static str>;

impl Payment {
    /// Money that leaves an order waits for it, unless it would mix with what waits for another.
    fn take_back(&mut self, order: usize, amount: i64) {
        let is_mixed = self.waiting > 0 && self.owner != Some(order);
        self.owner = if is_mixed { None } else { Some(order) };
        self.waiting += amount;
    }
}

impl Order {
    pub(crate) fn paid(&self) -> i64 {
        self.money.iter().map(|(_, amount)| amount).sum()
    }

    pub(crate) fn due(&self) -> i64 {
        (self.total - self.paid()).max(0)
    }

    /// As [`super::driver`] reads it from the database.
    pub(crate) fn shown(&self) -> String {
        let tickets: Vec<_> = self.tickets.iter().map(|ticket| ticket.state).collect();
        let due = if matches!(self.state, "pending" | "paid") { self.due() } else { 0 };
        format!("{} {} {} {due} {}", self.state, self.total, self.paid(), tickets.join(","))
    }

    fn add(&mut self, payment: usize, amount: i64) {
        match self.money.iter_mut().find(|(it, _)| *it == payment) {
            Some((_, there)) => *there += amount,
            None => self.money.push((payment, amount)),
        }
    }

    fn is_inside(&self) -> bool {
        self.tickets.iter().any(|ticket| ticket.state == "checked_in")
    }

    fn set_tickets(&mut self, state: &'static str) {
        self.tickets.iter_mut().filter(|ticket| ticket.state != "cancelled").for_each(|ticket| ticket.state = state);
    }
}

impl Model {
    /// Does a step and says what the services should answer. After a refusal nothing has changed.
    pub(crate) fn step(&mut self, step: &Step) -> Expected {
        let before = self.clone();
        let answer = self.attempt(step);
        if answer.is_err() {
            *self = before;
        }
        answer
    }

    fn attempt(&mut self, step: &Step) -> Expected {
        match *step {
            Step::Place { ref kinds, .. } => self.place(kinds, false),
            Step::Group { ref kinds, .. } => self.place(kinds, true),
            Step::Agree(order) if self.is_asked(order) => {
                let it = &mut self.orders[order];
                (it.asks, it.look) = (0, self.now + self.wait);
                Ok(Vec::new())
            }
            Step::Agree(_) => Err("nothing_to_agree"),
            Step::Decline(order) if self.is_asked(order) => self.end(order, "annulled", "order_annulled"),
            Step::Decline(_) => Err("nothing_to_decline"),
            Step::Pay { order, amount } => self.pay(order, amount),
            Step::PayAgain { .. } => Ok(Vec::new()),
            Step::Annul(order) if self.orders[order].state == "pending" => {
                self.end(order, "annulled", "order_annulled")
            }
            Step::Cancel(order) if matches!(self.orders[order].state, "pending" | "paid") => {
                self.end(order, "cancelled", "order_cancelled")
            }
            Step::Revive { order, keep } if matches!(self.orders[order].state, "annulled" | "cancelled") => {
                self.revive(order, keep)
            }
            Step::Refund { order, amount } if matches!(self.orders[order].state, "paid" | "cancelled") => {
                self.refund(order, amount)
            }
            Step::CancelTicket { order, ticket } => self.cancel_ticket(order, ticket),
            Step::CheckIn { order, ticket } => self.door(order, ticket, "issued", "checked_in"),
            Step::UndoCheckIn { order, ticket } => self.door(order, ticket, "checked_in", "issued"),
            Step::Annul(_) | Step::Cancel(_) | Step::Revive { .. } | Step::Refund { .. } => Err("invalid_transition"),
            Step::Assign { payment, .. } | Step::Unassign(payment) | Step::RefundPayment(payment)
                if self.is_refunded(payment) =>
            {
                Err("invalid_transition")
            }
            Step::Assign { payment, order } => self.assign(payment, order),
            Step::Unassign(payment) => self.unassign(payment),
            Step::RefundPayment(payment) => {
                let payment = &mut self.payments[payment];
                if payment.waiting == 0 {
                    return Err("nothing_unallocated");
                }
                payment.refunded += std::mem::take(&mut payment.waiting);
                Ok(Vec::new())
            }
            Step::Price { kind, price } => {
                self.prices[kind] = price;
                Ok(Vec::new())
            }
            Step::Quota { kind, quota } => {
                self.quotas[kind] = quota;
                Ok(Vec::new())
            }
            Step::Capacity(capacity) => {
                self.capacity = capacity;
                Ok(Vec::new())
            }
            Step::OnSale(on_sale) => {
                self.on_sale = on_sale;
                Ok(Vec::new())
            }
            Step::Wait { minutes } => Ok(self.pass(minutes)),
        }
    }

    pub(crate) fn taken(&self, kind: Option<usize>) -> i64 {
        let tickets = self.orders.iter().flat_map(|order| &order.tickets);
        let live = tickets.filter(|ticket| ticket.state != "cancelled" && kind.is_none_or(|kind| kind == ticket.kind));
        i64::try_from(live.count()).unwrap()
    }

    fn has_seats(&self, kinds: &[usize]) -> bool {
        let mut wanted = BTreeMap::<usize, i64>::new();
        kinds.iter().for_each(|kind| *wanted.entry(*kind).or_default() += 1);
        let of_event = self.capacity.is_none_or(|all| self.taken(None) + i64::try_from(kinds.len()).unwrap() <= all);
        of_event
            && wanted
                .iter()
                .all(|(kind, count)| self.quotas[*kind].is_none_or(|quota| self.taken(Some(*kind)) + count <= quota))
    }

    fn is_asked(&self, order: usize) -> bool {
        self.orders[order].state == "pending" && self.orders[order].asks > 0
    }

    fn place(&mut self, kinds: &[usize], group: bool) -> Expected {
        if !self.on_sale {
            return Err("not_on_sale");
        }
        if !self.has_seats(kinds) {
            return Err("sold_out");
        }
        let ticket = |kind: &usize| {
            let price = self.prices[*kind];
            Ticket { kind: *kind, price, list: price, state: "reserved", alone: false }
        };
        let tickets: Vec<_> = kinds.iter().map(ticket).collect();
        let total = tickets.iter().map(|ticket| ticket.price).sum();
        self.orders.push(Order {
            state: "pending",
            tickets,
            total,
            money: Vec::new(),
            look: self.now + self.wait,
            reminders: 0,
            group,
            asks: 0,
        });
        Ok(self.settle_if_covered(self.orders.len() - 1).unwrap_or_else(|| vec![waits_with(group)]))
    }

    fn settle_if_covered(&mut self, order: usize) -> Option<Vec<&'static str>> {
        let order = &mut self.orders[order];
        (order.due() == 0).then(|| {
            (order.state, order.asks) = ("paid", 0);
            order.set_tickets("issued");
            vec!["order_paid"]
        })
    }

    fn pay(&mut self, order: usize, amount: i64) -> Expected {
        let payment = self.payments.len();
        self.payments.push(Payment { amount, waiting: amount, refunded: 0, owner: Some(order) });
        if matches!(self.orders[order].state, "pending" | "paid") {
            Ok(self.put_on(payment, order))
        } else {
            Ok(Vec::new())
        }
    }

    fn put_on(&mut self, payment: usize, order: usize) -> Vec<&'static str> {
        let amount = self.payments[payment].waiting.min(self.orders[order].due());
        self.payments[payment].waiting -= amount;
        self.payments[payment].owner = Some(order);
        if amount > 0 {
            self.orders[order].add(payment, amount);
        }
        let mut letters = Vec::new();
        if self.orders[order].state == "pending" {
            letters = self.settle_if_covered(order).unwrap_or_else(|| {
                self.orders[order].look = self.now + self.wait;
                vec!["order_part_paid"]
            });
        }
        if self.payments[payment].waiting > 0 {
            letters.push("order_overpaid");
        }
        letters
    }

    fn assign(&mut self, payment: usize, order: usize) -> Expected {
        if self.payments[payment].waiting == 0 {
            return Err("nothing_unallocated");
        }
        let it = &self.orders[order];
        if !matches!(it.state, "pending" | "paid") || it.due() == 0 {
            return Err("nothing_due");
        }
        Ok(self.put_on(payment, order))
    }

    fn unassign(&mut self, payment: usize) -> Expected {
        for order in &mut self.orders {
            let on_order: i64 = order.money.iter().filter(|(it, _)| *it == payment).map(|(_, amount)| amount).sum();
            if on_order > 0 && order.state != "pending" {
                return Err("order_paid");
            }
            order.money.retain(|(it, _)| *it != payment);
            self.payments[payment].waiting += on_order;
        }
        self.payments[payment].owner = None;
        Ok(Vec::new())
    }

    fn is_refunded(&self, payment: usize) -> bool {
        self.payments[payment].refunded == self.payments[payment].amount
    }

    fn end(&mut self, order: usize, state: &'static str, letter: &'static str) -> Expected {
        if self.orders[order].is_inside() {
            return Err("checked_in");
        }
        for (payment, amount) in std::mem::take(&mut self.orders[order].money) {
            self.payments[payment].take_back(order, amount);
        }
        self.orders[order].set_tickets("cancelled");
        (self.orders[order].state, self.orders[order].asks) = (state, 0);
        Ok(vec![letter])
    }

    fn waiting_for(&self, order: usize) -> Vec<usize> {
        let mine =
            |payment: &&usize| self.payments[**payment].owner == Some(order) && self.payments[**payment].waiting > 0;
        (0..self.payments.len()).collect::<Vec<_>>().iter().filter(mine).copied().collect()
    }

    fn revive(&mut self, order: usize, keep: bool) -> Expected {
        let kinds: Vec<_> = self.orders[order].tickets.iter().filter(|it| !it.alone).map(|it| it.kind).collect();
        if !self.has_seats(&kinds) {
            return Err("sold_out");
        }
        if !self.on_sale && !keep {
            return Err("not_on_sale");
        }
        let (on_sale, prices) = (self.on_sale, self.prices.clone());
        let it = &mut self.orders[order];
        for ticket in it.tickets.iter_mut().filter(|ticket| !ticket.alone) {
            let now = prices[ticket.kind];
            ticket.list = if on_sale { now } else { ticket.price };
            ticket.price = if keep { ticket.price } else { now };
            ticket.state = "reserved";
        }
        it.total = it.tickets.iter().filter(|ticket| !ticket.alone).map(|ticket| ticket.price).sum();
        (it.state, it.look, it.reminders) = ("pending", self.now + self.wait, 0);
        for payment in self.waiting_for(order) {
            let amount = self.payments[payment].waiting.min(self.orders[order].due());
            if amount > 0 {
                self.payments[payment].waiting -= amount;
                self.orders[order].add(payment, amount);
            }
        }
        let letter = waits_with(self.orders[order].group);
        Ok(self.settle_if_covered(order).unwrap_or_else(|| vec![letter]))
    }

    fn refund(&mut self, order: usize, amount: Option<i64>) -> Expected {
        let waiting = self.waiting_for(order);
        let all =
            self.orders[order].paid() + waiting.iter().map(|payment| self.payments[*payment].waiting).sum::<i64>();
        if all == 0 {
            return Err("nothing_to_refund");
        }
        if amount.is_some_and(|amount| amount > all) {
            return Err("too_much_to_refund");
        }
        let mut left = amount.unwrap_or(all);
        // The latest payment first; of all of them first what waits.
        let on_order = self.orders[order].money.clone();
        let not_on_order = waiting.iter().filter(|payment| on_order.iter().all(|(it, _)| it != *payment));
        let sequence: Vec<_> = on_order.iter().map(|(payment, _)| payment).chain(not_on_order).rev().copied().collect();
        for payment in sequence.iter().filter(|payment| waiting.contains(payment)) {
            let part = self.payments[*payment].waiting.min(left);
            self.payments[*payment].waiting -= part;
            self.payments[*payment].refunded += part;
            left -= part;
        }
        for payment in sequence {
            for (it, there) in self.orders[order].money.iter_mut().filter(|(it, _)| *it == payment) {
                let part = (*there).min(left);
                *there -= part;
                self.payments[*it].refunded += part;
                left -= part;
            }
        }
        self.orders[order].money.retain(|(_, amount)| *amount > 0);
        if amount.is_some_and(|amount| amount < all) {
            return Ok(Vec::new());
        }
        if self.orders[order].is_inside() {
            return Err("checked_in");
        }
        self.orders[order].set_tickets("cancelled");
        self.orders[order].state = "refunded";
        Ok(vec!["order_refunded"])
    }

    fn cancel_ticket(&mut self, order: usize, ticket: usize) -> Expected {
        let it = &mut self.orders[order];
        let open = matches!(it.state, "pending" | "paid");
        if !open || !matches!(it.tickets[ticket].state, "reserved" | "issued") {
            return Err("invalid_transition");
        }
        if it.tickets.iter().filter(|ticket| ticket.state != "cancelled").count() == 1 {
            return self.end(order, "cancelled", "order_cancelled");
        }
        it.tickets[ticket].state = "cancelled";
        it.tickets[ticket].alone = true;
        it.total -= it.tickets[ticket].price;
        self.give_up_surplus(order);
        let it = &self.orders[order];
        let invoiced = it.group && it.state == "pending";
        if it.state != "pending" {
            return Ok(Vec::new());
        }
        let letters = if invoiced { vec!["group_invoiced"] } else { Vec::new() };
        Ok(self.settle_if_covered(order).unwrap_or(letters))
    }

    /// What is paid beyond the total waits for the order.
    fn give_up_surplus(&mut self, order: usize) {
        let it = &mut self.orders[order];
        let mut surplus = (it.paid() - it.total).max(0);
        for (payment, there) in it.money.iter_mut().rev() {
            let part = (*there).min(surplus);
            *there -= part;
            surplus -= part;
            if part > 0 {
                self.payments[*payment].take_back(order, part);
            }
        }
        it.money.retain(|(_, amount)| *amount > 0);
    }

    /// An organisation is asked whether it agrees to the prices of now.
    fn ask(&mut self, order: usize) -> Vec<&'static str> {
        let (prices, look) = (self.prices.clone(), self.now + self.wait);
        let it = &mut self.orders[order];
        let live = it.tickets.iter_mut().filter(|ticket| ticket.state != "cancelled");
        for ticket in live.filter(|ticket| ticket.list != prices[ticket.kind]) {
            (ticket.price, ticket.list) = (prices[ticket.kind], prices[ticket.kind]);
        }
        it.total = it.tickets.iter().filter(|ticket| ticket.state != "cancelled").map(|ticket| ticket.price).sum();
        it.asks += 1;
        it.look = look;
        self.give_up_surplus(order);
        self.settle_if_covered(order).unwrap_or_else(|| vec!["group_repriced"])
    }

    fn door(&mut self, order: usize, ticket: usize, from: &str, to: &'static str) -> Expected {
        let ticket = &mut self.orders[order].tickets[ticket];
        if ticket.state != from {
            return Err("invalid_transition");
        }
        ticket.state = to;
        Ok(Vec::new())
    }

    fn pass(&mut self, minutes: i64) -> Vec<&'static str> {
        self.now += minutes;
        let mut letters = Vec::new();
        for order in 0..self.orders.len() {
            let it = &self.orders[order];
            if it.state != "pending" || it.look > self.now {
                continue;
            }
            let live = it.tickets.iter().filter(|ticket| ticket.state != "cancelled");
            let same = live.into_iter().all(|ticket| self.prices[ticket.kind] == ticket.list);
            let is_last = self.max_looks.is_some_and(|most| it.reminders + 1 >= most);
            let is_asked = it.group && self.on_sale && (!same || it.asks > 0 && !is_last);
            if is_asked && it.asks < 2 {
                letters.extend(self.ask(order));
            } else if same && self.on_sale && !is_last && !is_asked {
                let it = &mut self.orders[order];
                (it.look, it.reminders) = (self.now + self.wait, it.reminders + 1);
                letters.push("order_reminder");
            } else if self.now >= it.look + self.grace {
                letters.extend(self.end(order, "annulled", "order_annulled").unwrap());
            }
        }
        letters
    }
}

/// The letter that says what is to be paid.
fn waits_with(group: bool) -> &'static str {
    if group { "group_invoiced" } else { "order_received" }
}
