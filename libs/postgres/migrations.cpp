#include "libs/postgres/migrations.hpp"

#include <string>

#include "libs/base/safeguard.hpp"

namespace orderflow::postgres {

namespace {

// Any number that no other program on the same database uses: "orderflo" as bytes.
constexpr std::string_view lock = "SELECT pg_advisory_xact_lock(8030606865177898095);";

const Statement has_table{"has_schema_table", "SELECT (to_regclass('orderflow_schema') IS NOT NULL)::int"};
const Statement read_versions{"read_schema_versions",
                              "SELECT coalesce(max(version), 0), coalesce(max(works_with), 0) FROM orderflow_schema"};

struct Version {
    std::int64_t version = 0;  // 0: empty
    std::int64_t works_with = 0;
};

Result<Version> read_version(Connection& connection) {
    const auto table = connection.run(has_table);
    if (!table) return fail(table.error());
    if (table->integer(0, 0) == 0) return Version{};
    const auto versions = connection.run(read_versions);
    if (!versions) return fail(versions.error());
    return Version{versions->integer(0, 0), versions->integer(0, 1)};
}

Result<void> check_works(const Version& there, std::int64_t program) {
    if (there.works_with <= program || !safeguard(Safeguard::schema_check)) return {};
    return fail(ErrorKind::conflict, "postgres.newer_schema",
                "the database is of schema version " + std::to_string(there.version) + ", this program knows " +
                    std::to_string(program) + ": start a newer one");
}

// Of two programs that start together, the key of orderflow_schema refuses the second.
std::string script_of(std::span<const Migration> steps, std::int64_t from) {
    std::string script("BEGIN; SET LOCAL lock_timeout = '60s'; SET LOCAL statement_timeout = 0; ");
    if (safeguard(Safeguard::migration_lock)) script += lock;
    script +=
        "CREATE TABLE IF NOT EXISTS orderflow_schema (version int PRIMARY KEY, works_with int NOT NULL,"
        " applied_at timestamptz NOT NULL DEFAULT now());";
    for (auto version = from + 1; version <= static_cast<std::int64_t>(steps.size()); ++version) {
        const auto& step = steps[static_cast<std::size_t>(version - 1)];
        script += "INSERT INTO orderflow_schema VALUES (" + std::to_string(version) + ", " +
                  std::to_string(step.works_with) + ");";
        script += std::string(step.sql) + ";";
    }
    return script + "COMMIT;";
}

}  // namespace

Result<void> migrate(Connection& connection, std::span<const Migration> steps) {
    const auto program = static_cast<std::int64_t>(steps.size());
    for (bool again = false;; again = true) {
        const auto there = read_version(connection);
        if (!there) return fail(there.error());
        if (there->version >= program) return check_works(*there, program);
        const auto applied = connection.run_script(script_of(steps, there->version));
        if (applied) return {};
        if (connection.in_transaction()) (void)connection.run_script("ROLLBACK");
        // Another program was faster: its version is there now, and ours was refused as a second one.
        if (again || applied.error().code() != "postgres.constraint") return applied;
    }
}

Result<bool> is_empty(Connection& connection) {
    const auto there = read_version(connection);
    if (!there) return fail(there.error());
    return there->version == 0;
}

Result<void> migrate_if_empty(Connection& connection, std::span<const Migration> steps) {
    const auto empty = is_empty(connection);
    if (!empty) return fail(empty.error());
    return *empty ? migrate(connection, steps) : check_schema(connection, steps);
}

Result<void> check_schema(Connection& connection, std::span<const Migration> steps) {
    const auto program = static_cast<std::int64_t>(steps.size());
    const auto there = read_version(connection);
    if (!there) return fail(there.error());
    if (there->version >= program) return check_works(*there, program);
    return fail(ErrorKind::unavailable, "postgres.older_schema",
                "the database is of schema version " + std::to_string(there->version) + ", this program needs " +
                    std::to_string(program) + ": run orderflow migrate");
}

}  // namespace orderflow::postgres
