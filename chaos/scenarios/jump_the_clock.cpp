#include <fmt/format.h>

#include <array>
#include <chrono>
#include <ctime>
#include <fstream>
#include <optional>

#include "chaos/rig/interrupt.hpp"
#include "chaos/rig/probe.hpp"
#include "chaos/rig/trial.hpp"
#include "chaos/scenarios/scenario.hpp"

namespace orderflow::chaos {
namespace {

struct Offset {
    const char* text;  // for libfaketime
    std::chrono::hours from_now;
};
constexpr std::array<Offset, 8> offsets{{{"+1h", 1h},
                                         {"-1h", -1h},
                                         {"+0", 0h},
                                         {"+26h", 26h},
                                         {"-26h", -26h},
                                         {"+400d", 400 * 24h},
                                         {"-400d", -400 * 24h},
                                         {"+0", 0h}}};
constexpr auto time_to_notice = 10s;

// libfaketime reads the offset anew with each look at the clock.
void set_offset(const std::filesystem::path& file, const char* offset) {
    auto beside = file;
    beside += ".new";
    std::ofstream(beside) << offset << "\n";
    std::filesystem::rename(beside, file);
}

// By the Date of an answer; nothing when there is none.
std::optional<WallTime> time_at(const e2e::ShopClient& shop) {
    const auto answer = shop.try_request("GET", "/healthz");
    if (!answer || !answer->fields.contains("date")) return std::nullopt;
    std::tm parts{};
    if (::strptime(answer->fields.at("date").c_str(), "%a, %d %b %Y %H:%M:%S", &parts) == nullptr) return std::nullopt;
    return from_unix_ms(std::int64_t{1000} * ::timegm(&parts));
}

// A jump that the server does not see shows nothing.
bool lives_at(const Run& run, const Trial& trial, std::chrono::hours offset) {
    for (const auto until = run.clock().now() + time_to_notice; run.clock().now() < until; pause(50ms)) {
        const auto told = time_at(trial.shop());
        const auto meant = run.clock().wall() + offset;
        if (told && *told > meant - 1min && *told < meant + 1min) return true;
    }
    return false;
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
        const auto& offset = offsets[run.tally().faults % offsets.size()];
        pause(run.choose_time(400ms, 1200ms));
        const bool with_restart = run.tally().faults % 2 == 1;
        set_offset(file, offset.text);
        if (with_restart) trial.restart();
        run.expect(lives_at(run, trial, offset.from_now), fmt::format("the server's clock is not at {}", offset.text));
        run.fault(fmt::format("wall clock at {}{}", offset.text, with_restart ? ", with kill -9" : ""));
    }
    pause(1s);
    trial.finish();
}

}  // namespace orderflow::chaos
