// MemoryGroup: a control group (version 1) whose processes together get so much memory and no more; above that the
// kernel kills one of them.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <string>

namespace orderflow::chaos {

class MemoryGroup {
  public:
    // Throws std::runtime_error when the machine has no such groups.
    MemoryGroup(const std::string& name, std::uint64_t megabytes);
    ~MemoryGroup();
    MemoryGroup(const MemoryGroup&) = delete;
    MemoryGroup& operator=(const MemoryGroup&) = delete;

    // The process and its threads, from now on and with what they use from now on.
    void add(pid_t process);
    // How often the limit made the kernel kill a process.
    std::uint64_t kills() const;

  private:
    std::filesystem::path path_;
};

}  // namespace orderflow::chaos
