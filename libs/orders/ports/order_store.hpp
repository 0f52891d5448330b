// OrderStore: the only way to change orders. The worker is its only caller.
#pragma once

#include <vector>

#include "libs/async/task.hpp"
#include "libs/base/result.hpp"
#include "libs/orders/domain/change.hpp"
#include "libs/orders/domain/decide.hpp"

namespace orderflow::orders {

class OrderStore {
  public:
    virtual ~OrderStore() = default;

    // Loads, decides with decide() and writes every change of the group in one transaction; changes are decided in
    // order and each sees what the earlier ones wrote. Durable when it returns; readers and the feed see it then.
    //
    // Per change: the Step that follows, or that order's own error (its writes alone are rolled back).
    // Error of the whole group: nothing of it was written, or (unavailable "store.outcome_unknown") it may have been;
    // both are safe to apply again. unavailable "disk.full" and other unavailable codes: the store is down for now.
    // An empty group is answered in its turn and changes nothing: a probe. Any executor.
    virtual task<Result<std::vector<Result<Step>>>> apply(std::vector<Change> group) = 0;
};

}  // namespace orderflow::orders
