// scan_store(): everything in an order store that no program has open, once, for an audit. Not for a request.
#pragma once

#include <span>
#include <string>

#include "libs/base/result.hpp"
#include "libs/orders/domain/event.hpp"
#include "libs/orders/domain/order.hpp"
#include "libs/orders/domain/payment.hpp"
#include "libs/orders/domain/product.hpp"
#include "libs/orders/ports/order_reader.hpp"

namespace orderflow::storage {

class StoreVisitor {
  public:
    virtual ~StoreVisitor() = default;
    virtual void order(const orders::Order& order, std::span<const orders::OrderEvent> events,
                       std::span<const orders::LedgerPosting> postings) = 0;
    virtual void tombstone(const orders::OrderId& id) = 0;
    virtual void product(const orders::ShelfItem& item) = 0;
    virtual void dead_letter(const orders::StoredDeadLetter& letter) = 0;
};

// Orders in the order in which they were stored, one in memory at a time. Every row's checksum is verified. Writes
// nothing. Errors: those of sqlite::open_at_rest() and of libs/sqlite/errors.hpp; what was visited before stands.
Result<void> scan_store(const std::string& path, StoreVisitor& visitor);

}  // namespace orderflow::storage
