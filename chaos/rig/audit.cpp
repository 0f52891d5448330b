#include "chaos/rig/audit.hpp"

#include <stdexcept>

#include "chaos/rig/child.hpp"
#include "libs/audit/report.hpp"
#include "libs/json/parse.hpp"
#include "tests/e2e/server_process.hpp"

namespace orderflow::chaos {
namespace {

using audit::FindingKind;

constexpr int exit_sound = 0;
constexpr int exit_findings = 1;
constexpr auto time_to_audit = 120s;
constexpr std::size_t answer_bytes_max = 1024 * 1024;

Arguments command(const Place& place, const std::vector<std::filesystem::path>& ledgers, Ending ending) {
    Arguments words;
    if (!place.database_url.empty()) words = {"env", "DATABASE_URL=" + place.database_url};
    words.insert(words.end(), {e2e::program_under_test().string(), "audit", "--data", place.data.string()});
    if (!place.payments.empty()) words.insert(words.end(), {"--payments", place.payments.string()});
    if (ending == Ending::settled) words.emplace_back("--settled");
    for (const auto& ledger : ledgers) {
        words.emplace_back("--ledger");
        words.push_back(ledger.string());
    }
    return words;
}

std::uint64_t number(const json::Value* object, std::string_view name) {
    const auto* member = object == nullptr ? nullptr : object->find(name);
    const auto value = member == nullptr ? std::nullopt : member->number();
    const auto integer = value ? value->to_int64() : Result<std::int64_t>(fail(ErrorKind::invalid_input, ""));
    if (!integer || *integer < 0) throw std::runtime_error("the audit does not tell '" + std::string(name) + "'");
    return static_cast<std::uint64_t>(*integer);
}

}  // namespace

Tally counts_of(std::string_view answer) {
    const auto document = json::parse(answer, {.bytes = answer_bytes_max});
    if (!document) throw std::runtime_error("the audit answers no JSON: " + std::string(answer));
    const auto count = [&](FindingKind kind) { return number(&document->root(), to_string(kind)); };
    const auto* seen = document->find("seen");
    Tally counts;
    counts.acknowledged = number(seen, "acknowledged");
    counts.settled = number(seen, "settled");
    counts.lost = count(FindingKind::lost);
    counts.doubled = count(FindingKind::doubled);
    counts.oversold = count(FindingKind::oversold);
    counts.double_charges = count(FindingKind::double_charged);
    counts.other = count(FindingKind::phantom) + count(FindingKind::money_mismatch) +
                   count(FindingKind::illegal_history) + count(FindingKind::queue_mismatch);
    return counts;
}

Verdict audit(const Place& place, const std::vector<std::filesystem::path>& ledgers, Ending ending) {
    const auto for_people = command(place, ledgers, ending);
    auto for_programs = for_people;
    for_programs.emplace_back("--json");
    const auto ran = run(for_programs, time_to_audit);
    if (ran.code != exit_sound && ran.code != exit_findings) {
        throw std::runtime_error("no audit (" + std::to_string(ran.code) + "): " + ran.output);
    }
    Verdict verdict;
    verdict.counts = counts_of(ran.output);
    // A note says what could not be judged: that has not passed either.
    verdict.sound = ran.code == exit_sound && ran.output.find(R"("notes":[])") != std::string::npos;
    if (!verdict.sound) verdict.report = run(for_people, time_to_audit).output;
    return verdict;
}

}  // namespace orderflow::chaos
