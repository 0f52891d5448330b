// Workspace: a directory of one run, below /tmp, with everything in it that a run could leave behind.
//
// Whatever a run makes outside itself carries the directory's name: mounts lie in it, processes name it in their
// arguments or environment, control groups are called like it. So what a killed run left can be told from everything
// else on the machine and is removed by the next one.
#pragma once

#include <filesystem>
#include <string>

namespace orderflow::chaos {

inline constexpr const char* workspace_prefix = "orderflow-chaos-";

class Workspace {
  public:
    // Removes the leftovers of runs that are gone, then makes a directory of its own in `parent` and locks it.
    explicit Workspace(const std::filesystem::path& parent = "/tmp");
    // Removes the directory; what is mounted in it must be unmounted by then.
    ~Workspace();
    Workspace(const Workspace&) = delete;
    Workspace& operator=(const Workspace&) = delete;

    const std::filesystem::path& path() const { return path_; }
    // A new directory in it.
    std::filesystem::path directory(const std::string& name) const;

  private:
    std::filesystem::path path_;
    int lock_ = -1;
};

// Ends processes, unmounts, and removes directories and control groups of runs in `parent` that are gone. Says what it
// removed, one line each, on stdout.
void remove_leftovers(const std::filesystem::path& parent);

}  // namespace orderflow::chaos
