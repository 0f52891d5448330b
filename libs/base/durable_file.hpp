// Small files that are whole or not there, also after a power cut.
#pragma once

#include <filesystem>
#include <string_view>

#include "libs/base/result.hpp"

namespace orderflow {

// Writes `text` beside the file, syncs it, renames it over `file` and syncs the directory. On disk when it returns.
// Mode and owner are those of the file that it takes the place of; of a new one 0600 and, made by root, the directory's
// owner. unavailable "file.not_written": the detail names the file and the reason.
Result<void> write_durably(const std::filesystem::path& file, std::string_view text);

}  // namespace orderflow
