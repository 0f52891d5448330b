#include <fmt/format.h>

#include <array>
#include <fstream>

#include "chaos/rig/interrupt.hpp"
#include "chaos/rig/probe.hpp"
#include "chaos/rig/trial.hpp"
#include "chaos/scenarios/scenario.hpp"

namespace orderflow::chaos {
namespace {

constexpr std::array offsets{"+1h", "-1h", "+0", "+26h", "-26h", "+400d", "-400d", "+0"};

// libfaketime reads the offset anew with each look at the clock.
void set_offset(const std::filesystem::path& file, const char* offset) {
    auto beside = file;
    beside += ".new";
    std::ofstream(beside) << offset << "\n";
    std::filesystem::rename(beside, file);
}

}  // namespace

// Only the server's wall clock jumps; leases run on CLOCK_BOOTTIME, which cannot. Every second jump comes together with
// a restart, when deadlines are read back from the journal.
void jump_the_clock(Run& run) {
    const auto library = need_faked_clock();
    const auto directory = run.workspace().directory("clock");
    const auto file = directory / "offset";
    set_offset(file, "+0");
    Trial trial(run, directory / "data",
                {{"LD_PRELOAD", library},
                 {"FAKETIME_TIMESTAMP_FILE", file.string()},
                 {"FAKETIME_NO_CACHE", "1"},
                 {"FAKETIME_DONT_FAKE_MONOTONIC", "1"}});
    trial.start();
    trial.load();
    while (run.tally().faults < run.rounds()) {
        const auto* offset = offsets[run.tally().faults % offsets.size()];
        pause(run.choose_time(400ms, 1200ms));
        const bool with_restart = run.tally().faults % 2 == 1;
        set_offset(file, offset);
        if (with_restart) trial.restart();
        run.fault(fmt::format("wall clock at {}{}", offset, with_restart ? ", with kill -9" : ""));
    }
    pause(1s);
    trial.finish();
}

}  // namespace orderflow::chaos
