// OrderReader: what the API and the operator see of the order store. Never writes.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "libs/async/task.hpp"
#include "libs/base/result.hpp"
#include "libs/orders/domain/event.hpp"
#include "libs/orders/domain/order.hpp"
#include "libs/orders/domain/payment.hpp"
#include "libs/orders/domain/product.hpp"
#include "libs/orders/domain/stored_dead_letter.hpp"

namespace orderflow::orders {

// What stays of an order that was archived, erased or discarded.
struct Tombstone {
    explicit Tombstone(OrderStatus s) : last_status(s) {}
    OrderStatus last_status;
};

struct OrderLookup {  // at most one is there
    std::optional<Order> order;
    std::optional<Tombstone> tombstone;
};

struct OrderQuery {  // criteria are joined by "and"
    std::optional<OrderId> id;
    std::optional<std::int64_t> number;
    std::optional<OrderStatus> status;
    std::optional<std::string> customer_email;
    std::optional<Sku> sku;
    std::optional<WallTime> created_after;  // neither bound is in the range
    std::optional<WallTime> created_before;
    std::uint32_t limit = 20;               // 1 to 100
    std::optional<OrderId> starting_after;  // the last id of the page before; newest orders come first
};

struct OrderPage {
    std::vector<Order> orders;
    bool has_more = false;
};

// Every call sees one consistent state that holds at least every change whose apply() returned before the call began.
// Errors: unavailable when the store cannot be read. Any executor.
class OrderReader {
  public:
    virtual ~OrderReader() = default;

    virtual task<Result<OrderLookup>> find(OrderId id) = 0;

    // For each id the fingerprint of the stored order or its tombstone, in the order of the request.
    virtual task<Result<std::vector<std::optional<Fingerprint>>>> fingerprints(std::vector<OrderId> ids) = 0;

    // Events with a version above `after`, lowest first; empty for an order that is not stored.
    virtual task<Result<std::vector<OrderEvent>>> events(OrderId id, std::int32_t after) = 0;

    // All products by category, then name, with stock.
    virtual task<Result<std::vector<ShelfItem>>> products() = 0;

    virtual task<Result<OrderPage>> list(OrderQuery query) = 0;

    // Postings of one order, oldest first.
    virtual task<Result<std::vector<LedgerPosting>>> ledger(OrderId id) = 0;

    // Dead letters with a number above `after`, lowest first, `limit` at most.
    virtual task<Result<std::vector<StoredDeadLetter>>> dead_letters(std::int64_t after, std::uint32_t limit) = 0;
};

}  // namespace orderflow::orders
