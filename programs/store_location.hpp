// StoreLocation: where the order store is, as DATABASE_URL says.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "libs/base/settings.hpp"

namespace orderflow {

struct StoreLocation {
    std::filesystem::path file;  // SQLite
    std::string url;             // PostgreSQL; empty for SQLite. May hold a password: never shown

    bool is_postgres() const { return !url.empty(); }
    std::optional<std::filesystem::path> file_if_any() const {
        return is_postgres() ? std::nullopt : std::optional(file);
    }
    // For people: the file's absolute path, or the URL without secrets.
    std::string description() const;
};

// DATABASE_URL=sqlite:<path> or postgresql://...; <data_dir>/orders.db without it. Notes what is wrong in the reader.
StoreLocation read_store_location(SettingsReader& settings, const std::filesystem::path& data_dir);
std::string store_location_help();

}  // namespace orderflow
