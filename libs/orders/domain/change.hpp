// Change: everything that can alter an order. Each arrives in a durable message or is the next step of one.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "libs/base/frozen.hpp"
#include "libs/orders/domain/draft.hpp"
#include "libs/orders/domain/fulfillment.hpp"
#include "libs/orders/domain/ids.hpp"
#include "libs/orders/domain/order.hpp"
#include "libs/orders/domain/payment.hpp"

namespace orderflow::orders {

// A change whose events keep the trace that it belongs to.
struct Traced {
    std::string traceparent;  // W3C; empty: nobody records it
};

// T1: store, check, price, reserve, record the payment attempt. Also what a redelivery and a redrive bring.
struct PlaceOrder : Traced {
    PlaceOrder(OrderId i, Frozen<OrderDraft> d, Fingerprint f, WallTime at)
        : id(i), draft(std::move(d)), fingerprint(f), accepted_at(at) {}
    OrderId id;
    Frozen<OrderDraft> draft;
    Fingerprint fingerprint;
    WallTime accepted_at;
    std::string tenant_id = default_tenant;
};

// T2: what the provider answered to a charge. Final answers only; an unknown outcome is a RecordFailure.
struct SettleCharge : Traced {
    SettleCharge(OrderId i, EffectKey k, EffectState s, std::string ref, std::string why = {})
        : id(i), effect(std::move(k)), state(s), provider_reference(std::move(ref)), code(std::move(why)) {}
    OrderId id;
    EffectKey effect;
    EffectState state;  // captured or declined
    std::string provider_reference;
    std::string code;  // of a decline
};

// T3: what the provider answered to a refund.
struct SettleRefund : Traced {
    SettleRefund(OrderId i, EffectKey k, EffectState s, std::string ref)
        : id(i), effect(std::move(k)), state(s), provider_reference(std::move(ref)) {}
    OrderId id;
    EffectKey effect;
    EffectState state;  // refunded or voided
    std::string provider_reference;
};

// The provider says that something became of an effect. What, it is asked by the key: this may be late, doubled, or
// come before the order, and nothing in it has to be believed.
struct PaymentNews {
    PaymentNews(OrderId i, EffectKey k) : id(i), effect(std::move(k)) {}
    OrderId id;
    EffectKey effect;
};

struct CancelOrder : Traced {
    CancelOrder(OrderId i, std::string command, std::string why, WallTime at)
        : id(i), command_id(std::move(command)), reason(std::move(why)), requested_at(at) {}
    OrderId id;
    std::string command_id;
    std::string reason;
    WallTime requested_at;
    std::optional<std::int32_t> expected_version;
    std::optional<std::string> tenant_id;  // of who asks with a key: an order of another tenant is not there for them
};

// Lines of an order left the warehouse.
struct FulfillOrder : Traced {
    FulfillOrder(OrderId i, std::string command, std::vector<ShippedLine> l, WallTime at)
        : id(i), command_id(std::move(command)), lines(std::move(l)), requested_at(at) {}
    OrderId id;
    std::string command_id;
    std::vector<ShippedLine> lines;  // by SKU, each once
    std::optional<std::string> carrier;
    std::optional<std::string> tracking_number;
    WallTime requested_at;
    std::string by;      // who asked, by their own account; empty: nobody said
    std::string reason;  // in their words; may be empty
};

// A message that could not be processed, with all that is needed to send it again.
struct DeadLetter {
    DeadLetter(std::string message, std::string from, std::string text, std::string c)
        : message_id(std::move(message)), queue(std::move(from)), body(std::move(text)), code(std::move(c)) {}
    std::string message_id;  // of the queue; one letter per message
    std::string queue;       // where a redrive sends it
    std::string body;
    std::string code;
    std::string detail;
    std::uint32_t receive_count = 0;
    WallTime sent_at{};
};

// A business attempt failed (provider unavailable, outcome unknown). Counted; past the budget the order goes on hold
// and the message becomes a dead letter.
struct RecordFailure : Traced {
    RecordFailure(OrderId i, DeadLetter l) : id(i), letter(std::move(l)) {}
    OrderId id;
    DeadLetter letter;
};

// A message from the dead-letter queue. `place` is there when the body is a readable order: it is inserted on hold if
// it was never stored.
struct HoldOrder : Traced {
    HoldOrder(OrderId i, DeadLetter l, std::optional<PlaceOrder> p = std::nullopt)
        : id(i), letter(std::move(l)), place(std::move(p)) {}
    OrderId id;
    DeadLetter letter;
    std::optional<PlaceOrder> place;
    bool refund_refused = false;  // the provider will not give the money back, however often it is asked
};

// A message that nobody can read, or that no order has to wait for: kept for the operator, no order is touched.
struct ParkMessage {
    explicit ParkMessage(DeadLetter l, std::optional<OrderId> about = std::nullopt)
        : letter(std::move(l)), order(about) {}
    DeadLetter letter;
    std::optional<OrderId> order;  // that it was about, as far as it can be read
};

using Change = std::variant<PlaceOrder, SettleCharge, SettleRefund, PaymentNews, CancelOrder, FulfillOrder,
                            RecordFailure, HoldOrder, ParkMessage>;

// The order that a change may alter; null for ParkMessage.
const OrderId* order_id_of(const Change& change) noexcept;
// The order that the letter of a change is about; null when that cannot be read.
const OrderId* letter_order_of(const Change& change) noexcept;

// Of a change that has no events it is not kept.
void set_trace(Change& change, std::string traceparent);
// Empty: none.
std::string_view trace_of(const Change& change) noexcept;

}  // namespace orderflow::orders
