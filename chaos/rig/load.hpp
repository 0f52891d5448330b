// LoadProcess: `orderflow load` against the server under trial, with a ledger of every attempt.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <vector>

#include "chaos/rig/child.hpp"

namespace orderflow::chaos {

// Some of everything; payments that take seconds would only make each trial longer.
inline constexpr const char* mix_of_everything = "all,slow=0";
// While orders wait in the queue a new process does not know their content, so that other content under a used key is
// taken (to no effect), and the first content then refused.
inline constexpr const char* mix_without_reused_keys = "all,slow=0,reuse=0";

struct LoadPlan {
    std::uint64_t rate = 300;  // requests per second, also while the server is away
    unsigned connections = 16;
    std::optional<std::uint64_t> orders{};  // ends after so many or when nobody listens; else when it is told to
    const char* mix = nullptr;              // of `orderflow load`; none: the trial chooses
    std::optional<std::uint64_t> seed{};  // two generators with the same seed send the same orders; else one of its own
    bool settle = false;  // ends when everything is settled by the counters, and fails when that is late
};

// Ports of loopback.
struct LoadTarget {
    std::uint16_t api = 0;
    std::vector<std::uint16_t> more_metrics{};  // where the counters are that the API does not have
};

class LoadProcess {
  public:
    LoadProcess(const LoadPlan& plan, std::uint64_t seed, const LoadTarget& target,
                const std::filesystem::path& ledger);

    // Ends it: requests on their way get their answer first. Returns how many answers its requests did not ask for (a
    // 4xx to a valid order). Throws with its output when it fails.
    std::uint64_t stop();
    // Waits until it has sent what its plan says, and until all of it is settled when it says so. The same.
    std::uint64_t wait();

  private:
    std::uint64_t result(std::optional<int> code) const;

    std::filesystem::path output_;
    bool settles_;
    Child child_;
};

}  // namespace orderflow::chaos
