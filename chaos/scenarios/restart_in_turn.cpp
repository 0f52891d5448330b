#include <fmt/format.h>

#include "chaos/rig/interrupt.hpp"
#include "chaos/rig/trial.hpp"
#include "chaos/scenarios/scenario.hpp"

namespace orderflow::chaos {
namespace {

// A request and the close of an idle connection can cross on their way (RFC 9112, section 9.5), and the client sends it
// again; kept connections stay open for a moment at a stop, so that it is rare. Closed at once they were one in 300.
constexpr std::uint64_t acknowledged_per_crossing = 1000;

}  // namespace

void restart_in_turn(Run& run) {
    Trial trial(run, run.workspace().directory("restarts") / "data");
    trial.start();
    trial.load();
    while (run.tally().faults < run.rounds()) {
        pause(run.choose_time(100ms, 1s));
        auto& program = trial.system().in_turn(run.tally().faults);
        const auto asked = run.clock().now();
        program.terminate();
        const int code = program.wait();
        const auto stopped = run.clock().now();
        run.expect(code == 0, fmt::format("after SIGTERM {} ended with {}", program.name(), code));
        const auto took = trial.start(program);
        run.fault(fmt::format("SIGTERM to {}, ended after {}, ready after {}", program.name(), in_ms(stopped - asked),
                              in_ms(took)));
    }
    trial.finish();
    run.say(fmt::format("{} requests met the close of their kept connection", trial.unanswered()));
    run.expect(trial.unanswered() <= 1 + run.tally().acknowledged / acknowledged_per_crossing,
               fmt::format("{} requests got no answer: it does not finish what it took", trial.unanswered()));
}

}  // namespace orderflow::chaos
