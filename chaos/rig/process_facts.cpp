#include "chaos/rig/process_facts.hpp"

#include <unistd.h>

#include <filesystem>
#include <sstream>
#include <stdexcept>
#include <string>

#include "chaos/rig/child.hpp"

namespace orderflow::chaos {
namespace {

std::filesystem::path folder_of(pid_t process) { return std::filesystem::path("/proc") / std::to_string(process); }

// The fields of /proc/<pid>/stat behind the name, which may hold spaces: the first is the state, field 3 of proc(5).
std::istringstream stat_fields(const std::filesystem::path& folder) {
    const auto text = read_file(folder / "stat");
    const auto name_end = text.rfind(')');
    if (name_end == std::string::npos) throw std::runtime_error(folder.string() + " is gone");
    return std::istringstream(text.substr(name_end + 2));
}

char state_of(const std::filesystem::path& folder) {
    char state = 0;
    stat_fields(folder) >> state;
    return state;
}

std::uint64_t stat_field(pid_t process, int number) {
    auto fields = stat_fields(folder_of(process));
    std::string skipped;
    for (int i = 3; i < number; ++i) fields >> skipped;
    std::uint64_t value = 0;
    fields >> value;
    return value;
}

}  // namespace

std::uint64_t open_descriptors(pid_t process) {
    std::uint64_t count = 0;
    for ([[maybe_unused]] const auto& one : std::filesystem::directory_iterator(folder_of(process) / "fd")) ++count;
    return count;
}

BootClock::duration cpu_time(pid_t process) {
    const auto ticks = stat_field(process, 14) + stat_field(process, 15);
    return std::chrono::nanoseconds(1s) * static_cast<std::int64_t>(ticks) / ::sysconf(_SC_CLK_TCK);
}

bool is_stopped(pid_t process) { return state_of(folder_of(process)) == 'T'; }

bool is_frozen(pid_t process) {
    std::error_code gone;
    for (const auto& thread : std::filesystem::directory_iterator(folder_of(process) / "task", gone)) {
        try {
            const char state = state_of(thread.path());
            if (state == 'R' || state == 'S') return false;
        } catch (const std::runtime_error&) {
            continue;  // the thread has ended meanwhile
        }
    }
    return true;
}

std::uint64_t writable_memory(pid_t process) {
    std::istringstream lines(read_file(folder_of(process) / "status"));
    for (std::string name; lines >> name;) {
        std::uint64_t kilobytes = 0;
        if (name == "VmData:" && lines >> kilobytes) return kilobytes * 1024;
    }
    throw std::runtime_error("process " + std::to_string(process) + " is gone");
}

}  // namespace orderflow::chaos
