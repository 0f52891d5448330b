#include "chaos/rig/memory_group.hpp"

#include <cerrno>
#include <fstream>
#include <stdexcept>
#include <system_error>

namespace orderflow::chaos {
namespace {

void write(const std::filesystem::path& file, const std::string& text) {
    std::ofstream out(file);
    out << text << std::flush;
    if (!out) throw std::runtime_error("cannot write " + file.string());
}

}  // namespace

MemoryGroup::MemoryGroup(const std::string& name, std::uint64_t megabytes)
    : path_(std::filesystem::path("/sys/fs/cgroup/memory") / name) {
    std::error_code failed;
    std::filesystem::create_directory(path_, failed);
    if (failed) throw std::runtime_error("cannot make " + path_.string() + ": " + failed.message());
    write(path_ / "memory.limit_in_bytes", std::to_string(megabytes * 1024 * 1024));
}

MemoryGroup::~MemoryGroup() {
    std::error_code ignored;
    std::filesystem::remove(path_, ignored);
}

void MemoryGroup::add(pid_t process) { write(path_ / "cgroup.procs", std::to_string(process)); }

std::uint64_t MemoryGroup::kills() const {
    std::ifstream in(path_ / "memory.oom_control");
    std::string name;
    std::uint64_t value = 0;
    while (in >> name >> value) {
        if (name == "oom_kill") return value;
    }
    return 0;
}

}  // namespace orderflow::chaos
