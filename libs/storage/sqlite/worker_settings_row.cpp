#include "libs/storage/sqlite/worker_settings_row.hpp"

#include <utility>

#include "libs/sqlite/errors.hpp"
#include "libs/storage/records/worker_settings_record.hpp"

namespace orderflow::storage {

Result<WorkerSettingsRow> WorkerSettingsRow::prepare(sqlite::Database& database) {
    WorkerSettingsRow row;
    auto prepared = database.prepare_all({
        {&row.read_, "SELECT record FROM worker_settings"},
        {&row.put_,
         "INSERT INTO worker_settings (one, record) VALUES (1, ?1)"
         " ON CONFLICT (one) DO UPDATE SET record = excluded.record"},
    });
    if (!prepared) return fail(std::move(prepared).error());
    return row;
}

Result<orders::WorkerSettings> WorkerSettingsRow::read() {
    auto row = read_.query();
    const auto there = row.next();
    if (!there) return fail(there.error());
    if (!*there) return orders::WorkerSettings();
    auto settings = decode_worker_settings(row.blob(0));
    if (!settings) return fail(sqlite::corrupt("worker_settings"));
    return *std::move(settings);
}

Result<void> WorkerSettingsRow::put(const orders::WorkerSettings& settings) {
    const auto record = encode_worker_settings(settings);
    const auto written = put_.run(sqlite::as_blob(record));
    if (!written) return fail(written.error());
    return {};
}

}  // namespace orderflow::storage
