#include "libs/storage/sqlite/letter_rows.hpp"

#include <algorithm>
#include <limits>
#include <string>
#include <utility>

#include "libs/base/safeguard.hpp"
#include "libs/sqlite/errors.hpp"
#include "libs/storage/records/letter_record.hpp"

namespace orderflow::storage {

namespace {

constexpr std::uint32_t old_rows_at_once = 100;

Result<void> done(const Result<std::int64_t>& ran) {
    if (!ran) return fail(ran.error());
    return {};
}

// Columns: number, message_id, record.
Result<orders::StoredDeadLetter> letter_of(const sqlite::Cursor& row) {
    auto letter = decode_letter(row.integer(0), row.text(1), row.blob(2));
    if (!letter) return fail(sqlite::corrupt("dead_letters, number " + std::to_string(row.integer(0))));
    return *std::move(letter);
}

Result<std::vector<orders::StoredDeadLetter>> letters_of(sqlite::Cursor rows) {
    std::vector<orders::StoredDeadLetter> letters;
    for (;;) {
        const auto there = rows.next();
        if (!there) return fail(there.error());
        if (!*there) return letters;
        auto letter = letter_of(rows);
        if (!letter) return fail(std::move(letter).error());
        letters.push_back(*std::move(letter));
    }
}

std::optional<sqlite::Blob> order_of(const std::optional<orders::OrderId>& order) {
    return order ? std::optional(sqlite::Blob(order->bytes())) : std::nullopt;
}

std::optional<std::string_view> view_of(const std::optional<std::string>& text) {
    return text ? std::optional<std::string_view>(*text) : std::nullopt;
}

}  // namespace

Result<LetterRows> LetterRows::prepare(sqlite::Database& database) {
    LetterRows rows;
    const auto* const insert =
        safeguard(Safeguard::letter_once)
            ? "INSERT OR IGNORE INTO dead_letters (message_id, state, code, queue, order_id, record)"
              " VALUES (?1, ?2, ?3, ?4, ?5, ?6)"
            : "INSERT INTO dead_letters (message_id, state, code, queue, order_id, record)"
              " VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
    auto prepared = database.prepare_all({
        {&rows.by_number_, "SELECT number, message_id, record FROM dead_letters WHERE number = ?1"},
        {&rows.by_code_,
         "SELECT number, message_id, record FROM dead_letters WHERE state = ?4 AND code = ?5 AND number > ?1"
         " AND number <= ?2 AND (?6 IS NULL OR queue = ?6) AND (?7 IS NULL OR order_id = ?7) ORDER BY number LIMIT ?3"},
        {&rows.by_order_,
         "SELECT number, message_id, record FROM dead_letters WHERE order_id = ?7 AND number > ?1 AND number <= ?2"
         " AND (?4 IS NULL OR state = ?4) AND (?5 IS NULL OR code = ?5) AND (?6 IS NULL OR queue = ?6)"
         " ORDER BY number LIMIT ?3"},
        {&rows.by_state_,
         "SELECT number, message_id, record FROM dead_letters WHERE number > ?1 AND number <= ?2"
         " AND (?4 IS NULL OR state = ?4) AND (?5 IS NULL OR code = ?5) AND (?6 IS NULL OR queue = ?6)"
         " ORDER BY number LIMIT ?3"},
        {&rows.count_number_, "SELECT count(*) FROM dead_letters WHERE number = ?1 AND state = ?2"},
        {&rows.count_code_,
         "SELECT count(*) FROM (SELECT 1 FROM dead_letters WHERE state = ?1 AND code = ?2"
         " AND (?3 IS NULL OR queue = ?3) LIMIT ?4)"},
        {&rows.count_order_,
         "SELECT count(*) FROM (SELECT 1 FROM dead_letters WHERE order_id = ?5 AND state = ?1"
         " AND (?2 IS NULL OR code = ?2) AND (?3 IS NULL OR queue = ?3) LIMIT ?4)"},
        // Within its index, which has the queue too.
        {&rows.count_state_,
         "SELECT count(*) FROM (SELECT 1 FROM dead_letters WHERE state = ?1 AND (?3 IS NULL OR queue = ?3) LIMIT ?4)"},
        {&rows.groups_,
         "SELECT queue, code, count(*), min(number), max(number) FROM dead_letters WHERE state = ?1"
         " GROUP BY code, queue ORDER BY count(*) DESC, code, queue"},
        {&rows.newest_, "SELECT coalesce(max(number), 0) FROM dead_letters"},
        {&rows.open_about_,
         "SELECT number FROM dead_letters WHERE order_id = ?1 AND state = 0 ORDER BY number LIMIT 1"},
        {&rows.stands_, "SELECT 1 FROM dead_letters WHERE order_id = ?1 AND code = ?2 AND state IN (0, 2) LIMIT 1"},
        {&rows.left_over_,
         "SELECT d.number, d.message_id, d.record FROM dead_letters d CROSS JOIN orders o ON o.id = d.order_id"
         " WHERE d.state IN (1, 2) AND o.status = 100 ORDER BY d.number LIMIT ?1"},
        {&rows.insert_, insert},
        {&rows.update_,
         "UPDATE dead_letters SET state = ?2, code = ?3, queue = ?4, order_id = ?5, record = ?6 WHERE number = ?1"},
        {&rows.old_rows_,
         "SELECT number, message_id, record FROM dead_letters WHERE state = 0 AND code IS NULL LIMIT ?1"},
    });
    if (!prepared) return fail(std::move(prepared).error());
    return rows;
}

Result<std::optional<orders::StoredDeadLetter>> LetterRows::find(std::int64_t number) {
    auto row = by_number_.query(number);
    const auto there = row.next();
    if (!there) return fail(there.error());
    if (!*there) return std::nullopt;
    auto letter = letter_of(row);
    if (!letter) return fail(std::move(letter).error());
    return *std::move(letter);
}

Result<std::vector<orders::StoredDeadLetter>> LetterRows::read(const orders::LetterQuery& query) {
    return query.numbers.empty() ? letters_of(candidates(query, query.limit)) : read_numbers(query);
}

sqlite::Cursor LetterRows::candidates(const orders::LetterQuery& query, std::uint32_t limit) {
    const auto up_to = query.up_to.value_or(std::numeric_limits<std::int64_t>::max());
    const auto state = query.state ? std::optional(std::to_underlying(*query.state)) : std::nullopt;
    const auto code = view_of(query.filter.code);
    const auto queue = view_of(query.filter.queue);
    if (query.filter.order) {
        return by_order_.query(query.after, up_to, limit, state, code, queue, order_of(query.filter.order));
    }
    if (state && code) {
        return by_code_.query(query.after, up_to, limit, state, code, queue, std::optional<sqlite::Blob>());
    }
    return by_state_.query(query.after, up_to, limit, state, code, queue);
}

Result<std::vector<orders::StoredDeadLetter>> LetterRows::read_numbers(const orders::LetterQuery& query) {
    std::vector<orders::StoredDeadLetter> letters;
    for (const auto number : query.numbers) {
        if (number <= query.after || (query.up_to && number > *query.up_to)) continue;
        if (letters.size() == query.limit) break;
        auto letter = find(number);
        if (!letter) return fail(std::move(letter).error());
        if (!*letter || (query.state && (*letter)->state != *query.state)) continue;
        if (orders::matches(query.filter, **letter)) letters.push_back(**std::move(letter));
    }
    return letters;
}

Result<std::int64_t> LetterRows::count(const orders::LetterSelection& selection, orders::LetterState state) {
    const auto in_state = std::to_underlying(state);
    const auto code = view_of(selection.filter.code);
    const auto queue = view_of(selection.filter.queue);
    const auto counted = [](sqlite::Cursor row) -> Result<std::int64_t> {
        const auto there = row.next();
        if (!there) return fail(there.error());
        return row.integer(0);
    };
    if (selection.filter.order) {
        return counted(
            count_order_.query(in_state, code, queue, orders::letters_counted_max, order_of(selection.filter.order)));
    }
    if (code) return counted(count_code_.query(in_state, code, queue, orders::letters_counted_max));
    if (selection.numbers.empty()) {
        return counted(count_state_.query(in_state, code, queue, orders::letters_counted_max));
    }
    std::int64_t all = 0;
    for (const auto number : selection.numbers) {
        const auto one = counted(count_number_.query(number, in_state));
        if (!one) return one;
        all += *one;
    }
    return all;
}

Result<std::vector<orders::LetterGroup>> LetterRows::groups(orders::LetterState state) {
    std::vector<orders::LetterGroup> groups;
    {
        auto rows = groups_.query(std::to_underlying(state));
        for (;;) {
            const auto there = rows.next();
            if (!there) return fail(there.error());
            if (!*there) break;
            auto& group = groups.emplace_back(std::string(rows.text(0)), std::string(rows.text(1)));
            group.count = rows.integer(2);
            group.first = rows.integer(3);
            group.last = rows.integer(4);
        }
    }
    for (auto& group : groups) {
        auto first = find(group.first);
        if (!first) return fail(std::move(first).error());
        auto last = find(group.last);
        if (!last) return fail(std::move(last).error());
        group.first_at = first->value().at;
        group.last_at = last->value().at;
    }
    return groups;
}

Result<std::int64_t> LetterRows::newest() {
    auto row = newest_.query();
    const auto there = row.next();
    if (!there) return fail(there.error());
    return row.integer(0);
}

Result<std::optional<std::int64_t>> LetterRows::open_about(const orders::OrderId& order) {
    auto row = open_about_.query(sqlite::Blob(order.bytes()));
    const auto there = row.next();
    if (!there) return fail(there.error());
    return *there ? std::optional(row.integer(0)) : std::nullopt;
}

Result<bool> LetterRows::stands(const orders::OrderId& order, std::string_view code) {
    auto row = stands_.query(sqlite::Blob(order.bytes()), code);
    return row.next();
}

Result<std::vector<orders::StoredDeadLetter>> LetterRows::left_over(std::uint32_t limit) {
    return letters_of(left_over_.query(limit));
}

Result<void> LetterRows::insert(const orders::StoredDeadLetter& letter) {
    const auto record = encode_letter(letter);
    return done(insert_.run(std::string_view(letter.letter.message_id), std::to_underlying(letter.state),
                            std::string_view(letter.letter.code), std::string_view(letter.letter.queue),
                            order_of(letter.order), sqlite::as_blob(record)));
}

Result<void> LetterRows::update(const orders::StoredDeadLetter& letter) {
    const auto record = encode_letter(letter);
    return done(update_.run(letter.number, std::to_underlying(letter.state), std::string_view(letter.letter.code),
                            std::string_view(letter.letter.queue), order_of(letter.order), sqlite::as_blob(record)));
}

Result<void> LetterRows::complete_old_rows() {
    for (;;) {
        const auto old = letters_of(old_rows_.query(old_rows_at_once));
        if (!old) return fail(old.error());
        if (old->empty()) return {};
        for (const auto& letter : *old) {
            if (auto updated = update(letter); !updated) return updated;
        }
    }
}

}  // namespace orderflow::storage
