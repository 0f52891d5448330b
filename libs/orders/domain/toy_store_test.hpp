// ToyStore: the smallest store that obeys decide(), for tests of the domain alone. It writes a Decision as the real
// stores must and checks after every one what must always hold (invariants I3 to I6: no double effect, no
// oversold stock, money that adds up, a legal history).
#pragma once

#include <gtest/gtest.h>

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "libs/orders/domain/decide.hpp"
#include "libs/testing/order_samples.hpp"

namespace orderflow::orders {

class ToyStore {
  public:
    explicit ToyStore(TablePricing pricing = samples::plain_pricing()) : pricing_(std::move(pricing)) {}

    Step apply(const Change& change) {
        const auto* id = order_id_of(change);
        Loaded loaded;
        const auto stored = id != nullptr ? orders_.find(*id) : orders_.end();
        if (stored != orders_.end()) loaded.order = &stored->second;
        const auto intent = id != nullptr ? intents_.find(*id) : intents_.end();
        if (loaded.order == nullptr && intent != intents_.end()) loaded.intent = &intent->second;
        loaded.tombstone = id != nullptr && tombstones_.contains(*id);

        auto decision = decide(change, loaded, shelf_, pricing_, now_);
        check_decision(decision, loaded);
        if (id != nullptr) write(*id, decision);
        if (decision.letter) keep(*decision.letter, decision.letter_once, letter_order_of(change));
        if (decision.audit) audits_.try_emplace(decision.audit->id, *decision.audit);
        check_stock();
        return decision.step;
    }

    const Order& order(const OrderId& id) const { return orders_.at(id); }
    const Order* find(const OrderId& id) const {
        const auto found = orders_.find(id);
        return found == orders_.end() ? nullptr : &found->second;
    }
    std::vector<std::string> events(const OrderId& id) const {
        std::vector<std::string> names;
        const auto found = events_.find(id);
        if (found == events_.end()) return names;
        for (const auto& event : found->second) names.emplace_back(to_string(event.type));
        return names;
    }
    const OrderEvent& last_event(const OrderId& id) const { return events_.at(id).back(); }
    // What the shop has got of one order: all postings of the account `payment_provider`.
    std::int64_t received(const OrderId& id) const {
        std::int64_t sum = 0;
        const auto found = ledger_.find(id);
        if (found == ledger_.end()) return 0;
        for (const auto& posting : found->second) {
            if (posting.debit == provider_account) sum += posting.amount;
            if (posting.credit == provider_account) sum -= posting.amount;
        }
        return sum;
    }
    std::size_t postings(const OrderId& id) const { return ledger_.contains(id) ? ledger_.at(id).size() : 0; }

    samples::SampleShelf& shelf() { return shelf_; }
    const std::map<OrderId, Order>& orders() const { return orders_; }
    const std::map<std::string, DeadLetter>& letters() const { return letters_; }
    const std::map<std::string, CommandRecord>& audits() const { return audits_; }
    bool has_intent(const OrderId& id) const { return intents_.contains(id); }

    // The order is archived: only its id stays.
    void bury(const OrderId& id) {
        orders_.erase(id);
        tombstones_.insert(id);
    }
    void set_time(WallTime now) { now_ = now; }

  private:
    // I5 and I6, at the moment of the decision.
    void check_decision(const Decision& decision, const Loaded& loaded) {
        const auto before = loaded.order != nullptr ? loaded.order->version : 0;
        if (!decision.order) {
            ASSERT_TRUE(decision.events.empty() && decision.stock.empty() && decision.ledger.empty());
            return;
        }
        const auto& after = *decision.order;
        ASSERT_EQ(after.version, before + static_cast<std::int32_t>(decision.events.size()));
        for (std::size_t i = 0; i < decision.events.size(); ++i) {
            ASSERT_EQ(decision.events[i].version, before + 1 + static_cast<std::int32_t>(i));
        }
        const auto was = loaded.order != nullptr ? loaded.order->status : OrderStatus::accepted;
        ASSERT_TRUE(reachable(was, after.status)) << to_string(was) << " -> " << to_string(after.status);
        ASSERT_FALSE(is_terminal(was) && was != after.status);
        ASSERT_EQ(decision.step.status, after.status);
        ASSERT_EQ(decision.step.version, after.version);
        ASSERT_EQ(after.holds_stock, holds_stock_in(after)) << to_string(after.status);
        if (!after.lines.empty() && after.status != OrderStatus::rejected) ASSERT_EQ(sum_of(after), after.total);
        for (std::size_t i = 1; i < decision.stock.size(); ++i) {
            ASSERT_LT(decision.stock[i - 1].sku, decision.stock[i].sku);
        }
        for (const auto& posting : decision.ledger) ASSERT_GT(posting.amount, 0);
    }

    // Several steps of the table may be taken by one decision (accepted -> processing -> reserved).
    static bool reachable(OrderStatus from, OrderStatus to) {
        std::set<OrderStatus> seen{from};
        for (std::size_t before = 0; before != seen.size();) {
            before = seen.size();
            for (const auto status : std::set<OrderStatus>(seen)) {
                for (int next = 0; next <= static_cast<int>(OrderStatus::on_hold); ++next) {
                    if (may_follow(status, static_cast<OrderStatus>(next))) seen.insert(static_cast<OrderStatus>(next));
                }
            }
        }
        return seen.contains(to);
    }

    static bool holds_stock_in(const Order& order) {
        switch (order.status) {
            case OrderStatus::reserved:
            case OrderStatus::confirmed: return true;
            case OrderStatus::on_hold: return order.held_from == OrderStatus::reserved;
            case OrderStatus::cancelling: return order.holds_stock;  // what it had is kept until the money is back
            case OrderStatus::accepted:
            case OrderStatus::processing:
            case OrderStatus::completed:
            case OrderStatus::rejected:
            case OrderStatus::cancelled: return false;
        }
        return false;
    }

    static std::int64_t sum_of(const Order& order) {
        auto sum = order.shipping_amount + order.tax_amount - order.discount_amount;
        for (const auto& line : order.lines) sum += line.unit_price * line.quantity - line.discount;
        return sum;
    }

    // Every letter stays open here.
    void keep(const DeadLetter& letter, bool once, const OrderId* about) {
        const bool first = about == nullptr || stand_.emplace(*about, letter.code).second;
        if (first || !once) letters_.try_emplace(letter.message_id, letter);
    }

    void write(const OrderId& id, Decision& decision) {
        if (decision.keep_intent) intents_.insert_or_assign(id, *decision.keep_intent);
        if (decision.drop_intent) intents_.erase(id);
        shelf_.apply(decision.stock);
        auto& ledger = ledger_[id];
        ledger.insert(ledger.end(), decision.ledger.begin(), decision.ledger.end());
        auto& events = events_[id];
        events.insert(events.end(), decision.events.begin(), decision.events.end());
        if (!decision.order) return;
        orders_.insert_or_assign(id, *std::move(decision.order));
        check_money(orders_.at(id));
        ASSERT_FALSE(intents_.contains(id)) << "a cancel that came first was forgotten";
    }

    // I3 and I5: what was taken is the total or nothing, and each posting happened once.
    void check_money(const Order& order) {
        const auto balance = received(order.id);
        const bool paid = order.charge && order.charge->state == EffectState::captured;
        const bool given_back = order.refund && order.refund->state != EffectState::started;
        ASSERT_EQ(balance, paid && !given_back ? order.total : 0) << to_string(order.status);
        ASSERT_LE(postings(order.id), 2U);
    }

    // I4: what is reserved is what orders hold; nothing is sold that is not there.
    void check_stock() {
        std::map<Sku, std::int64_t> held;
        for (const auto& [id, order] : orders_) {
            if (!order.holds_stock) continue;
            for (const auto& line : open_lines(order)) held[line.sku] += line.quantity;
        }
        for (const auto& [sku, item] : shelf_.items()) {
            ASSERT_EQ(item.stock.reserved, held[sku]) << sku.value();
            ASSERT_GE(item.stock.available(), 0) << sku.value();
        }
    }

    TablePricing pricing_;
    samples::SampleShelf shelf_;
    WallTime now_ = samples::at(60);
    std::map<OrderId, Order> orders_;
    std::map<OrderId, CancelIntent> intents_;
    std::map<OrderId, std::vector<OrderEvent>> events_;
    std::map<OrderId, std::vector<LedgerPosting>> ledger_;
    std::map<std::string, DeadLetter> letters_;
    std::set<std::pair<OrderId, std::string>> stand_;  // the code of each letter about an order
    std::map<std::string, CommandRecord> audits_;
    std::set<OrderId> tombstones_;
};

}  // namespace orderflow::orders
