// Container: a program under trial as a cluster runs it, of an image of ./dev image: without a capability, with a root
// that cannot be written, 256 MB, as user 10001. Its network is the host's, and it may write its data directory alone,
// which has the same path inside and outside: so a run that was killed finds its processes by it (workspace.hpp).
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "chaos/rig/child.hpp"
#include "tests/e2e/server_process.hpp"

namespace orderflow::chaos {

enum class Release : std::uint8_t { current, before };

// The images of ./dev image, by their tags.
struct Images {
    std::string current = "latest";
    std::string before;  // of the release before; empty: it is not under trial
};

std::string image_of(const std::string& program, const Images& images, Release release);

struct Container {
    std::string name;
    std::string image;
    std::filesystem::path data;
    std::filesystem::path pid_file;  // podman writes the number of the first process there
};

// The words that run it in the foreground and take it away at its end. The settings reach it by name, through the
// engine's own environment: their values stand in no list of processes. Pure.
Arguments words_of(const Container& container, const e2e::ServerProcess::Settings& settings);

// The same for a command to its end: `orderflow migrate`. Throws std::runtime_error with what it said when it fails.
void run_in_container(const Container& container, const e2e::ServerProcess::Settings& settings,
                      const Arguments& arguments);

// Makes the data directory and hands it to the user of the images.
void make_data_directory(const std::filesystem::path& data);

// By its number on this machine; nothing as long as there is none.
std::optional<pid_t> first_process(const Container& container);

// The commit that an image was made of. Throws Skipped when there is no such image.
std::string revision_of(const std::string& image);

// Throws Skipped with the reason when this machine cannot run these images.
void need_containers(const Images& images);

}  // namespace orderflow::chaos
