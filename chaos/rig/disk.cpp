#include "chaos/rig/disk.hpp"

#include <fcntl.h>
#include <linux/loop.h>
#include <sched.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <stdexcept>
#include <system_error>
#include <vector>

#include "chaos/rig/child.hpp"
#include "chaos/rig/process_facts.hpp"

namespace orderflow::chaos {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void failed(const std::string& what) {
    throw std::runtime_error(what + ": " + std::generic_category().message(errno));
}

struct Descriptor {
    explicit Descriptor(int number) : fd(number) {}
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    ~Descriptor() {
        if (fd >= 0) ::close(fd);
    }
    int fd;
};

// A loop device on `image` that frees itself when it is closed and unmounted. Another program may take the same free
// device at the same moment: then the next one is tried.
struct LoopDevice {
    std::string path;
    int fd = -1;
};

LoopDevice attach(const fs::path& image) {
    const Descriptor control(::open("/dev/loop-control", O_RDWR | O_CLOEXEC));
    const Descriptor file(::open(image.c_str(), O_RDWR | O_CLOEXEC));
    if (control.fd < 0 || file.fd < 0) failed("cannot open loop control or " + image.string());
    for (int attempt = 0; attempt < 20; ++attempt) {
        const int number = ::ioctl(control.fd, LOOP_CTL_GET_FREE);
        if (number < 0) failed("no free loop device");
        LoopDevice device{"/dev/loop" + std::to_string(number), -1};
        device.fd = ::open(device.path.c_str(), O_RDWR | O_CLOEXEC);
        if (device.fd < 0) failed("cannot open " + device.path);
        loop_config config{};
        config.fd = static_cast<std::uint32_t>(file.fd);
        config.info.lo_flags = LO_FLAGS_AUTOCLEAR;
        if (::ioctl(device.fd, LOOP_CONFIGURE, &config) == 0) return device;
        ::close(device.fd);
        if (errno != EBUSY) failed("cannot attach " + image.string() + " to " + device.path);
    }
    throw std::runtime_error("all loop devices are busy");
}

}  // namespace

LoopDisk::LoopDisk(const fs::path& directory, const std::string& name, std::uint64_t megabytes)
    : image_(directory / (name + ".img")), mount_point_(directory / name) {
    fs::create_directories(mount_point_);
    const Descriptor file(::open(image_.c_str(), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
    if (file.fd < 0 || ::ftruncate(file.fd, static_cast<off_t>(megabytes * 1024 * 1024)) != 0) {
        failed("cannot make " + image_.string());
    }
    must_run({"mkfs.ext4", "-q", "-F", image_.string()});
    mount();
}

LoopDisk::~LoopDisk() {
    if (mounted_) ::umount2(mount_point_.c_str(), MNT_DETACH);
}

void LoopDisk::mount() {
    const auto device = attach(image_);
    const Descriptor kept_until_mounted(device.fd);
    if (::mount(device.path.c_str(), mount_point_.c_str(), "ext4", 0, nullptr) != 0) {
        failed("cannot mount " + image_.string());
    }
    mounted_ = true;
}

void LoopDisk::unmount() {
    if (::umount2(mount_point_.c_str(), 0) != 0) failed("cannot unmount " + mount_point_.string());
    mounted_ = false;
}

void LoopDisk::cut_power() {
    constexpr unsigned long shut_down = 0x8004587d;  // FS_IOC_SHUTDOWN: in no header of user space
    std::uint32_t without_flushing_the_journal = 2;  // FS_SHUTDOWN_FLAGS_NOLOGFLUSH
    const Descriptor root(::open(mount_point_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (root.fd < 0 || ::ioctl(root.fd, shut_down, &without_flushing_the_journal) != 0) {
        failed("cannot shut down " + mount_point_.string());
    }
}

// The journal of ext4 drops the transaction under way when it is shut down, and an fdatasync that waits for that
// transaction finds it gone and returns 0 (seen with a program that does nothing else: 42 of 400 cuts took bytes that
// were said to be synced, none of 400 when it was frozen first). What the program is told then must reach nobody.
void LoopDisk::cut_power(pid_t program) {
    ::kill(program, SIGSTOP);
    while (!is_frozen(program)) ::sched_yield();
    cut_power();
    ::kill(program, SIGKILL);
}

void LoopDisk::remount() {
    unmount();
    mount();
}

MemoryDisk::MemoryDisk(const fs::path& directory, const std::string& name, std::uint64_t megabytes)
    : mount_point_(directory / name) {
    fs::create_directories(mount_point_);
    const auto size = "size=" + std::to_string(megabytes) + "m";
    if (::mount("tmpfs", mount_point_.c_str(), "tmpfs", 0, size.c_str()) != 0) failed("cannot mount a tmpfs");
}

MemoryDisk::~MemoryDisk() { ::umount2(mount_point_.c_str(), MNT_DETACH); }

void fill_up(const fs::path& file) {
    const Descriptor out(::open(file.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600));
    if (out.fd < 0) failed("cannot make " + file.string());
    constexpr off_t largest = 1024 * 1024 * 1024;
    off_t end = 0;
    for (off_t size = largest; size >= 4096; size /= 2) {  // promised is as good as written, and quick
        while (::fallocate(out.fd, 0, end, size) == 0) end += size;
    }
    const std::vector<char> block(256 * 1024, 'x');
    for (std::size_t size = block.size(); size > 0; size /= 2) {
        while (::write(out.fd, block.data(), size) > 0) {
        }
    }
    ::fsync(out.fd);  // room that ext4 has only promised so far
}

}  // namespace orderflow::chaos
