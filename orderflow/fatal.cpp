#include "orderflow/fatal.hpp"

#include <unistd.h>

#include <cstdio>
#include <string>

namespace orderflow {

void end_because_of_disk(std::string_view what, const Error& error) noexcept {
    const std::string text =
        "orderflow: " + std::string(what) + " failed: " + error.code() + ": " + error.detail() +
        "\norderflow: what was acknowledged is on disk; nothing more is acknowledged. Check the disk "
        "(dmesg, smartctl, free space) and start again: the program recovers by itself.\n";
    std::fwrite(text.data(), 1, text.size(), stderr);
    std::fflush(stderr);
    ::_exit(exit_disk_failed);
}

}  // namespace orderflow
