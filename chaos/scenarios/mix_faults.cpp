#include <signal.h>

#include <fmt/format.h>

#include "chaos/rig/disk.hpp"
#include "chaos/rig/interrupt.hpp"
#include "chaos/rig/probe.hpp"
#include "chaos/rig/syscall_fault.hpp"
#include "chaos/rig/trial.hpp"
#include "chaos/scenarios/scenario.hpp"

namespace orderflow::chaos {
namespace {

struct Mix {
    Run& run;
    LoopDisk& disk;
    Trial& trial;

    std::string killed() {
        trial.server().kill();
        return "kill -9";
    }
    std::string power_cut() {
        disk.cut_power(trial.server().pid());
        trial.server().kill();
        disk.remount();
        return "power cut";
    }
    std::string paused() {
        const auto length = run.choose_time(50ms, 2s);
        trial.server().signal(SIGSTOP);
        pause(length);
        trial.server().signal(SIGCONT);
        return fmt::format("stopped for {}", in_ms(length));
    }
    std::string full() {
        fill_up(disk.path() / "filler");
        pause(run.choose_time(100ms, 2s));
        std::filesystem::remove(disk.path() / "filler");
        return "full disk";
    }
    std::string full_and_killed() {
        fill_up(disk.path() / "filler");
        pause(run.choose_time(50ms, 500ms));
        trial.server().kill();
        std::filesystem::remove(disk.path() / "filler");
        return "killed on a full disk";
    }
    std::string full_and_power_cut() {
        fill_up(disk.path() / "filler");
        pause(run.choose_time(50ms, 500ms));
        power_cut();
        std::filesystem::remove(disk.path() / "filler");
        return "power cut on a full disk";
    }
    std::string disk_error() {
        const auto nth = static_cast<int>(run.choose(1, 30));
        const AttachedFault fault(trial.server().pid(), {"fdatasync", "error=EIO", nth, true}, true,
                                  run.workspace().path() / "strace");
        const auto until = run.clock().now() + 3s;
        while (!trial.server_ended() && run.clock().now() < until) pause(5ms);
        return fmt::format("EIO from sync {} of a thread on", nth);
    }
    std::string asked_to_stop() {
        trial.server().terminate();
        pause(run.choose_time(1ms, 100ms));
        trial.server().kill();
        return "SIGTERM, and kill -9 while it finishes";
    }

    std::string one() {
        switch (run.choose(1, 8)) {
            case 1: return power_cut();
            case 2: return paused();
            case 3: return full();
            case 4: return full_and_killed();
            case 5: return full_and_power_cut();
            case 6: return disk_error();
            case 7: return asked_to_stop();
            default: return killed();
        }
    }
};

}  // namespace

void mix_faults(Run& run) {
    need_loop_disks(run.workspace());
    need_syscall_faults();
    LoopDisk disk(run.workspace().path(), "mix", 192);  // room for three logs of 16 MB and what they hold
    Trial trial(run, disk.path() / "data");
    Mix mix{run, disk, trial};
    trial.start();
    // After a restart with a backlog an honest repeat of a reused key may be refused (docs/reliability.md, known gaps).
    trial.load({.mix = mix_without_reused_keys});
    trial.load({.rate = 100, .mix = mix_without_reused_keys, .seed = run.seed()});
    trial.load({.rate = 100, .mix = mix_without_reused_keys, .seed = run.seed()});
    while (run.tally().faults < run.rounds()) {
        pause(run.choose_time(100ms, 900ms));
        auto what = mix.one();
        // Some faults leave it running: now and then it goes on with what they did to it, else it starts anew.
        if (trial.server_ended() || run.choose(1, 2) == 1) {
            trial.server().kill();
            what += fmt::format(", ready after {}", in_ms(trial.start()));
        }
        run.fault(what);
    }
    if (trial.server_ended()) trial.start();
    trial.finish();
}

}  // namespace orderflow::chaos
