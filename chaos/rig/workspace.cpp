#include "chaos/rig/workspace.hpp"

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/mount.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <vector>

#include "chaos/rig/child.hpp"

namespace orderflow::chaos {
namespace {

namespace fs = std::filesystem;

constexpr int attempts_max = 10;
const fs::path memory_groups = "/sys/fs/cgroup/memory";

fs::path lock_file(const fs::path& directory) { return directory / "lock"; }

// The descriptor that holds the lock, or -1 when another run holds it.
int try_lock(const fs::path& directory) {
    const int fd = ::open(lock_file(directory).c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd >= 0 && ::flock(fd, LOCK_EX | LOCK_NB) == 0) return fd;
    if (fd >= 0) ::close(fd);
    return -1;
}

std::vector<fs::path> entries(const fs::path& directory) {
    std::vector<fs::path> found;
    std::error_code unreadable;
    for (const auto& entry : fs::directory_iterator(directory, unreadable)) found.push_back(entry.path());
    return found;
}

void kill_processes_of(const std::string& name) {
    for (const auto& process : entries("/proc")) {
        pid_t pid = 0;
        const auto number = process.filename().string();
        const auto parsed = std::from_chars(number.data(), number.data() + number.size(), pid);
        if (parsed.ec != std::errc() || pid == ::getpid() || pid == ::getppid()) continue;
        const auto words = read_file(process / "environ") + read_file(process / "cmdline");
        if (words.find("/" + name + "/") == std::string::npos) continue;
        ::kill(pid, SIGKILL);
        std::printf("left by an earlier run: process %d, ended\n", pid);
    }
}

void unmount_below(const fs::path& directory) {
    std::ifstream mounts("/proc/self/mounts");
    std::vector<std::string> found;
    for (std::string line; std::getline(mounts, line);) {
        std::istringstream words(line);
        std::string device;
        std::string where;
        words >> device >> where;
        if (where.starts_with(directory.string() + "/")) found.push_back(where);
    }
    std::ranges::reverse(found);
    for (const auto& where : found) {
        ::umount2(where.c_str(), MNT_DETACH);
        std::printf("left by an earlier run: mount %s, unmounted\n", where.c_str());
    }
}

void remove_group(const std::string& name) {
    std::error_code ignored;
    fs::remove(memory_groups / name, ignored);  // rmdir: only an empty group goes
}

}  // namespace

void remove_leftovers(const fs::path& parent) {
    for (const auto& directory : entries(parent)) {
        const auto name = directory.filename().string();
        if (!name.starts_with(workspace_prefix) || !fs::is_directory(directory)) continue;
        const int lock = try_lock(directory);
        if (lock < 0) continue;
        kill_processes_of(name);
        unmount_below(directory);
        remove_group(name);
        std::error_code ignored;
        fs::remove_all(directory, ignored);
        ::close(lock);
        std::printf("left by an earlier run: %s, removed\n", directory.c_str());
    }
}

// Between making and locking, another run may take the directory for a leftover and remove it: then comes the next one.
Workspace::Workspace(const fs::path& parent) {
    remove_leftovers(parent);
    for (int attempt = 0; lock_ < 0 && attempt < attempts_max; ++attempt) {
        auto pattern = (parent / (std::string(workspace_prefix) + "XXXXXX")).string();
        if (::mkdtemp(pattern.data()) == nullptr) {
            throw std::runtime_error("cannot make a directory in " + parent.string());
        }
        path_ = pattern;
        // Servers that refuse to run as root have their directories in it.
        fs::permissions(path_, fs::perms::group_exec | fs::perms::others_exec, fs::perm_options::add);
        lock_ = try_lock(path_);
    }
    if (lock_ < 0) throw std::runtime_error("cannot lock " + path_.string());
}

Workspace::~Workspace() {
    remove_group(path_.filename().string());
    unmount_below(path_);
    std::error_code ignored;
    fs::remove_all(path_, ignored);
    ::close(lock_);
}

fs::path Workspace::directory(const std::string& name) const {
    const auto made = path_ / name;
    fs::create_directories(made);
    return made;
}

}  // namespace orderflow::chaos
