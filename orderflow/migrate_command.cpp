#include "orderflow/migrate_command.hpp"

#include <CLI/CLI.hpp>
#include <chrono>
#include <cstdio>

#include "libs/storage/postgres/postgres_order_store.hpp"
#include "libs/storage/postgres/schema.hpp"
#include "orderflow/command_line.hpp"
#include "programs/process.hpp"
#include "programs/store_location.hpp"

namespace orderflow {
namespace {

constexpr const char* name = "orderflow migrate";

// A step may have to read a large table.
constexpr postgres::Timeouts migration_times{.statement = std::chrono::hours(1),
                                             .lock = std::chrono::minutes(1),
                                             .idle_in_transaction = std::chrono::hours(1),
                                             .answer = std::chrono::hours(1)};

}  // namespace

int run_migrate(std::span<const char* const> words, const Environment& environment, const Clock& clock) {
    CLI::App app{
        "Brings the PostgreSQL database that DATABASE_URL names up to the schema of this program. Run it as a role\n"
        "that may create tables, before the new programs start; those of the version before go on working. After the\n"
        "database was restored into another cluster it also gives the events positions that are valid there."};
    if (const auto ended = parse_command_line(app, name, words)) return *ended;
    SettingsReader settings(environment);
    const auto location = read_store_location(settings, environment, "data");
    if (!settings.errors().empty()) return report_settings(name, settings.errors());
    if (!location.is_postgres()) {
        std::printf("SQLite stores are migrated by the program that opens them: nothing to do.\n");
        return 0;
    }
    auto options = location.connect_options();
    options.timeouts = migration_times;
    const auto migrated = storage::migrate_order_store(options, clock);
    if (!migrated) return report_failure(name, fail_about(migrated.error(), location.description()).error());
    if (migrated->feed_renewed) {
        std::printf("%s came from another cluster: its events have new positions, webhooks go on where they were.\n",
                    location.description().c_str());
    }
    std::printf("%s is of schema version %zu.\n", location.description().c_str(), storage::order_store_schema.size());
    return 0;
}

}  // namespace orderflow
