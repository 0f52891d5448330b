// OperatorStore: the only way to carry out an operator's command. The worker is its only caller.
#pragma once

#include "libs/async/task.hpp"
#include "libs/base/result.hpp"
#include "libs/orders/domain/decide_operator.hpp"

namespace orderflow::orders {

class OperatorStore {
  public:
    virtual ~OperatorStore() = default;

    // Loads, decides with decide_operator() and writes letters and record in one transaction. Durable when it returns;
    // readers see it then. Errors as OrderStore::apply(): nothing was written, or (unavailable
    // "store.outcome_unknown") it may have been; it is safe to apply again either way. Any executor.
    virtual task<Result<OperatorStep>> operate(OperatorChange change) = 0;
};

}  // namespace orderflow::orders
