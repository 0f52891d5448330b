#include <fmt/format.h>

#include "chaos/rig/interrupt.hpp"
#include "chaos/rig/trial.hpp"
#include "chaos/scenarios/scenario.hpp"

namespace orderflow::chaos {

// One of five kills comes while the program starts: recovery must survive being interrupted, too. The services die in
// turn.
void kill_in_turn(Run& run, Trial& trial) {
    trial.load();
    while (run.tally().faults < run.rounds()) {
        auto& program = trial.system().in_turn(run.tally().faults);
        const bool while_starting = run.choose(1, 5) == 1;
        pause(run.choose_time(20ms, 800ms));
        program.kill();
        if (while_starting) {
            program.start_only();
            pause(run.choose_time(1ms, 60ms));
            program.kill();
        }
        const auto took = trial.start(program);
        run.fault(fmt::format("{} killed{}, ready again after {}", program.name(),
                              while_starting ? ", and again while it started" : "", in_ms(took)));
    }
    trial.finish();
}

void kill_at_random(Run& run) {
    Trial trial(run, run.workspace().directory("kills") / "data");
    trial.start();
    kill_in_turn(run, trial);
}

}  // namespace orderflow::chaos
