// Evidence: what is left of a finding when the workspace is gone.
#pragma once

#include <filesystem>
#include <string>

namespace orderflow::chaos {

// Copies `data` and `beside` (ledgers, logs) with the report to a new directory below build/chaos and returns it.
std::filesystem::path keep_evidence(const std::string& name, const std::filesystem::path& data,
                                    const std::filesystem::path& beside, const std::string& report);

}  // namespace orderflow::chaos
