#include "libs/storage/postgres/order_requests.hpp"

#include <algorithm>
#include <iterator>
#include <string>
#include <tuple>
#include <unordered_map>
#include <utility>

#include "libs/base/safeguard.hpp"
#include "libs/storage/postgres/letter_rows.hpp"
#include "libs/storage/postgres/order_rows.hpp"
#include "libs/storage/postgres/postgres_shelf.hpp"
#include "libs/storage/postgres/transaction.hpp"
#include "libs/storage/records/history_record.hpp"
#include "libs/storage/records/order_record.hpp"
#include "libs/storage/records/search_key.hpp"

namespace orderflow::storage {

namespace {

using postgres::Statement;
using postgres::Unit;

constexpr std::uint32_t page_max = 100;

const Statement find_order{"find_order", select_orders + "WHERE o.id = $1"};
const Statement find_rows{"find_rows", std::string("SELECT ") + order_columns + " FROM orders o WHERE o.id = ANY($1)"};
const Statement find_number{"find_number", "SELECT number FROM orders WHERE id = $1"};
const Statement find_events{
    "find_events",
    "SELECT e.seq, e.number, e.previous, e.record, e.trace FROM orders o JOIN order_events e ON e.number = o.number"
    " WHERE o.id = $1 AND o.status <> 100 ORDER BY e.seq"};
const Statement all_products{"all_products", "SELECT sku, on_hand, reserved, record FROM products"};
const Statement find_postings{"find_postings",
                              "SELECT l.number, l.event, l.line, l.record FROM orders o JOIN ledger l ON l.number ="
                              " o.number WHERE o.id = $1 ORDER BY l.event, l.line"};

// A search is planned for the values that it asks for: what is best for a rare SKU takes seconds for a common one.
const Statement plan_each{"plan_each", "SELECT set_config('plan_cache_mode', 'force_custom_plan', true)"};
const std::string oldest_page = " ORDER BY o.number LIMIT $2";
const Statement oldest_orders{"oldest_orders", select_orders + "WHERE o.number > $1 AND o.status <> 100" + oldest_page};
const Statement oldest_of_status{"oldest_of_status",
                                 select_orders + "WHERE o.number > $1 AND o.status = $3" + oldest_page};

const Statement newest_order{"newest_order", "SELECT coalesce(max(number), 0) FROM orders"};

// One statement for each choice of criteria, so that the server plans each for what it has.
struct Criteria {
    explicit Criteria(const orders::OrderQuery& query)
        : id(query.id),
          number(query.number),
          status(query.status),
          customer(query.customer_email),
          sku(query.sku),
          after(query.created_after),
          before(query.created_before) {}
    // The choice with this place among all.
    explicit Criteria(unsigned place)
        : id((place & 1U) != 0),
          number((place & 2U) != 0),
          status((place & 4U) != 0),
          customer((place & 8U) != 0),
          sku((place & 16U) != 0),
          after((place & 32U) != 0),
          before((place & 64U) != 0) {}
    static constexpr unsigned choices = 128;
    unsigned place() const {
        return (id ? 1U : 0U) | (number ? 2U : 0U) | (status ? 4U : 0U) | (customer ? 8U : 0U) | (sku ? 16U : 0U) |
               (after ? 32U : 0U) | (before ? 64U : 0U);
    }
    // Few orders have it, whenever they were created.
    bool names_few() const { return id || number || customer; }

    bool id;
    bool number;
    bool status;
    bool customer;
    bool sku;
    bool after;
    bool before;
};

// Both sides of a join are bounded, or the server may go through all that is newer on one of them.
std::string bounded(const char* number, bool by_blocks) {
    std::string sql =
        std::string(" AND ") + number + " < coalesce((SELECT number FROM orders WHERE id = $1), 9223372036854775807)";
    if (!by_blocks) return sql;
    return sql + " AND " + number + " >= blocks.block * 4096 AND " + number + " < blocks.block * 4096 + 4096";
}

// The page block by block of order numbers, without the blocks in which no order was created before the time `before`,
// or none after the time `after`. What the index orders_by_block says of each costs some microseconds; reading what is
// newer would cost that an order.
std::string by_blocks(const std::string& page, const std::string& after, const std::string& before) {
    const std::string newest = "(SELECT max(e.created_at) FROM orders e WHERE e.number / 4096 = s.block)";
    return "SELECT page.* FROM (SELECT s.block FROM generate_series(coalesce((SELECT number FROM orders WHERE id = $1),"
           " (SELECT max(number) FROM orders)) / 4096, 0, -1) AS s(block)"
           " WHERE (SELECT min(e.created_at) FROM orders e WHERE e.number / 4096 = s.block) < " +
           before + (after.empty() ? "" : " AND " + newest + " > " + after) +
           " ORDER BY s.block DESC) AS blocks CROSS JOIN LATERAL (" + page +
           ") AS page ORDER BY blocks.block DESC, page.number DESC LIMIT $2";
}

Statement list_statement(const Criteria& criteria) {
    const bool by_key = criteria.customer || criteria.sku;
    const bool in_blocks = criteria.before && !criteria.names_few();
    std::string sql = select_orders;
    if (by_key) sql += "JOIN order_keys k ON k.number = o.number ";
    sql += "WHERE o.status <> 100" + bounded("o.number", in_blocks);
    if (by_key) sql += bounded("k.number", in_blocks);
    int next = 3;
    const auto parameter = [&next] { return "$" + std::to_string(next++); };
    if (criteria.id) sql += " AND o.id = " + parameter();
    if (criteria.number) sql += " AND o.number = " + parameter();
    if (criteria.status) sql += " AND o.status = " + parameter();
    if (by_key) sql += " AND k.key = " + parameter();
    if (criteria.customer && criteria.sku) {
        sql += " AND EXISTS (SELECT FROM order_keys s WHERE s.number = o.number AND s.key = " + parameter() + ")";
    }
    const auto after = criteria.after ? parameter() : std::string();
    if (criteria.after) sql += " AND o.created_at > " + after;
    const auto before = criteria.before ? parameter() : std::string();
    if (criteria.before) sql += " AND o.created_at < " + before;
    sql += " ORDER BY o.number DESC LIMIT $2";
    return {"list_orders" + std::to_string(criteria.place()), in_blocks ? by_blocks(sql, after, before) : sql};
}

const Statement& list_statement_for(const orders::OrderQuery& query) {
    static const auto statements = [] {
        std::vector<Statement> all;
        for (unsigned place = 0; place < Criteria::choices; ++place) all.push_back(list_statement(Criteria(place)));
        return all;
    }();
    return statements[Criteria(query).place()];
}

std::size_t page_size(std::uint32_t limit) { return std::clamp<std::size_t>(limit, 1, page_max); }
std::size_t page_size(const orders::OrderQuery& query) { return page_size(query.limit); }

Unit of_order(const Statement& statement, const orders::OrderId& id) {
    Unit unit{postgres::Request(statement)};
    unit.back().parameters.uuid(postgres::Bytes(id.bytes()));
    return unit;
}

}  // namespace

Unit find_request(const orders::OrderId& id) { return of_order(find_order, id); }

Result<orders::OrderLookup> read_lookup(const Answers& answers) {
    orders::OrderLookup lookup;
    if (answers[0].empty()) return lookup;
    auto read = read_order(answers[0], 0);
    if (!read) return fail(std::move(read).error());
    if (read->found.order) lookup.order.emplace(std::move(read->found.order->order));
    if (read->found.tombstone) lookup.tombstone.emplace(*read->found.tombstone);
    return lookup;
}

Unit fingerprints_request(const std::vector<orders::OrderId>& ids) {
    auto wanted = postgres::Array::of_uuids();
    for (const auto& id : ids) wanted.add(postgres::Bytes(id.bytes()));
    Unit unit{postgres::Request(find_rows)};
    unit.back().parameters.array(wanted);
    return unit;
}

Result<std::vector<std::optional<orders::Fingerprint>>> read_fingerprints(const Answers& answers,
                                                                          const std::vector<orders::OrderId>& ids) {
    std::unordered_map<orders::OrderId, orders::Fingerprint> known;
    for (std::size_t i = 0; i < answers[0].size(); ++i) {
        const auto row = read_order_row(answers[0], i);
        const auto fingerprint = decode_fingerprint(row);
        if (!fingerprint) return fail(damaged_row("orders, number " + std::to_string(row.number)));
        known.emplace(row.id, *fingerprint);
    }
    std::vector<std::optional<orders::Fingerprint>> fingerprints;
    fingerprints.reserve(ids.size());
    for (const auto& id : ids) {
        const auto found = known.find(id);
        fingerprints.push_back(found == known.end() ? std::nullopt : std::optional(found->second));
    }
    return fingerprints;
}

Unit events_request(const orders::OrderId& id) { return of_order(find_events, id); }

Result<std::vector<orders::OrderEvent>> read_events(const Answers& answers, std::int32_t after) {
    std::vector<orders::OrderEvent> events;
    std::int64_t previous = 0;
    for (std::size_t i = 0; i < answers[0].size(); ++i) {
        auto decoded = read_event_row(answers[0], i, previous);
        if (!decoded) return fail(std::move(decoded).error());
        std::ranges::move(*decoded, std::back_inserter(events));
    }
    std::erase_if(events, [after](const auto& event) { return event.version <= after; });
    return events;
}

Unit products_request() { return Unit{postgres::Request(all_products)}; }

Result<std::vector<orders::ShelfItem>> read_products(const Answers& answers) {
    std::vector<orders::ShelfItem> items;
    items.reserve(answers[0].size());
    for (std::size_t i = 0; i < answers[0].size(); ++i) {
        auto item = read_product(answers[0], i);
        if (!item) return fail(std::move(item).error());
        items.push_back(*std::move(item));
    }
    std::ranges::sort(items, {}, [](const orders::ShelfItem& item) {
        return std::tie(item.product.category, item.product.name, item.product.sku);
    });
    return items;
}

Unit list_request(const orders::OrderQuery& query) {
    auto unit = of_order(find_number, query.starting_after.value_or(orders::OrderId()));
    unit.emplace_back(plan_each);
    auto& list = unit.emplace_back(list_statement_for(query)).parameters;
    list.uuid(postgres::Bytes(query.starting_after.value_or(orders::OrderId()).bytes()));
    list.integer(static_cast<std::int64_t>(page_size(query)) + 1);  // one more, to know whether there are more
    if (query.id) list.uuid(postgres::Bytes(query.id->bytes()));
    if (query.number) list.integer(*query.number);
    if (query.status) list.integer(std::to_underlying(*query.status));
    if (query.customer_email) list.integer(email_key(*query.customer_email));
    if (query.sku) list.integer(sku_key(*query.sku));
    if (query.created_after) list.integer(to_unix_ms(*query.created_after));
    if (query.created_before) list.integer(to_unix_ms(*query.created_before));
    return unit;
}

Result<orders::OrderPage> read_page(const Answers& answers, const orders::OrderQuery& query) {
    if (query.starting_after && answers[0].empty()) {
        return fail(ErrorKind::invalid_input, "query.starting_after", "no order has this id");
    }
    const auto& rows = answers[2];
    orders::OrderPage page;
    page.has_more = rows.size() > page_size(query);
    for (std::size_t i = 0; i < std::min(rows.size(), page_size(query)); ++i) {
        auto read = read_order(rows, i);
        if (!read) return fail(std::move(read).error());
        auto& order = read->found.order->order;
        // Two values may share a search key.
        if (query.customer_email && !has_email(order, *query.customer_email)) continue;
        if (query.sku && !has_sku(order, *query.sku)) continue;
        page.orders.push_back(std::move(order));
    }
    return page;
}

Unit oldest_request(const orders::OldestQuery& query) {
    Unit unit{postgres::Request(query.status ? oldest_of_status : oldest_orders)};
    auto& parameters = unit.back().parameters.integer(query.after);
    parameters.integer(static_cast<std::int64_t>(page_size(query.limit)) + 1);  // one more, as above
    if (query.status) parameters.integer(std::to_underlying(*query.status));
    return unit;
}

Result<orders::OrderPage> read_oldest(const Answers& answers, const orders::OldestQuery& query) {
    const auto& rows = answers[0];
    orders::OrderPage page;
    page.has_more = rows.size() > page_size(query.limit);
    for (std::size_t i = 0; i < std::min(rows.size(), page_size(query.limit)); ++i) {
        auto read = read_order(rows, i);
        if (!read) return fail(std::move(read).error());
        page.orders.push_back(std::move(read->found.order->order));
    }
    return page;
}

// Who stores orders shares the lock before taking numbers: once it was owned here, all lower ones are committed or
// never will be. The second statement sees what was committed while the first one waited.
Unit complete_through_request() {
    return {postgres::Request(safeguard(Safeguard::below_the_running) ? own_insertion : share_insertion),
            postgres::Request(newest_order)};
}

Result<std::int64_t> read_complete_through(const Answers& answers) { return answers.back().integer(0, 0); }

Unit ledger_request(const orders::OrderId& id) { return of_order(find_postings, id); }

Result<std::vector<orders::LedgerPosting>> read_ledger(const Answers& answers) {
    const auto& rows = answers[0];
    std::vector<orders::LedgerPosting> postings;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        auto posting = read_posting_row(rows, i);
        if (!posting) return fail(std::move(posting).error());
        postings.push_back(*std::move(posting));
    }
    return postings;
}

Unit dead_letters_request(std::int64_t after, std::uint32_t limit) {
    orders::LetterQuery query;
    query.after = after;
    query.limit = limit;
    return Unit{letters_request(query)};
}

Result<std::vector<orders::StoredDeadLetter>> read_dead_letters(const Answers& answers) {
    return read_letters(answers[0]);
}

}  // namespace orderflow::storage
