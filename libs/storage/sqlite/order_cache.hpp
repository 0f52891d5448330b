// OrderCache: orders that are not settled, as the writer last wrote them, so that the second step of an order need not
// read its first. The writer is the only one who changes orders, so what is here is what is on disk.
#pragma once

#include <cstddef>
#include <deque>
#include <unordered_map>

#include "libs/storage/sqlite/order_select.hpp"

namespace orderflow::storage {

class OrderCache {
  public:
    explicit OrderCache(std::size_t capacity) : capacity_(capacity) {}

    // Null when it is not here, which says nothing about the database. Good until the next put() or erase().
    const StoredOrder* find(const orders::OrderId& id) const;
    // Keeps the order, unless it is settled; the oldest goes when there are too many.
    void put(StoredOrder stored);
    void erase(const orders::OrderId& id);
    void clear();

  private:
    std::size_t capacity_;
    std::unordered_map<orders::OrderId, StoredOrder> orders_;
    std::deque<orders::OrderId> arrivals_;  // oldest first; may name orders that are gone
};

}  // namespace orderflow::storage
