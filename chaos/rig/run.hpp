// Run: one scenario at work: its random choices, its workspace, what it says to the person who watches, its tally.
#pragma once

#include <cstdint>
#include <optional>
#include <random>
#include <string>

#include "chaos/rig/system.hpp"
#include "chaos/rig/tally.hpp"
#include "chaos/rig/workspace.hpp"
#include "libs/base/system_clock.hpp"

namespace orderflow::chaos {

// What a finding is: bad news, whose files are kept, or what was wanted, because the program is broken on purpose.
enum class Finding : std::uint8_t { unwanted, wanted };

// When the audit comes. What a killed service held is delivered again when its visibility timeout of a minute is over.
enum class Ending : std::uint8_t {
    settled,       // when all queues are empty: a message that waits is a finding
    as_it_stands,  // at once: a message that waits carries its order on
};

struct RunPlan {
    std::uint64_t seed = 0;
    std::uint64_t rounds = 1;
    Deployment deployment = Deployment::one_program;
    Store store = Store::sqlite;
    std::optional<Images> images{};  // of containers; none: processes of this machine
    Ending ending = Ending::settled;
    Finding finding = Finding::unwanted;
};

class Run {
  public:
    Run(const Workspace& workspace, std::string scenario, const RunPlan& plan);

    const Workspace& workspace() const { return workspace_; }
    const Clock& clock() const { return clock_; }
    std::uint64_t rounds() const { return plan_.rounds; }
    std::uint64_t seed() const { return plan_.seed; }
    Deployment deployment() const { return plan_.deployment; }
    Store store() const { return plan_.store; }
    const std::optional<Images>& images() const { return plan_.images; }
    Ending ending() const { return plan_.ending; }
    Tally& tally() { return tally_; }
    bool harm_is_wanted() const { return plan_.finding == Finding::wanted; }

    // 1, 2, 3, ...: for names.
    std::uint64_t new_number() { return ++numbers_; }

    // A number in [from, to]; the same seed gives the same choices.
    std::uint64_t choose(std::uint64_t from, std::uint64_t to);
    BootClock::duration choose_time(BootClock::duration from, BootClock::duration to);

    // A fault was injected: counted, and shown with what came of it.
    void fault(const std::string& what);
    // One line of progress.
    void say(const std::string& text) const;
    // Something that must hold besides the audit.
    void expect(bool holds, const std::string& what);

  private:
    const Workspace& workspace_;
    SystemClock clock_;
    Instant started_;
    RunPlan plan_;
    std::uint64_t numbers_ = 0;
    std::mt19937_64 random_;
    Tally tally_;
};

}  // namespace orderflow::chaos
