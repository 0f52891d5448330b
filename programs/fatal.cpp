#include "programs/fatal.hpp"

#include <unistd.h>

#include <cstdio>
#include <string>

namespace orderflow {
namespace {

// What is damaged stays damaged: starting again would end in the same way.
std::string_view advice_for(const Error& error) {
    if (error.code() == "disk.corrupt") {
        return "The file is damaged. Do not start again on it: keep a copy of the whole data directory and restore a "
               "backup (disk.corrupt in docs/runbook.md).";
    }
    return "Check the disk (dmesg, smartctl, free space) and start again: the program recovers by itself.";
}

}  // namespace

void end_because_of_disk(std::string_view what, const Error& error) noexcept {
    const auto text = "orderflow: " + std::string(what) + " failed: " + error.code() + ": " + error.detail() +
                      "\norderflow: what was acknowledged is on disk; nothing more is acknowledged. " +
                      std::string(advice_for(error)) + "\n";
    std::fwrite(text.data(), 1, text.size(), stderr);
    std::fflush(stderr);
    ::_exit(exit_disk_failed);
}

}  // namespace orderflow
