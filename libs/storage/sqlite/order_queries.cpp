#include "libs/storage/sqlite/order_queries.hpp"

#include <algorithm>
#include <iterator>
#include <limits>
#include <string>
#include <tuple>
#include <utility>

#include "libs/sqlite/errors.hpp"
#include "libs/storage/records/history_record.hpp"
#include "libs/storage/records/item_record.hpp"
#include "libs/storage/records/order_record.hpp"
#include "libs/storage/records/search_key.hpp"
#include "libs/storage/sqlite/order_block.hpp"

namespace orderflow::storage {

namespace {

constexpr std::uint32_t page_max = 100;

bool matches(const orders::OrderQuery& query, const orders::Order& order) {
    return (!query.id || order.id == *query.id) && (!query.number || order.number == *query.number) &&
           (!query.status || order.status == *query.status) &&
           (!query.customer_email || has_email(order, *query.customer_email)) &&
           (!query.sku || has_sku(order, *query.sku)) &&
           (!query.created_after || order.created_at > *query.created_after) &&
           (!query.created_before || order.created_at < *query.created_before);
}

}  // namespace

Result<OrderQueries> OrderQueries::prepare(sqlite::Database& database) {
    auto orders = OrderSelect::prepare(database);
    if (!orders) return fail(std::move(orders).error());
    auto letters = LetterRows::prepare(database);
    if (!letters) return fail(std::move(letters).error());
    auto commands = CommandLog::prepare(database);
    if (!commands) return fail(std::move(commands).error());
    auto instances = InstanceRows::prepare(database);
    if (!instances) return fail(std::move(instances).error());
    auto workers = WorkerSettingsRow::prepare(database);
    if (!workers) return fail(std::move(workers).error());
    auto endpoints = EndpointRows::prepare(database);
    if (!endpoints) return fail(std::move(endpoints).error());
    OrderQueries queries(*std::move(orders), *std::move(letters), *std::move(commands), *std::move(instances),
                         *std::move(workers), *std::move(endpoints));
    auto prepared = database.prepare_all({
        {&queries.event_row_, "SELECT number, previous, record, trace FROM order_events WHERE seq = ?1"},
        {&queries.last_event_, "SELECT last_event FROM orders WHERE id = ?1 AND status <> 100"},
        {&queries.postings_, "SELECT event, line, record FROM ledger WHERE number = ?1 ORDER BY event, line"},
        {&queries.items_, "SELECT sku, on_hand, reserved, record FROM products"},
        {&queries.newest_, "SELECT number FROM orders WHERE number < ?1 ORDER BY number DESC"},
        {&queries.newest_of_status_,
         "SELECT number FROM orders WHERE status = ?2 AND number < ?1 ORDER BY number DESC"},
        {&queries.newest_of_key_, "SELECT number FROM order_keys WHERE key = ?2 AND number < ?1 ORDER BY number DESC"},
        {&queries.block_before_,
         "SELECT block FROM order_blocks WHERE block <= ?1 AND oldest < ?2 ORDER BY block DESC LIMIT 1"},
    });
    if (!prepared) return fail(std::move(prepared).error());
    return queries;
}

Result<orders::OrderLookup> OrderQueries::find(const orders::OrderId& id) {
    auto found = orders_.find(id);
    if (!found) return fail(std::move(found).error());
    orders::OrderLookup lookup;
    if (found->order) lookup.order = std::move(found->order->order);
    if (found->tombstone) lookup.tombstone.emplace(*found->tombstone);
    return lookup;
}

Result<std::vector<std::optional<orders::Fingerprint>>> OrderQueries::fingerprints(
    const std::vector<orders::OrderId>& ids) {
    std::vector<std::optional<orders::Fingerprint>> fingerprints;
    fingerprints.reserve(ids.size());
    for (const auto& id : ids) {
        auto fingerprint = orders_.fingerprint(id);
        if (!fingerprint) return fail(std::move(fingerprint).error());
        fingerprints.push_back(*fingerprint);
    }
    return fingerprints;
}

// An order's rows are chained backwards; each holds the events of one transition.
Result<std::vector<orders::OrderEvent>> OrderQueries::events(const orders::OrderId& id, std::int32_t after) {
    std::vector<orders::OrderEvent> newest_first;
    auto order = last_event_.query(sqlite::Blob(id.bytes()));
    const auto stored = order.next();
    if (!stored) return fail(stored.error());
    EventRow row;
    row.seq = *stored ? order.integer(0) : 0;
    while (row.seq != 0) {
        auto cursor = event_row_.query(row.seq);
        const auto there = cursor.next();
        if (!there) return fail(there.error());
        const auto damaged = [&] { return sqlite::corrupt("order_events, seq " + std::to_string(row.seq)); };
        if (!*there) return fail(damaged());
        row.number = cursor.integer(0);
        row.previous = cursor.integer(1);
        row.record = cursor.blob(2);
        row.trace = cursor.text(3);
        auto events = decode_events(row);
        if (!events || row.previous >= row.seq) return fail(damaged());
        const bool reached = events->front().version <= after + 1;
        std::move(events->rbegin(), events->rend(), std::back_inserter(newest_first));
        if (reached) break;
        row.seq = row.previous;
    }
    std::ranges::reverse(newest_first);
    std::erase_if(newest_first, [after](const auto& event) { return event.version <= after; });
    return newest_first;
}

Result<std::vector<orders::ShelfItem>> OrderQueries::products() {
    std::vector<orders::ShelfItem> items;
    auto cursor = items_.query();
    for (;;) {
        const auto there = cursor.next();
        if (!there) return fail(there.error());
        if (!*there) break;
        orders::Stock stock;
        stock.on_hand = cursor.integer(1);
        stock.reserved = cursor.integer(2);
        auto item = decode_item(cursor.text(0), stock, cursor.blob(3));
        if (!item) return fail(sqlite::corrupt("products, SKU " + std::string(cursor.text(0))));
        items.push_back(*std::move(item));
    }
    std::ranges::sort(items, {}, [](const orders::ShelfItem& item) {
        return std::tie(item.product.category, item.product.name, item.product.sku);
    });
    return items;
}

// By the criterion that leaves the fewest: orders that are not settled are few at any time.
sqlite::Cursor OrderQueries::candidates(const orders::OrderQuery& query, std::int64_t below) {
    if (query.customer_email) return newest_of_key_.query(below, email_key(*query.customer_email));
    const bool few = query.status && !orders::is_settled(*query.status);
    if (query.sku && !few) return newest_of_key_.query(below, sku_key(*query.sku));
    if (query.status) return newest_of_status_.query(below, std::to_underlying(*query.status));
    return newest_.query(below);
}

Result<orders::OrderPage> OrderQueries::list(const orders::OrderQuery& query) {
    auto below = std::numeric_limits<std::int64_t>::max();
    if (query.starting_after) {
        const auto number = orders_.number_of(*query.starting_after);
        if (!number) return fail(number.error());
        if (*number == 0) {
            return fail(ErrorKind::invalid_input, "query.starting_after", "no order has this id");
        }
        below = *number;
    }
    if (query.id || query.number) return at_most_one(query, below);
    orders::OrderPage page;
    while (below > 0) {
        const auto next = collect(query, below, page);
        if (!next) return fail(next.error());
        below = *next;
    }
    return page;
}

Result<std::int64_t> OrderQueries::collect(const orders::OrderQuery& query, std::int64_t below,
                                           orders::OrderPage& page) {
    constexpr std::int64_t nothing_is_left = 0;
    const auto limit = std::clamp<std::size_t>(query.limit, 1, page_max);
    auto asked_down_to = query.created_before ? below : 0;
    auto cursor = candidates(query, below);
    for (;;) {
        const auto there = cursor.next();
        if (!there) return fail(there.error());
        if (!*there) return nothing_is_left;
        const auto number = cursor.integer(0);
        if (number < asked_down_to) {
            const auto older = below_older(number, *query.created_before);
            if (!older || *older <= number) return older;
            asked_down_to = block_of(number) * orders_of_block;
        }
        auto found = orders_.at(number);
        if (!found) return fail(std::move(found).error());
        if (!found->order) continue;
        if (query.created_after && found->order->created_bound <= to_unix_ms(*query.created_after)) {
            return nothing_is_left;
        }
        if (!matches(query, found->order->order)) continue;
        if (page.orders.size() == limit) {
            page.has_more = true;
            return nothing_is_left;
        }
        page.orders.push_back(std::move(found->order->order));
    }
}

Result<std::int64_t> OrderQueries::below_older(std::int64_t number, WallTime time) {
    const auto own = block_of(number);
    auto cursor = block_before_.query(own, to_unix_ms(time));
    const auto there = cursor.next();
    if (!there) return fail(there.error());
    if (!*there) return 0;
    const auto block = cursor.integer(0);
    return block == own ? number + 1 : end_of_block(block);
}

Result<orders::OrderPage> OrderQueries::at_most_one(const orders::OrderQuery& query, std::int64_t below) {
    auto found = query.id ? orders_.find(*query.id) : orders_.at(*query.number);
    if (!found) return fail(std::move(found).error());
    orders::OrderPage page;
    if (!found->order || found->order->order.number >= below) return page;
    if (matches(query, found->order->order)) page.orders.push_back(std::move(found->order->order));
    return page;
}

// One more than the page shows whether another follows.
Result<orders::OrderPage> OrderQueries::oldest(const orders::OldestQuery& query) {
    const auto limit = std::clamp<std::size_t>(query.limit, 1, page_max);
    orders::OrderPage page;
    auto row =
        query.status ? orders_.after(query.after, limit + 1, *query.status) : orders_.after(query.after, limit + 1);
    for (;;) {
        const auto there = row.next();
        if (!there) return fail(there.error());
        if (!*there) return page;
        page.has_more = page.orders.size() == limit;
        if (page.has_more) return page;
        auto found = OrderSelect::read(row);
        if (!found) return fail(std::move(found).error());
        page.orders.push_back(std::move(found->order->order));
    }
}

Result<std::vector<orders::LedgerPosting>> OrderQueries::ledger(const orders::OrderId& id) {
    const auto number = orders_.number_of(id);
    if (!number) return fail(number.error());
    std::vector<orders::LedgerPosting> postings;
    auto cursor = postings_.query(*number);
    for (;;) {
        const auto there = cursor.next();
        if (!there) return fail(there.error());
        if (!*there) return postings;
        auto posting = decode_posting(PostingKey{*number, cursor.integer(0), cursor.integer(1)}, cursor.blob(2));
        if (!posting) return fail(sqlite::corrupt("ledger, order number " + std::to_string(*number)));
        postings.push_back(*std::move(posting));
    }
}

Result<std::vector<orders::StoredDeadLetter>> OrderQueries::dead_letters(std::int64_t after, std::uint32_t limit) {
    orders::LetterQuery query;
    query.after = after;
    query.limit = limit;
    return letters_.read(query);
}

// One more than the page shows whether another follows.
Result<orders::LetterPage> OrderQueries::letter_page(orders::LetterQuery query) {
    const auto limit = query.limit++;
    auto letters = letters_.read(query);
    if (!letters) return fail(std::move(letters).error());
    orders::LetterPage page;
    page.letters = *std::move(letters);
    page.has_more = page.letters.size() > limit;
    if (page.has_more) page.letters.pop_back();
    return page;
}

}  // namespace orderflow::storage
