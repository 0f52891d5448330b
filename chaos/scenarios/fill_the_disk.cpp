#include <fmt/format.h>

#include <filesystem>
#include <memory>
#include <string>

#include "chaos/rig/disk.hpp"
#include "chaos/rig/interrupt.hpp"
#include "chaos/rig/probe.hpp"
#include "chaos/rig/trial.hpp"
#include "chaos/scenarios/scenario.hpp"

namespace orderflow::chaos {
namespace {

constexpr auto patience = 15s;
constexpr std::uint64_t megabytes = 128;  // without the filler there is room for three logs of 16 MB and what they hold

// /readyz keeps an answer for a second.
void expect_readyz(Run& run, Trial& trial, int status, const std::string& otherwise) {
    const auto until = run.clock().now() + 3s;
    bool seen = false;
    while (!seen && run.clock().now() < until) {
        const auto ready = trial.shop().try_request("GET", "/readyz");
        seen = ready && ready->status == status;
        if (!seen) pause(100ms);
    }
    run.expect(seen, otherwise);
}

// What it must say while there is no room, and go on saying.
void expect_honesty(Run& run, Trial& trial) {
    bool refused = false;
    const auto until = run.clock().now() + patience;
    while (!refused && run.clock().now() < until) {
        const auto answer = trial.place_order();
        refused = answer && answer->status == 503;
        if (refused) run.expect(answer->fields.contains("retry-after"), "the 503 of a full disk has no Retry-After");
        if (!refused) pause(20ms);
    }
    run.expect(refused, "the disk is full and orders are not refused");
    expect_readyz(run, trial, 503, "the disk is full and /readyz is not red");
    const auto alive = trial.shop().try_request("GET", "/healthz");
    run.expect(alive && alive->status == 200, "the disk is full and /healthz is not green");
    pause(1s);
}

void expect_recovery(Run& run, Trial& trial) {
    const auto until = run.clock().now() + patience;
    bool accepted = false;
    while (!accepted && run.clock().now() < until) {
        const auto answer = trial.place_order();
        accepted = answer && answer->status == 202;
        if (!accepted) pause(20ms);
    }
    run.expect(accepted, "there is room again and orders are still refused");
    expect_readyz(run, trial, 200, "there is room again and /readyz is still red");
}

void fill_and_free(Run& run, const std::filesystem::path& disk, const std::string& kind, std::uint64_t rounds) {
    Trial trial(run, disk / "data");
    trial.start();
    trial.load({.rate = 100});
    for (std::uint64_t i = 0; i < rounds; ++i) {
        pause(run.choose_time(500ms, 1500ms));
        fill_up(disk / "filler");
        expect_honesty(run, trial);
        std::filesystem::remove(disk / "filler");
        trial.recovering();
        expect_recovery(run, trial);
        run.expect(!trial.server_ended(), "a full disk ended the process");
        run.fault(fmt::format("{} full, refused; room again, accepted without a restart", kind));
    }
    // What was acknowledged around the full disk must be on it: nothing of the process is left.
    trial.restart();
    trial.finish();
}

// The disk is full and the program is killed, started and killed again; then there is room.
void start_when_full(Run& run, const std::filesystem::path& disk) {
    Trial trial(run, disk / "data");
    trial.start();
    trial.load({.rate = 100});
    pause(1s);
    fill_up(disk / "filler");
    pause(500ms);
    trial.server().kill();
    const bool came_up = trial.try_start({});
    if (!came_up) run.expect(trial.server().wait() > 0, "a start on a full disk did not end by itself");
    pause(500ms);
    trial.server().kill();
    std::filesystem::remove(disk / "filler");
    const auto took = trial.start();
    run.fault(fmt::format("killed and started on the full disk ({}); with room ready after {}",
                          came_up ? "it came up" : "it refused", in_ms(took)));
    trial.finish();
}

}  // namespace

void fill_the_disk(Run& run) {
    need_memory_disks(run.workspace());
    const MemoryDisk memory(run.workspace().path(), "memory-disk", megabytes);
    fill_and_free(run, memory.path(), "tmpfs", std::max<std::uint64_t>(run.rounds() / 2, 1));
    if (run.rounds() < 3) return;
    need_loop_disks(run.workspace());
    const LoopDisk disk(run.workspace().path(), "small-disk", megabytes);
    fill_and_free(run, disk.path(), "ext4", run.rounds() - run.rounds() / 2 - 1);
    const LoopDisk other(run.workspace().path(), "other-disk", megabytes);
    start_when_full(run, other.path());
}

}  // namespace orderflow::chaos
