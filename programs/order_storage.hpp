// The order store that DATABASE_URL names: SQLite in a file of this machine, or PostgreSQL. Everything else holds it by
// its ports.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "libs/base/clock.hpp"
#include "libs/base/executor.hpp"
#include "libs/base/result.hpp"
#include "libs/instances/instance_store.hpp"
#include "libs/orders/domain/pricing.hpp"
#include "libs/orders/domain/product.hpp"
#include "libs/orders/ports/endpoint_reader.hpp"
#include "libs/orders/ports/endpoint_store.hpp"
#include "libs/orders/ports/oldest_orders.hpp"
#include "libs/orders/ports/operator_reader.hpp"
#include "libs/orders/ports/operator_store.hpp"
#include "libs/orders/ports/order_burial.hpp"
#include "libs/orders/ports/order_feed.hpp"
#include "libs/orders/ports/order_reader.hpp"
#include "libs/orders/ports/order_store.hpp"
#include "libs/storage/sqlite/stored_ids.hpp"
#include "programs/store_location.hpp"

namespace orderflow {

// What a worker writes.
struct OrderStorage {
    std::unique_ptr<orders::OrderStore> store;
    orders::OperatorStore* operators = nullptr;     // a part of `store`, as are
    instances::InstanceStore* instances = nullptr;  // this,
    orders::EndpointStore* endpoints = nullptr;     // this
    orders::OrderBurial* burial = nullptr;          // and this
    // Of SQLite alone, which has one writer: what that knows without asking the file.
    std::shared_ptr<const storage::StoredIds> stored_ids{};
    orders::OrderFeed* feed = nullptr;
};

// `writer`, `clock` and `pricing` outlive it; `writer` has run nothing of it yet. Errors of the stores, with the
// location in the detail.
Result<OrderStorage> open_order_storage(Executor& writer, const Clock& clock, const orders::Pricing& pricing,
                                        const StoreLocation& location, std::vector<orders::ShelfItem> catalogue);

// What an API reads. The feed is that of `storage` when this process has one, else a feed of its own.
struct OrderReading {
    std::unique_ptr<orders::OrderReader> reader;
    orders::OperatorReader* operators = nullptr;     // a part of `reader`, as are
    instances::InstanceReader* instances = nullptr;  // this,
    orders::EndpointReader* endpoints = nullptr;     // this
    orders::OldestOrders* oldest = nullptr;          // and this
    std::unique_ptr<orders::OrderFeed> own_feed{};
    orders::OrderFeed* feed = nullptr;
};

// As above. `storage` is null in a program without a worker.
Result<OrderReading> open_order_reading(Executor& executor, const Clock& clock, const StoreLocation& location,
                                        const OrderStorage* storage);

}  // namespace orderflow
