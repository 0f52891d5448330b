// decide(): the whole business logic of an order, as a pure function over loaded state. The store calls it inside its
// transaction and writes the Decision; nothing here reads a clock, a disk or the network.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "libs/base/clock.hpp"
#include "libs/orders/domain/change.hpp"
#include "libs/orders/domain/event.hpp"
#include "libs/orders/domain/operator_command.hpp"
#include "libs/orders/domain/order.hpp"
#include "libs/orders/domain/pricing.hpp"
#include "libs/orders/domain/product.hpp"

namespace orderflow::orders {

// A cancel that came before its order: applied when the order is stored.
struct CancelIntent {
    CancelIntent(std::string command, std::string why, WallTime at)
        : command_id(std::move(command)), reason(std::move(why)), requested_at(at) {}
    std::string command_id;
    std::string reason;
    WallTime requested_at;
    std::optional<std::string> tenant_id;  // as in CancelOrder
};

// What a store read for one change, in the transaction that will write the decision.
struct Loaded {
    const Order* order = nullptr;          // null when not stored
    bool tombstone = false;                // the order was archived, erased or discarded
    const CancelIntent* intent = nullptr;  // only read when the order is not stored
};

struct StockMove {
    StockMove(Sku s, std::int64_t q, std::int64_t gone = 0) : sku(std::move(s)), reserve(q), ship(gone) {}
    Sku sku;
    std::int64_t reserve;  // added to `reserved`; negative gives back
    std::int64_t ship;     // taken from `on_hand`
    friend bool operator==(const StockMove&, const StockMove&) = default;
};

// What the worker has to do next with the message that brought the change.
struct Step {
    enum class Kind : std::uint8_t {
        finished,  // delete the message
        charge,    // call the provider, then apply SettleCharge
        refund,    // call the provider, then apply SettleRefund
        retry,     // return the message with backoff; `tries` says how often it failed
    };
    explicit Step(Kind k) : kind(k) {}

    Kind kind;
    bool resumed = false;      // charge/refund: it may have happened already; ask the provider by its key first
    bool changed = false;      // false: a repeated delivery, nothing was written
    bool settled_now = false;  // this change took the order to a settled status; true once per such step
    OrderStatus status = OrderStatus::accepted;  // after the change
    std::int32_t version = 0;
    std::int32_t tries = 0;
    WallTime accepted_at{};               // when the order was accepted; for the time to settled
    std::optional<PaymentEffect> effect;  // charge/refund: what to do
    std::optional<EffectKey> charge_key;  // refund: which charge
    std::optional<Currency> currency;
    PaymentMethod payment;
};

struct Decision {
    explicit Decision(Step s) : step(std::move(s)) {}

    Step step;
    std::optional<Order> order;      // the new state; absent: leave the row as it is
    std::vector<OrderEvent> events;  // versions follow the loaded version without a gap
    std::vector<StockMove> stock;    // one per SKU, sorted by SKU
    std::vector<LedgerPosting> ledger;
    std::optional<CancelIntent> keep_intent;  // store it for the order to come
    bool drop_intent = false;                 // it was applied
    std::optional<DeadLetter> letter;         // store it, unless its message id is already there
    // Nor when a letter of this code about the order is open or discarded: what fails every hour is one thing to mend.
    bool letter_once = false;
    std::optional<CommandRecord> audit;  // store it, unless its id is already there
};

// What of an order is still to be shipped, by SKU, each once.
std::vector<ShippedLine> open_lines(const Order& order);

// Never fails: what breaks a rule becomes an event (order.rejected, cancel.refused). `now` stamps events.
Decision decide(const Change& change, const Loaded& loaded, const Shelf& shelf, const Pricing& pricing, WallTime now);

}  // namespace orderflow::orders
