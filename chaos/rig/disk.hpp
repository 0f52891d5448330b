// Disks of the rig: an ext4 file system in an image whose power can be cut, and a small one in memory that fills up.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <filesystem>

namespace orderflow::chaos {

// ext4 on a loop device. Needs root, loop devices and mkfs.ext4 (probe.hpp).
class LoopDisk {
  public:
    // Makes the image `name`.img and mounts it at `name`, both in `directory`. Throws std::runtime_error.
    LoopDisk(const std::filesystem::path& directory, const std::string& name, std::uint64_t megabytes);
    ~LoopDisk();
    LoopDisk(const LoopDisk&) = delete;
    LoopDisk& operator=(const LoopDisk&) = delete;

    const std::filesystem::path& path() const { return mount_point_; }

    // What a power cut does to the file system: from now on nothing reaches the image any more, and what was written
    // but not synced is gone (FS_IOC_SHUTDOWN without flushing the journal). Every call of a program fails with EIO,
    // except that an fdatasync under way may say that all went well. A program whose word counts is frozen before.
    void cut_power();
    // As a power cut does: the processor stops, and the disk. Kills the process, also when it is stopped by then.
    void cut_power(pid_t program);
    // Unmounts and mounts again, which replays the file system's own journal. No program may use it any more.
    void remount();

  private:
    void mount();
    void unmount();

    std::filesystem::path image_;
    std::filesystem::path mount_point_;
    bool mounted_ = false;
};

// A file system in memory. Needs root.
class MemoryDisk {
  public:
    MemoryDisk(const std::filesystem::path& directory, const std::string& name, std::uint64_t megabytes);
    ~MemoryDisk();
    MemoryDisk(const MemoryDisk&) = delete;
    MemoryDisk& operator=(const MemoryDisk&) = delete;

    const std::filesystem::path& path() const { return mount_point_; }

  private:
    std::filesystem::path mount_point_;
};

// Takes the room that is left where `file` lies, to the last byte that can be had.
void fill_up(const std::filesystem::path& file);

}  // namespace orderflow::chaos
