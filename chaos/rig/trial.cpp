#include "chaos/rig/trial.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <string_view>

#include "chaos/rig/audit.hpp"
#include "chaos/rig/evidence.hpp"
#include "chaos/rig/interrupt.hpp"
#include "chaos/rig/ledger.hpp"
#include "chaos/rig/port.hpp"
#include "orderflow/load/answer.hpp"

namespace orderflow::chaos {
namespace {

constexpr auto time_to_start = 120s;  // for a machine that is busy with other things; the table says how long it took
constexpr auto time_to_drain = 120s;
constexpr auto time_for_few_orders = 20s;
constexpr auto time_to_drain_when_broken = 10s;  // what was lost holds up the rest for ever
constexpr std::array depths{"orderflow_queue_visible_messages", "orderflow_queue_in_flight_messages",
                            "orderflow_queue_delayed_messages"};

// Messages in all queues, by the metrics; nothing when it does not answer.
std::optional<std::uint64_t> messages_left(const e2e::ShopClient& shop) {
    const auto answer = shop.try_request("GET", "/metrics");
    if (!answer || answer->status != 200) return std::nullopt;
    std::uint64_t sum = 0;
    std::string_view rest = answer->body;
    while (!rest.empty()) {
        const auto line = rest.substr(0, rest.find('\n'));
        rest.remove_prefix(std::min(line.size() + 1, rest.size()));
        if (std::ranges::none_of(depths, [&](std::string_view name) { return line.starts_with(name); })) continue;
        const auto number = line.substr(line.rfind(' ') + 1);
        std::uint64_t value = 0;
        std::from_chars(number.data(), number.data() + number.size(), value);
        sum += value;
    }
    return sum;
}

}  // namespace

Trial::Trial(Run& run, std::filesystem::path data, Settings settings)
    : run_(run),
      data_(std::move(data)),
      beside_(run.workspace().directory(fmt::format("{}-ledgers-{}", run.tally().scenario, run.new_number()))),
      settings_(std::move(settings)),
      port_(free_port()) {
    settings_["ORDERFLOW_DATA_DIR"] = data_.string();
    settings_["ORDERFLOW_LISTEN"] = fmt::format("127.0.0.1:{}", port_);
    settings_["ORDERFLOW_LOG_LEVEL"] = "error";
}

void Trial::start_only(const Arguments& prefix, const Settings& besides) {
    auto settings = besides;
    settings.insert(settings_.begin(), settings_.end());
    server_.reset();
    server_.emplace(std::move(settings), prefix);
}

bool Trial::try_start(const Arguments& prefix) {
    recovering();
    start_only(prefix);
    try {
        server_->wait_until_ready(time_to_start);
        return true;
    } catch (const std::runtime_error&) {
        server_->wait(5s);  // throws when it neither became ready nor ended
        return false;
    }
}

BootClock::duration Trial::start(const Settings& besides) {
    recovering();
    const auto from = run_.clock().now();
    start_only({}, besides);
    server_->wait_until_ready(time_to_start);
    return run_.clock().now() - from;
}

BootClock::duration Trial::restart() {
    server_->kill();
    return start();
}

bool Trial::server_ended() { return server_->ended(); }

bool Trial::wait_for_the_worker() {
    const auto until = run_.clock().now() + time_for_few_orders;
    for (int empty_in_a_row = 0; run_.clock().now() < until;) {
        if (server_ended()) return true;
        empty_in_a_row = messages_left(shop()) == 0U ? empty_in_a_row + 1 : 0;
        if (empty_in_a_row == 3) return true;
        pause(50ms);
    }
    return false;
}

void Trial::recovering() { recovering_.push_back(run_.clock().wall()); }

std::filesystem::path Trial::new_ledger() {
    ledgers_.push_back(beside_ / fmt::format("ledger-{}", ledgers_.size() + 1));
    return ledgers_.back();
}

LoadProcess Trial::generator(const LoadPlan& plan) {
    const auto own_seed = run_.seed() * 1000 + run_.new_number();
    return {plan, plan.seed.value_or(own_seed), port_, new_ledger()};
}

void Trial::load(LoadPlan plan) { loads_.push_back(generator(plan)); }

void Trial::load_to_the_end(LoadPlan plan) { unexpected_ += generator(plan).wait(); }

std::optional<e2e::Answer> Trial::place_order() {
    audit::Attempt attempt;
    attempt.key = fmt::format("chaos-rig-order-{}-{}", run_.seed(), run_.new_number());
    attempt.lines = {{"PC-SHARP", 1}};
    attempt.start = run_.clock().wall();
    // The audit knows an order whose answer is missing by its reference.
    const auto body =
        fmt::format(R"({{"client_reference":"{}",{})", attempt.key, e2e::order_body({{"PC-SHARP", 1}}).substr(1));
    auto answer = shop().try_post_order(attempt.key, body);
    attempt.end = run_.clock().wall();
    attempt.http_status = answer ? answer->status : 0;
    attempt.outcome = answer ? load::outcome_of({answer->status, answer->body}) : audit::Outcome::unknown;
    if (attempt.outcome == audit::Outcome::ok) attempt.order = orders::OrderId::parse(answer->text("id"));
    if (!own_ledger_) own_ledger_.emplace(new_ledger());
    own_ledger_->add(attempt);
    return answer;
}

void Trial::end_load() {
    for (auto& load : loads_) unexpected_ += load.stop();
    loads_.clear();
}

void Trial::wait_until_quiet() {
    const auto patience = run_.harm_is_wanted() ? time_to_drain_when_broken : time_to_drain;
    const auto until = run_.clock().now() + patience;
    int empty_in_a_row = 0;
    while (empty_in_a_row < 3 && run_.clock().now() < until) {
        empty_in_a_row = messages_left(shop()) == 0U ? empty_in_a_row + 1 : 0;
        pause(50ms);
    }
    run_.expect(empty_in_a_row > 0, fmt::format("the queues are not empty after {}", in_ms(patience)));
}

void Trial::note_recoveries() {
    std::vector<WallTime> accepted;
    for (const auto& ledger : ledgers_) {
        for (const auto& attempt : read_attempts(ledger)) {
            if (attempt.outcome == audit::Outcome::unknown) ++unanswered_;
            if (attempt.kind == audit::AttemptKind::place && attempt.outcome == audit::Outcome::ok) {
                accepted.push_back(attempt.end);
            }
        }
    }
    std::ranges::sort(accepted);
    for (const auto since : recovering_) {
        const auto first = std::ranges::upper_bound(accepted, since);
        if (first != accepted.end()) run_.tally().recoveries.push_back(*first - since);
    }
}

void Trial::finish() {
    end_load();
    if (own_ledger_) own_ledger_->finish();
    wait_until_quiet();
    server_->terminate();
    const int code = server_->wait();
    run_.expect(code == 0, fmt::format("at the end, after SIGTERM, it ended with {}", code));
    const auto verdict = audit(data_, ledgers_);
    note_recoveries();
    auto& tally = run_.tally();
    tally.add(verdict.counts);
    run_.expect(unexpected_ == 0, fmt::format("{} answers that no request asked for", unexpected_));
    run_.expect(verdict.sound, "the audit is not clean");
    if ((verdict.sound && unexpected_ == 0) || run_.harm_is_wanted()) return;
    if (!verdict.sound) run_.say(verdict.report);
    const auto kept = keep_evidence(tally.scenario, data_, beside_, verdict.report);
    run_.say(fmt::format("files and report are kept in {}", kept.string()));
}

}  // namespace orderflow::chaos
