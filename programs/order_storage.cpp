#include "programs/order_storage.hpp"

#include <utility>

#include "libs/storage/postgres/postgres_order_feed.hpp"
#include "libs/storage/postgres/postgres_order_reader.hpp"
#include "libs/storage/postgres/postgres_order_store.hpp"
#include "libs/storage/sqlite/sqlite_order_feed.hpp"
#include "libs/storage/sqlite/sqlite_order_reader.hpp"
#include "libs/storage/sqlite/sqlite_order_store.hpp"
#include "programs/fatal.hpp"
#include "programs/process.hpp"

namespace orderflow {
namespace {

std::unexpected<Error> fail_at(const Error& error, const StoreLocation& location) {
    return fail_about(error, location.description());
}

Result<OrderStorage> open_sqlite(Executor& writer, const Clock& clock, const orders::Pricing& pricing,
                                 const StoreLocation& location, std::vector<orders::ShelfItem> catalogue) {
    storage::SqliteStoreOptions options;
    options.path = location.file.string();
    options.first_catalogue = std::move(catalogue);
    options.on_fatal = [](const Error& error) { end_because_of_disk("the order store", error); };
    auto store = storage::SqliteOrderStore::open(writer, clock, pricing, std::move(options));
    if (!store) return fail_at(store.error(), location);
    OrderStorage opened{.store = nullptr,
                        .operators = store->get(),
                        .instances = store->get(),
                        .endpoints = store->get(),
                        .burial = store->get(),
                        .stored_ids = (*store)->stored_ids(),
                        .feed = store->get()};
    opened.store = *std::move(store);
    return opened;
}

Result<OrderReading> read_sqlite(Executor& executor, const Clock& clock, const StoreLocation& location,
                                 const OrderStorage* storage) {
    auto reader = storage::SqliteOrderReader::open(executor, location.file.string(),
                                                   storage == nullptr ? nullptr : storage->stored_ids);
    if (!reader) return fail_at(reader.error(), location);
    OrderReading reading{.reader = nullptr,
                         .operators = reader->get(),
                         .instances = reader->get(),
                         .endpoints = reader->get(),
                         .oldest = reader->get()};
    reading.reader = *std::move(reader);
    if (storage != nullptr) {
        reading.feed = storage->feed;
        return reading;
    }
    storage::SqliteFeedOptions following;
    following.path = location.file.string();
    auto feed = storage::SqliteOrderFeed::open(executor, clock, std::move(following));
    if (!feed) return fail_at(feed.error(), location);
    reading.own_feed = *std::move(feed);
    reading.feed = reading.own_feed.get();
    return reading;
}

}  // namespace

Result<OrderStorage> open_order_storage(Executor& writer, const Clock& clock, const orders::Pricing& pricing,
                                        const StoreLocation& location, std::vector<orders::ShelfItem> catalogue) {
    if (!location.is_postgres()) return open_sqlite(writer, clock, pricing, location, std::move(catalogue));
    auto store = storage::PostgresOrderStore::open(
        writer, clock, pricing, {.connect = location.connect_options(), .first_catalogue = std::move(catalogue)});
    if (!store) return fail_at(store.error(), location);
    OrderStorage opened{.store = nullptr,
                        .operators = store->get(),
                        .instances = store->get(),
                        .endpoints = store->get(),
                        .burial = store->get()};
    opened.store = *std::move(store);
    return opened;
}

// On PostgreSQL other processes write too, so the feed always follows the database.
Result<OrderReading> open_order_reading(Executor& executor, const Clock& clock, const StoreLocation& location,
                                        const OrderStorage* storage) {
    if (!location.is_postgres()) return read_sqlite(executor, clock, location, storage);
    auto reader = storage::PostgresOrderReader::open(executor, clock, location.connect_options());
    if (!reader) return fail_at(reader.error(), location);
    OrderReading reading{.reader = nullptr,
                         .operators = reader->get(),
                         .instances = reader->get(),
                         .endpoints = reader->get(),
                         .oldest = reader->get()};
    reading.reader = *std::move(reader);
    reading.own_feed = std::make_unique<storage::PostgresOrderFeed>(
        executor, clock, storage::PostgresFeedOptions{.connect = location.connect_options()});
    reading.feed = reading.own_feed.get();
    return reading;
}

}  // namespace orderflow
