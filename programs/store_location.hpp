// StoreLocation: where the order store is, as DATABASE_URL says.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>

#include "libs/base/result.hpp"
#include "libs/base/settings.hpp"
#include "libs/postgres/connection.hpp"

namespace orderflow {

struct StoreLocation {
    std::filesystem::path file;  // SQLite
    std::string url;             // PostgreSQL; empty for SQLite. May hold a password: never shown
    // Asked before each connecting, for a role that signs in with IAM.
    std::function<Result<std::string>()> password{};

    bool is_postgres() const { return !url.empty(); }
    std::optional<std::filesystem::path> file_if_any() const {
        return is_postgres() ? std::nullopt : std::optional(file);
    }
    // To the database; is_postgres().
    postgres::ConnectOptions connect_options() const;
    // For people: the file's absolute path, or the URL without secrets.
    std::string description() const;
};

// DATABASE_URL=sqlite:<path> or postgresql://...; <data_dir>/orders.db without it. ORDERFLOW_DATABASE_AUTH=iam: with
// tokens, made with what `environment` says of AWS. Notes what is wrong in the reader.
StoreLocation read_store_location(SettingsReader& settings, const Environment& environment,
                                  const std::filesystem::path& data_dir);
std::string store_location_help();

}  // namespace orderflow
