// Transition: collects what one decision changes, so that every rule file says only what happens and the version
// bookkeeping stands in one place.
#pragma once

#include <string>
#include <utility>

#include "libs/orders/domain/decide.hpp"

namespace orderflow::orders {

class Transition {
  public:
    // Starts from a stored order, or from one that was just made from its draft (version 0).
    Transition(Order order, WallTime now) : order_(std::move(order)), before_(order_.status), now_(now) {}

    Order& order() { return order_; }
    WallTime now() const { return now_; }

    // Appends an event: the version rises by one.
    void event(EventType type, std::string code = {}, std::string detail = {});
    void event_at(WallTime at, EventType type, std::string code = {}, std::string detail = {});

    // Steps to a status; the table may_follow() must allow it.
    void become(OrderStatus status);

    // Moves stock of all lines, summed per SKU and sorted.
    void reserve_stock();
    void release_stock();  // with its event; nothing when no stock is held
    // Held pieces leave the warehouse; without an event.
    void ship_stock(const std::vector<ShippedLine>& lines);

    void post(const EffectKey& effect, const char* debit, const char* credit, std::int64_t amount);
    void keep(DeadLetter letter) { letter_ = std::move(letter); }
    void keep_once(DeadLetter letter);  // Decision::letter_once
    void record(CommandRecord audit) { audit_ = std::move(audit); }
    void intent_done() { drop_intent_ = true; }

    // The end: the order as it is now, with the step that follows.
    Decision finish(Step::Kind kind) &&;
    Decision charge(bool resumed) &&;
    Decision refund(bool resumed) &&;

  private:
    Order order_;
    OrderStatus before_;
    WallTime now_;
    std::vector<OrderEvent> events_;
    std::vector<StockMove> stock_;
    std::vector<LedgerPosting> ledger_;
    std::optional<DeadLetter> letter_;
    bool letter_once_ = false;
    std::optional<CommandRecord> audit_;
    bool drop_intent_ = false;
};

// An order as its place message has it, before any rule was looked at: version 0.
Order accepted_order(const PlaceOrder& place);

// What decide() answers when nothing is to be written.
Decision unchanged(const Loaded& loaded, Step::Kind kind);

// Fills in what every step says of its order.
Step step_of(const Order& order, Step::Kind kind);
// A charge or refund step for what the order has recorded.
Step charge_step(const Order& order, bool resumed);
Step refund_step(const Order& order, bool resumed);

// The lines of a draft summed per SKU and sorted by SKU; nothing on overflow.
std::optional<std::vector<StockMove>> demand_of(const OrderDraft& draft);

// Rules by kind of change (place.cpp, settle.cpp, cancel.cpp, fulfill.cpp, hold.cpp).
Decision decide_place(const PlaceOrder& change, const Loaded& loaded, const Shelf& shelf, const Pricing& pricing,
                      WallTime now);
Decision decide_charge(const SettleCharge& change, const Loaded& loaded, WallTime now);
Decision decide_refund(const SettleRefund& change, const Loaded& loaded, WallTime now);
Decision decide_news(const PaymentNews& change, const Loaded& loaded);
Decision decide_cancel(const CancelOrder& change, const Loaded& loaded, WallTime now);
Decision decide_fulfillment(const FulfillOrder& change, const Loaded& loaded, WallTime now);
Decision decide_failure(const RecordFailure& change, const Loaded& loaded, WallTime now);
Decision decide_hold(const HoldOrder& change, const Loaded& loaded, WallTime now);

// Takes a cancel on an order that may still be cancelled; shared by the command and by an intent that came early.
Decision begin_cancel(Transition transition);
// The cancel that came before the order that is being stored, unless somebody of another tenant sent it. Done with
// either way.
const CancelIntent* take_intent(Transition& transition, const Loaded& loaded);
// The same as begin_cancel() for that one.
Decision apply_intent(Transition transition, const CancelIntent& intent);

}  // namespace orderflow::orders
