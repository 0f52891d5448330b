// OrderBurial: takes an order out of the store for good. The worker is its only caller.
#pragma once

#include <cstdint>

#include "libs/async/task.hpp"
#include "libs/base/result.hpp"
#include "libs/orders/domain/ids.hpp"

namespace orderflow::orders {

class OrderBurial {
  public:
    virtual ~OrderBurial() = default;

    // Replaces a terminal order that is at this version by a tombstone: id, last status and fingerprint are left, with
    // its events and ledger postings, which say nothing of a person. Durable when it returns. A transaction of its own,
    // so that others wait for no more than one order. False: it was buried already, and stays as it is.
    // not_found "order.unknown"; conflict "order.not_terminal", "order.version_changed". Errors of the store as
    // OrderStore::apply(). Any executor.
    virtual task<Result<bool>> bury(OrderId id, std::int32_t version) = 0;
};

}  // namespace orderflow::orders
