#include <fmt/format.h>

#include <array>
#include <string>

#include "chaos/rig/interrupt.hpp"
#include "chaos/rig/probe.hpp"
#include "chaos/rig/syscall_fault.hpp"
#include "chaos/rig/trial.hpp"
#include "chaos/scenarios/scenario.hpp"

namespace orderflow::chaos {
namespace {

constexpr std::array calls{"fdatasync", "pwrite64"};
constexpr std::array threads{"queue-journal", "order-store", "payments"};
constexpr auto time_to_end = 20s;

void expect_a_message(Run& run, e2e::ServerProcess& server, int code, const std::string& what) {
    run.expect(code > 0, fmt::format("{}: it ended with {}, not by itself", what, code));
    const auto errors = server.stderr_text();
    run.expect(errors.find("orderflow: ") != std::string::npos, what + ": it did not say why it ended: " + errors);
}

// The n-th call of one thread fails, and all later ones: a disk that has broken stays broken.
void fail_while_running(Run& run, Trial& trial, const std::string& thread, const SyscallFault& fault) {
    const auto what = fmt::format("{} {} of {} failed with EIO", fault.call, fault.nth, thread);
    auto& program = trial.system().with_thread(thread);
    auto& process = program.process();
    {
        const AttachedFault attached(*thread_named(process.pid(), thread), fault, false,
                                     run.workspace().path() / "strace");
        const auto until = run.clock().now() + time_to_end;
        while (!process.ended() && run.clock().now() < until) pause(5ms);
    }
    run.expect(process.ended(), what + ": it goes on");
    if (process.ended()) expect_a_message(run, process, process.wait(), what);
    const auto took = trial.start(program);
    run.fault(fmt::format("{}; it said why and ended; ready again after {}", what, in_ms(took)));
}

void fail_at_the_first_start(Run& run, const SyscallFault& fault) {
    const auto directory = run.workspace().directory(fmt::format("disk-errors-{}", run.tally().faults));
    const auto what = fmt::format("{} {} from the first start on failed with EIO", fault.call, fault.nth);
    Trial trial(run, directory / "data");
    if (trial.try_start(traced_from_the_start(fault))) {
        trial.load_to_the_end({.rate = 100, .orders = 12});
        trial.server().terminate();
    }
    const int code = trial.server().wait();
    if (code != 0) expect_a_message(run, trial.server(), code, what);  // 0: it came to its end before the n-th call
    trial.start();
    trial.load_to_the_end({.rate = 100, .orders = 12});
    trial.finish();
    std::filesystem::remove_all(directory);
    run.fault(fmt::format("{}; ended with {}", what, code));
}

}  // namespace

void fail_the_disk(Run& run) {
    need_syscall_faults();
    Trial trial(run, run.workspace().directory("disk-errors") / "data");
    trial.start();
    trial.load();
    const bool alone = run.deployment() == Deployment::one_program;
    const auto at_the_first_start = alone ? run.rounds() / 3 : 0;
    for (std::uint64_t i = 0; run.tally().faults + at_the_first_start < run.rounds(); ++i) {
        const std::string thread = threads[i % threads.size()];
        const std::string call = calls[i / threads.size() % calls.size()];
        fail_while_running(run, trial, thread, {call, "error=EIO", static_cast<int>(run.choose(1, 12)), true});
    }
    trial.finish();
    while (run.tally().faults < run.rounds()) {
        const std::string call = calls[run.tally().faults % calls.size()];
        fail_at_the_first_start(run, {call, "error=EIO", static_cast<int>(run.choose(1, 40)), true});
    }
}

}  // namespace orderflow::chaos
