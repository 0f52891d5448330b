// export_orders(): the loop of an export, over the ports.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string_view>

#include "libs/async/task.hpp"
#include "libs/base/clock.hpp"
#include "libs/base/result.hpp"
#include "libs/orders/ports/oldest_orders.hpp"
#include "libs/orders/ports/order_reader.hpp"

namespace orderflow {

struct ExportRange {
    std::optional<WallTime> from{};  // accepted at this time or later
    std::optional<WallTime> to{};    // accepted before
    std::int64_t after = 0;          // an order's number: only higher ones
};

struct ExportProgress {
    std::uint64_t orders = 0;  // written
    std::int64_t through = 0;  // orders up to this number are done with: go on after it
};

// Gets a page of whole lines; false ends the export with unavailable "export.not_written".
using WriteLines = std::function<bool(std::string_view lines)>;

// The orders that were stored when it began, and none is missed: OldestOrders::complete_through(). One page of them is
// in memory at a time. `progress` is right after every page, also when it ends with an error:
// those of the ports. What it is given outlives it.
task<Result<void>> export_orders(orders::OldestOrders& oldest, orders::OrderReader& reader, ExportRange range,
                                 const WriteLines& write, const std::function<void(const ExportProgress&)>& tell,
                                 ExportProgress& progress);

}  // namespace orderflow
