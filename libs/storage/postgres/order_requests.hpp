// The reads of the OrderReader port: the statements of each, and what their answers mean. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "libs/orders/ports/oldest_orders.hpp"
#include "libs/orders/ports/order_reader.hpp"
#include "libs/postgres/connection.hpp"

namespace orderflow::storage {

// Each is one statement, so that it sees one consistent state; list() is two, in one transaction.
// The errors of read_x(): internal "store.damaged_row"; the detail names the row.
using Answers = std::vector<postgres::Rows>;

postgres::Unit find_request(const orders::OrderId& id);
Result<orders::OrderLookup> read_lookup(const Answers& answers);

postgres::Unit fingerprints_request(const std::vector<orders::OrderId>& ids);
Result<std::vector<std::optional<orders::Fingerprint>>> read_fingerprints(const Answers& answers,
                                                                          const std::vector<orders::OrderId>& ids);

postgres::Unit events_request(const orders::OrderId& id);
Result<std::vector<orders::OrderEvent>> read_events(const Answers& answers, std::int32_t after);

postgres::Unit products_request();
Result<std::vector<orders::ShelfItem>> read_products(const Answers& answers);

postgres::Unit list_request(const orders::OrderQuery& query);
// invalid_input "query.starting_after" for an id that is not stored.
Result<orders::OrderPage> read_page(const Answers& answers, const orders::OrderQuery& query);

postgres::Unit oldest_request(const orders::OldestQuery& query);
Result<orders::OrderPage> read_oldest(const Answers& answers, const orders::OldestQuery& query);

postgres::Unit complete_through_request();
Result<std::int64_t> read_complete_through(const Answers& answers);

postgres::Unit ledger_request(const orders::OrderId& id);
Result<std::vector<orders::LedgerPosting>> read_ledger(const Answers& answers);

postgres::Unit dead_letters_request(std::int64_t after, std::uint32_t limit);
Result<std::vector<orders::StoredDeadLetter>> read_dead_letters(const Answers& answers);

}  // namespace orderflow::storage
