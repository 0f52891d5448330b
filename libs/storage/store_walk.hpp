// visit_store(): everything in an order store that no program has open, once, for an audit. What is read and in which
// order is the same for every technology; each gives its rows.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "libs/base/result.hpp"
#include "libs/orders/domain/event.hpp"
#include "libs/orders/domain/order.hpp"
#include "libs/orders/domain/payment.hpp"
#include "libs/orders/domain/product.hpp"
#include "libs/orders/ports/operator_reader.hpp"
#include "libs/orders/ports/order_reader.hpp"

namespace orderflow::storage {

class StoreVisitor {
  public:
    virtual ~StoreVisitor() = default;
    virtual void order(const orders::Order& order, std::span<const orders::OrderEvent> events,
                       std::span<const orders::LedgerPosting> postings) = 0;
    virtual void tombstone(const orders::OrderId& id) = 0;
    virtual void command(const orders::CommandRecord& record) = 0;  // before the products, newest first
    virtual void product(const orders::ShelfItem& item) = 0;
    virtual void dead_letter(const orders::StoredDeadLetter& letter) = 0;
};

// An order with its history, or what a tombstone leaves of it.
struct WalkedOrder {
    orders::OrderId id;
    std::optional<orders::Order> order;  // nothing: a tombstone
    std::vector<orders::OrderEvent> events;
    std::vector<orders::LedgerPosting> postings;
};

// The rows of one store as they were at one moment. Every row's checksum is verified; the error names the row.
class StoreRows {
  public:
    virtual ~StoreRows() = default;
    // In the order in which they were stored; nothing after the last.
    virtual Result<std::optional<WalkedOrder>> next_order() = 0;
    virtual Result<orders::CommandPage> commands(orders::CommandQuery query) = 0;
    virtual Result<std::vector<orders::ShelfItem>> products() = 0;
    // By number, above `after`.
    virtual Result<std::vector<orders::StoredDeadLetter>> dead_letters(std::int64_t after, std::uint32_t limit) = 0;
};

// Shows all of `rows` to the visitor, one order at a time. The errors are those of `rows`; what was visited before
// stands.
Result<void> visit_store(StoreRows& rows, StoreVisitor& visitor);

}  // namespace orderflow::storage
