#include "libs/storage/sqlite/command_times.hpp"

#include <utility>

#include "libs/sqlite/errors.hpp"
#include "libs/storage/records/command_time_record.hpp"

namespace orderflow::storage {

Result<CommandTimesTable> CommandTimesTable::prepare(sqlite::Database& database) {
    CommandTimesTable table;
    auto prepared = database.prepare_all({
        {&table.read_, "SELECT record FROM command_times WHERE subject = ?1"},
        {&table.put_,
         "INSERT INTO command_times (subject, record) VALUES (?1, ?2)"
         " ON CONFLICT (subject) DO UPDATE SET record = excluded.record"},
    });
    if (!prepared) return fail(std::move(prepared).error());
    return table;
}

Result<orders::CommandTimes> CommandTimesTable::read(const std::vector<std::string>& subjects) {
    orders::CommandTimes times;
    for (const auto& subject : subjects) {
        auto row = read_.query(subject);
        const auto there = row.next();
        if (!there) return fail(there.error());
        if (!*there) continue;
        const auto at = decode_command_time(subject, row.blob(0));
        if (!at) return fail(sqlite::corrupt("command_times, subject " + subject));
        times.emplace(subject, *at);
    }
    return times;
}

Result<void> CommandTimesTable::put(const orders::CommandTimes& times) {
    for (const auto& [subject, at] : times) {
        const auto record = encode_command_time(subject, at);
        const auto written = put_.run(subject, sqlite::as_blob(record));
        if (!written) return fail(written.error());
    }
    return {};
}

}  // namespace orderflow::storage
