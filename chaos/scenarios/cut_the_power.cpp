#include <fmt/format.h>

#include "chaos/rig/disk.hpp"
#include "chaos/rig/interrupt.hpp"
#include "chaos/rig/probe.hpp"
#include "chaos/rig/trial.hpp"
#include "chaos/scenarios/scenario.hpp"

namespace orderflow::chaos {
namespace {

const Trial::Settings without_worker{{"ORDERFLOW_WORKER", "off"}};

void cut(LoopDisk& disk, Trial& trial) {
    disk.cut_power(trial.server().pid());
    trial.server().kill();
    disk.remount();
}

}  // namespace

// The data directory lies on an ext4 of its own; the clients' ledgers do not. A cut may also come while the program
// recovers from the one before. Every third life takes orders and processes none: what it acknowledged is in the
// journal of the queue and nowhere else.
void cut_the_power_of(Run& run, const Trial::Settings& settings) {
    need_loop_disks(run.workspace());
    LoopDisk disk(run.workspace().path(), "power-cuts", 256);
    Trial trial(run, disk.path() / "data", settings);
    trial.start();
    trial.load({.mix = mix_without_reused_keys});
    while (run.tally().faults < run.rounds()) {
        pause(run.choose_time(50ms, 900ms));
        cut(disk, trial);
        if (run.choose(1, 8) == 1) {
            trial.start_only();
            pause(run.choose_time(1ms, 60ms));
            cut(disk, trial);
        }
        const bool works = run.tally().faults % 3 != 0;
        const auto took = trial.start(works ? Trial::Settings{} : without_worker);
        run.fault(fmt::format("power cut, file system mounted again, ready after {}{}", in_ms(took),
                              works ? "" : ", now without worker"));
    }
    trial.restart();
    trial.finish();
}

void cut_the_power(Run& run) { cut_the_power_of(run, {}); }

}  // namespace orderflow::chaos
