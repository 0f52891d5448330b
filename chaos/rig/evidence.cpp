#include "chaos/rig/evidence.hpp"

#include <fstream>

namespace orderflow::chaos {

namespace fs = std::filesystem;

fs::path keep_evidence(const std::string& name, const fs::path& data, const fs::path& beside,
                       const std::string& report) {
    const fs::path parent = "build/chaos";
    int number = 1;
    while (fs::exists(parent / (name + "-" + std::to_string(number)))) ++number;
    const auto kept = parent / (name + "-" + std::to_string(number));
    fs::create_directories(kept);
    std::error_code ignored;
    fs::copy(data, kept / "data", fs::copy_options::recursive, ignored);
    fs::copy(beside, kept / "ledgers", fs::copy_options::recursive, ignored);
    std::ofstream(kept / "audit.txt") << report;
    return fs::absolute(kept);
}

}  // namespace orderflow::chaos
