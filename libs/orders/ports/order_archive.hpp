// OrderArchive: where orders go that are not kept in the store any more. The worker is its only caller.
#pragma once

#include <string>

#include "libs/async/task.hpp"
#include "libs/base/result.hpp"

namespace orderflow::orders {

class OrderArchive {
  public:
    virtual ~OrderArchive() = default;

    // Appends whole lines. Durable when it returns. An order may come again when its worker died before it took the
    // order out of the store. unavailable "archive.not_written", "disk.full": nothing counts as kept. Any executor.
    virtual task<Result<void>> keep(std::string lines) = 0;
};

}  // namespace orderflow::orders
