#include "libs/storage/sqlite/command_log.hpp"

#include <algorithm>
#include <limits>
#include <string>
#include <utility>

#include "libs/sqlite/errors.hpp"
#include "libs/storage/records/letter_record.hpp"

namespace orderflow::storage {

namespace {

constexpr std::uint32_t page_max = 100;

// Columns: number, id, record, matched.
Result<orders::CommandRecord> command_of(const sqlite::Cursor& row) {
    auto command = decode_command(row.integer(0), row.text(1), row.blob(2));
    if (!command) return fail(sqlite::corrupt("operator_commands, number " + std::to_string(row.integer(0))));
    set_matched(*command, row.integer(3));
    return *std::move(command);
}

}  // namespace

Result<CommandLog> CommandLog::prepare(sqlite::Database& database) {
    CommandLog log;
    auto prepared = database.prepare_all({
        {&log.by_id_, "SELECT number, id, record, matched FROM operator_commands WHERE id = ?1"},
        {&log.newest_,
         "SELECT number, id, record, matched FROM operator_commands WHERE number < ?1 ORDER BY number DESC LIMIT ?2"},
        {&log.put_,
         "INSERT INTO operator_commands (id, record, matched) VALUES (?1, ?2, ?3)"
         " ON CONFLICT (id) DO UPDATE SET record = excluded.record, matched = excluded.matched"},
        {&log.put_new_,
         "INSERT INTO operator_commands (id, record) VALUES (?1, ?2) ON CONFLICT (id) DO UPDATE"
         " SET record = excluded.record, matched = excluded.matched WHERE operator_commands.matched = ?3"},
    });
    if (!prepared) return fail(std::move(prepared).error());
    return log;
}

Result<std::optional<orders::CommandRecord>> CommandLog::find(std::string_view id) {
    auto row = by_id_.query(id);
    const auto there = row.next();
    if (!there) return fail(there.error());
    if (!*there) return std::nullopt;
    auto command = command_of(row);
    if (!command) return fail(std::move(command).error());
    return *std::move(command);
}

Result<orders::CommandPage> CommandLog::page(const orders::CommandQuery& query) {
    auto below = std::numeric_limits<std::int64_t>::max();
    if (query.starting_after) {
        const auto last = find(*query.starting_after);
        if (!last) return fail(last.error());
        if (!*last) return fail(ErrorKind::invalid_input, "query.starting_after", "no command has this id");
        below = (*last)->number;
    }
    const auto limit = std::clamp<std::uint32_t>(query.limit, 1, page_max);
    orders::CommandPage page;
    auto rows = newest_.query(below, limit + 1);
    for (;;) {
        const auto there = rows.next();
        if (!there) return fail(there.error());
        if (!*there) return page;
        if (page.commands.size() == limit) {
            page.has_more = true;
            return page;
        }
        auto command = command_of(rows);
        if (!command) return fail(std::move(command).error());
        page.commands.push_back(*std::move(command));
    }
}

Result<void> CommandLog::put(const orders::CommandRecord& command) {
    const auto record = encode_command(command);
    const auto written = put_.run(std::string_view(command.id), sqlite::as_blob(record), matched_of(command));
    if (!written) return fail(written.error());
    return {};
}

Result<void> CommandLog::put_new(const orders::CommandRecord& command) {
    const auto record = encode_command(command);
    const auto written = put_new_.run(std::string_view(command.id), sqlite::as_blob(record), not_begun_matched);
    if (!written) return fail(written.error());
    return {};
}

}  // namespace orderflow::storage
