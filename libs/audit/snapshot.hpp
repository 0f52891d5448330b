// Snapshot: everything an installation holds at one moment, as plain values. Who fills it reads; who checks it does
// not.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "libs/audit/history.hpp"
#include "libs/orders/domain/draft.hpp"
#include "libs/orders/domain/event.hpp"
#include "libs/orders/domain/ids.hpp"
#include "libs/orders/domain/order.hpp"
#include "libs/orders/domain/payment.hpp"
#include "libs/orders/domain/status.hpp"

namespace orderflow::audit {

struct StoredLine {
    std::string sku;
    std::int64_t quantity = 0;
    std::int64_t unit_price = 0;
    std::int64_t discount = 0;
    std::int64_t tax = 0;
};

struct StoredEvent {
    std::int64_t version = 0;
    orders::EventType type = orders::EventType::order_accepted;
};

struct StoredPosting {
    std::string effect;
    std::string debit;
    std::string credit;
    std::int64_t amount = 0;
};

struct StoredOrder {
    orders::OrderId id;
    std::int64_t version = 0;
    orders::OrderStatus status = orders::OrderStatus::accepted;
    orders::PaymentStatus payment_status = orders::PaymentStatus::pending;
    orders::PaymentMode payment_mode = orders::PaymentMode::token;  // that the buyer chose
    bool holds_stock = false;
    bool cancelled_by_time = false;             // it was on hold for too long: no client asked for that cancel
    std::string client_reference;               // the key, when the client follows History's rule; may be empty
    std::vector<AskedLine> asked;               // by the client
    std::vector<AskedLine> shipped;             // of one SKU more than once when it went in parts
    std::optional<orders::GivenAmounts> given;  // that came with it; none: the shop's prices
    std::vector<StoredLine> lines;              // as priced; empty before that
    std::string currency;
    std::int64_t shipping = 0;
    std::int64_t discount = 0;
    std::int64_t tax = 0;
    std::int64_t total = 0;
    std::vector<StoredEvent> events;  // in the order of the history
    std::vector<StoredPosting> postings;
};

StoredOrder stored_order(const orders::Order& order, std::span<const orders::OrderEvent> events,
                         std::span<const orders::LedgerPosting> postings);

struct StoredProduct {
    std::string sku;
    std::optional<std::int64_t> start;  // on hand before the first order; nothing when that is not known
    std::int64_t on_hand = 0;
    std::int64_t reserved = 0;
};

// A row of the payment provider's own ledger.
struct ProviderEffect {
    enum class Kind : std::uint8_t { charge, refund };
    std::string key;
    Kind kind = Kind::charge;
    orders::OrderId order;
    std::int64_t amount = 0;
    std::string currency;
    orders::EffectState state = orders::EffectState::started;
};

// What became of all messages that were ever sent to a queue, when somebody counted.
struct QueueFlow {
    std::uint64_t sent = 0;  // or moved to it
    std::uint64_t removed = 0;
    std::uint64_t dead_lettered = 0;
    std::uint64_t expired = 0;
};

// What waits in a queue and about which order.
struct QueuedMessage {
    enum class Kind : std::uint8_t {
        place,   // holds the whole order
        cancel,  // of an order that is stored elsewhere
        other,   // nobody can act on it: all that can be read is its subject
    };
    Kind kind = Kind::other;
    orders::OrderId order;
};

struct StoredQueue {
    std::string name;
    std::uint64_t counter = 0;  // how many messages the queue says it holds
    // The messages that are there, counted one by one.
    std::uint64_t visible = 0;
    std::uint64_t in_flight = 0;
    std::uint64_t delayed = 0;
    std::vector<QueuedMessage> messages{};  // those whose order can be read
    std::optional<QueueFlow> flow{};
};

struct Snapshot {
    std::vector<StoredOrder> orders;
    std::vector<StoredProduct> products;
    std::vector<ProviderEffect> provider;
    bool provider_is_known = true;    // without, nobody can say what the provider took: only the books are judged
    std::vector<StoredQueue> queues;  // with the dead-letter queue
    std::vector<orders::OrderId> dead_letter_orders;  // orders of the store's dead letters; one may be there twice
    std::vector<orders::OrderId> tombstones;          // archived, erased or discarded
};

}  // namespace orderflow::audit
