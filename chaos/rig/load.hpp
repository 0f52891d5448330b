// LoadProcess: `orderflow load` against the server under trial, with a ledger of every attempt.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>

#include "chaos/rig/child.hpp"

namespace orderflow::chaos {

// Some of everything; payments that take seconds would only make each trial longer.
inline constexpr const char* mix_of_everything = "all,slow=0";

struct LoadPlan {
    std::uint64_t rate = 300;  // requests per second, also while the server is away
    unsigned connections = 16;
    std::optional<std::uint64_t> orders{};  // ends after so many or when nobody listens; else when it is told to
    const char* mix = mix_of_everything;
    std::optional<std::uint64_t> seed{};  // two generators with the same seed send the same orders; else one of its own
};

class LoadProcess {
  public:
    LoadProcess(const LoadPlan& plan, std::uint64_t seed, std::uint16_t port, const std::filesystem::path& ledger);

    // Ends it: requests on their way get their answer first. Returns how many answers its requests did not ask for (a
    // 4xx to a valid order). Throws with its output when it fails.
    std::uint64_t stop();
    // Waits until it has sent what its plan says. The same.
    std::uint64_t wait();

  private:
    std::uint64_t result(std::optional<int> code) const;

    std::filesystem::path output_;
    Child child_;
};

}  // namespace orderflow::chaos
