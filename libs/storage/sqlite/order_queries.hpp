// OrderQueries: every read of the ports OrderReader and OperatorReader, on one connection, without threads.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "libs/orders/ports/oldest_orders.hpp"
#include "libs/orders/ports/order_reader.hpp"
#include "libs/sqlite/database.hpp"
#include "libs/storage/sqlite/command_log.hpp"
#include "libs/storage/sqlite/endpoint_rows.hpp"
#include "libs/storage/sqlite/instance_rows.hpp"
#include "libs/storage/sqlite/letter_rows.hpp"
#include "libs/storage/sqlite/order_select.hpp"
#include "libs/storage/sqlite/worker_settings_row.hpp"

namespace orderflow::storage {

// Inside a read transaction. Errors: those of libs/sqlite/errors.hpp. From the connection's Executor only.
class OrderQueries {
  public:
    static Result<OrderQueries> prepare(sqlite::Database& database);

    Result<orders::OrderLookup> find(const orders::OrderId& id);
    Result<std::vector<std::optional<orders::Fingerprint>>> fingerprints(const std::vector<orders::OrderId>& ids);
    Result<std::vector<orders::OrderEvent>> events(const orders::OrderId& id, std::int32_t after);
    Result<std::vector<orders::ShelfItem>> products();
    // invalid_input "query.starting_after" for an id that is not stored.
    Result<orders::OrderPage> list(const orders::OrderQuery& query);
    Result<orders::OrderPage> oldest(const orders::OldestQuery& query);
    // The highest number of an order or a tombstone; 0 for none.
    Result<std::int64_t> newest() { return orders_.newest(); }
    Result<std::vector<orders::LedgerPosting>> ledger(const orders::OrderId& id);
    Result<std::vector<orders::StoredDeadLetter>> dead_letters(std::int64_t after, std::uint32_t limit);

    Result<orders::LetterPage> letter_page(orders::LetterQuery query);
    LetterRows& letters() noexcept { return letters_; }
    CommandLog& commands() noexcept { return commands_; }
    InstanceRows& instances() noexcept { return instances_; }
    WorkerSettingsRow& workers() noexcept { return workers_; }
    EndpointRows& endpoints() noexcept { return endpoints_; }

  private:
    OrderQueries(OrderSelect orders, LetterRows letters, CommandLog commands, InstanceRows instances,
                 WorkerSettingsRow workers, EndpointRows endpoints)
        : orders_(std::move(orders)),
          letters_(std::move(letters)),
          commands_(std::move(commands)),
          instances_(std::move(instances)),
          workers_(std::move(workers)),
          endpoints_(std::move(endpoints)) {}
    // The one that the query names by id or number.
    Result<orders::OrderPage> at_most_one(const orders::OrderQuery& query, std::int64_t below);
    // Numbers of orders that may match, newest first, below `below`.
    sqlite::Cursor candidates(const orders::OrderQuery& query, std::int64_t below);
    // Adds to the page what matches below `below`, up to where blocks of newer orders begin: the number below which to
    // go on, 0 when the page is whole.
    Result<std::int64_t> collect(const orders::OrderQuery& query, std::int64_t below, orders::OrderPage& page);
    // Where orders that may have been created before `time` begin at or below `number`: one more than the first of
    // them; 0 when there are none.
    Result<std::int64_t> below_older(std::int64_t number, WallTime time);

    OrderSelect orders_;
    LetterRows letters_;
    CommandLog commands_;
    InstanceRows instances_;
    WorkerSettingsRow workers_;
    EndpointRows endpoints_;
    sqlite::Statement event_row_;
    sqlite::Statement last_event_;
    sqlite::Statement postings_;
    sqlite::Statement items_;
    sqlite::Statement newest_;
    sqlite::Statement newest_of_status_;
    sqlite::Statement newest_of_key_;
    sqlite::Statement block_before_;
};

}  // namespace orderflow::storage
