// How long orders are kept, as the settings say.
#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>

#include "libs/base/settings.hpp"

namespace orderflow {

struct RetentionSettings {
    std::chrono::days keep;         // after the last change of an order that is over
    std::filesystem::path archive;  // a directory
};

// ORDERFLOW_RETENTION_DAYS, 1 to 36500; nothing: for ever. ORDERFLOW_ARCHIVE_DIR; <data_dir>/archive by default. Notes
// what is wrong in the reader.
std::optional<RetentionSettings> read_retention(SettingsReader& settings, const std::filesystem::path& data_dir);
std::string retention_help();

}  // namespace orderflow
