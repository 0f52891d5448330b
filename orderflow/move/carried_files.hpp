// What an installation needs at its new place beside orders and messages: its secrets, the API keys, the simulated
// provider's ledger, and the settings of the services; as a directory that only its owner reads.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "libs/base/result.hpp"
#include "libs/base/settings.hpp"
#include "orderflow/data_files.hpp"
#include "programs/settings.hpp"

namespace orderflow {

inline constexpr auto settings_file = "settings.env";

// Lines NAME=value for api-service and worker-service: the settings that `now` has and one of them knows, with the
// queues. What belongs to a machine (addresses, files, the database) is left out. Pure. Holds secrets when `now` does.
std::string settings_of_services(const Environment& now, const QueueUrls& queues);

// The names of the files of a data directory that travel; none when it cannot be read.
std::vector<std::string> files_that_travel(const std::filesystem::path& data_dir);

Error carry_exists(const std::filesystem::path& directory);

// Makes `directory` (0700) with these files and `settings` (0600), and syncs it; it is there whole or not at all.
// conflict "move.carry_exists"; those of durable_copy.hpp and of sqlite::FrozenDatabase.
Result<void> carry_files(const std::filesystem::path& directory, const std::filesystem::path& data_dir,
                         const DataFiles& files, const std::string& settings);

}  // namespace orderflow
