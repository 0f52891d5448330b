#include "chaos/rig/load.hpp"

#include <signal.h>

#include <charconv>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

#include "tests/e2e/server_process.hpp"

namespace orderflow::chaos {
namespace {

constexpr auto time_to_end = 60s;
constexpr const char* time_to_settle = "120s";
constexpr auto time_to_end_settled = 180s;
constexpr const char* as_long_as_it_takes = "1h";
// Named, as nobody may be there to ask. Of the last one the sample catalogue has five: it sells out.
constexpr const char* skus =
    "NB-A5-DOT,NB-A6-POCKET,PA-A4-LAID,PA-BLOT-10,EN-C6-25,PN-ROLL-05,PC-SHARP,PC-ERASER,"
    "IN-BLACK-50,DK-CLIP-50,NB-PRESS-01";

Arguments command(const LoadPlan& plan, std::uint64_t seed, const LoadTarget& target,
                  const std::filesystem::path& ledger) {
    Arguments words{e2e::program_under_test().string(), "load", "--json", "--sku", skus, "--mix", plan.mix};
    const auto add = [&words](const char* option, std::string value) {
        words.emplace_back(option);
        words.push_back(std::move(value));
    };
    const auto url = [](std::uint16_t port) { return "http://127.0.0.1:" + std::to_string(port); };
    add("--url", url(target.api));
    for (const auto port : target.more_metrics) add("--metrics", url(port));
    add("--rate", std::to_string(plan.rate));
    add("--connections", std::to_string(plan.connections));
    add("--seed", std::to_string(seed));
    add("--ledger", ledger.string());
    add("--duration", as_long_as_it_takes);
    add("--followers", "0");
    if (plan.orders) add("--orders", std::to_string(*plan.orders));
    if (!plan.orders) words.emplace_back("--keep-going");
    if (plan.settle) add("--settle", time_to_settle);
    return words;
}

std::string end_of(const std::string& output) {
    constexpr std::size_t bytes_max = 1000;
    return output.size() <= bytes_max ? output : output.substr(output.size() - bytes_max);
}

}  // namespace

LoadProcess::LoadProcess(const LoadPlan& plan, std::uint64_t seed, const LoadTarget& target,
                         const std::filesystem::path& ledger)
    : output_(ledger.string() + ".log"), settles_(plan.settle), child_(command(plan, seed, target, ledger), output_) {}

std::uint64_t LoadProcess::stop() {
    child_.signal(SIGTERM);
    return result(child_.status_within(time_to_end));
}

std::uint64_t LoadProcess::wait() { return result(child_.status_within(settles_ ? time_to_end_settled : time_to_end)); }

// A request without an answer makes the generator end with 1, which is what a fault is for.
std::uint64_t LoadProcess::result(std::optional<int> code) const {
    constexpr std::string_view member = R"("unexpected":)";
    const auto output = read_file(output_);
    const auto at = output.rfind(member);
    std::uint64_t unexpected = 0;
    const bool late = settles_ && output.find(R"("settled":null)") != std::string::npos;
    if ((code == 0 || code == 1) && at != std::string::npos && !late) {
        std::from_chars(output.data() + at + member.size(), output.data() + output.size(), unexpected);
        return unexpected;
    }
    throw std::runtime_error("orderflow load " + (code ? "ended with " + std::to_string(*code) : "does not end") +
                             ": " + end_of(output));
}

}  // namespace orderflow::chaos
