#include "programs/run_mark.hpp"

#include <string>
#include <utility>

namespace orderflow {

RunMark::RunMark(const std::filesystem::path& directory, std::string_view program)
    : file_(directory / (std::string(program) + ".running")) {
    std::error_code failed;
    const bool was_there = std::filesystem::exists(file_, failed);
    auto lock = sqlite::DataDirLock::acquire(file_.string());
    if (!lock) return;
    lock_.emplace(*std::move(lock));
    cut_short_ = was_there;
}

void RunMark::end() noexcept {
    if (!lock_) return;
    std::error_code failed;
    std::filesystem::remove(file_, failed);
    lock_.reset();
}

}  // namespace orderflow
