#include "chaos/rig/trial.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

#include "chaos/rig/audit.hpp"
#include "chaos/rig/evidence.hpp"
#include "chaos/rig/interrupt.hpp"
#include "chaos/rig/ledger.hpp"
#include "orderflow/load/answer.hpp"

namespace orderflow::chaos {
namespace {

constexpr auto time_to_drain = 120s;
constexpr auto time_to_come_again = 60s;  // the visibility timeout of what a killed service had received
constexpr auto time_for_few_orders = 20s;
constexpr auto time_to_drain_when_broken = 10s;  // what was lost holds up the rest for ever

}  // namespace

Trial::Trial(Run& run, std::filesystem::path data, Settings settings)
    : run_(run),
      beside_(run.workspace().directory(fmt::format("{}-ledgers-{}", run.tally().scenario, run.new_number()))),
      database_(run.store() == Store::postgres ? std::make_unique<Database>(run.workspace().directory(fmt::format(
                                                     "{}-database-{}", run.tally().scenario, run.new_number())))
                                               : nullptr),
      place_({.data = std::move(data), .database_url = database_ ? database_->url() : "", .payments = {}}),
      system_(run.deployment(), placed(), settings, run.images()) {}

// Two workers have no payment provider in their own data directories.
const Place& Trial::placed() {
    if (database_ && run_.deployment() == Deployment::services) place_.payments = beside_ / "provider.db";
    return place_;
}

Database& Trial::database() {
    if (!database_) throw std::logic_error("the store under trial is a file");
    return *database_;
}

std::uint16_t Trial::port() const {
    const auto apis = system_.apis();
    return apis[next_api_++ % apis.size()]->port();
}

void Trial::start_only(const Arguments& prefix, const Settings& besides) { system_.only().start_only(prefix, besides); }

bool Trial::try_start(const Arguments& prefix) {
    recovering();
    start_only(prefix);
    try {
        system_.only().wait_until_ready();
        return true;
    } catch (const std::runtime_error&) {
        server().wait(5s);  // throws when it neither became ready nor ended
        return false;
    }
}

BootClock::duration Trial::start(Program& program, const Settings& besides) {
    if (system_.takes_orders(program)) recovering();
    const auto from = run_.clock().now();
    program.start_only({}, besides);
    program.wait_until_ready();
    return run_.clock().now() - from;
}

void Trial::start_provider() {
    auto& provider = system_.provider();
    if (!provider) return;
    provider->start_only();
    provider->wait_until_ready();
}

BootClock::duration Trial::start(const Settings& besides) {
    start_provider();
    BootClock::duration took{};
    for (auto& program : system_.programs()) took += start(program, besides);
    return took;
}

BootClock::duration Trial::restart() {
    server().kill();
    return start();
}

bool Trial::wait_for_the_worker() {
    const auto until = run_.clock().now() + time_for_few_orders;
    for (int empty_in_a_row = 0; run_.clock().now() < until;) {
        if (server_ended()) return true;
        empty_in_a_row = system_.messages_left() == 0U ? empty_in_a_row + 1 : 0;
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

LoadProcess Trial::generator(LoadPlan plan, const Program& api) {
    const auto own_seed = run_.seed() * 1000 + run_.new_number();
    // Of a killed worker, a minute in the queue; without the database, as long as it is away.
    const bool waits = run_.deployment() == Deployment::services || run_.store() == Store::postgres;
    if (plan.mix == nullptr) plan.mix = waits ? mix_without_reused_keys : mix_of_everything;
    return {plan, plan.seed.value_or(own_seed), {api.port(), system_.more_metrics(api)}, new_ledger()};
}

void Trial::load(LoadPlan plan) {
    const auto apis = system_.apis();
    plan.rate /= apis.size();
    for (const auto* api : apis) loads_.push_back(generator(plan, *api));
}

void Trial::load_to_the_end(LoadPlan plan) { unexpected_ += generator(plan, system_.api()).wait(); }

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

std::optional<BootClock::duration> Trial::settle_one(BootClock::duration at_most) {
    const auto from = run_.clock().now();
    std::string id;
    while (run_.clock().now() < from + at_most) {
        if (id.empty()) {
            const auto placed = place_order();
            if (placed && placed->status == 202) id = placed->text("id");
        } else {
            const auto seen = shop().try_request("GET", "/v1/orders/" + id);
            if (seen && seen->status == 200 && seen->text("status") == "confirmed") return run_.clock().now() - from;
        }
        pause(20ms);
    }
    return std::nullopt;
}

void Trial::end_load() {
    for (auto& load : loads_) unexpected_ += load.stop();
    loads_.clear();
}

void Trial::wait_until_quiet() {
    if (run_.ending() == Ending::as_it_stands) return;
    auto patience = run_.harm_is_wanted() ? time_to_drain_when_broken : time_to_drain;
    if (run_.deployment() == Deployment::services) patience += time_to_come_again;
    const auto until = run_.clock().now() + patience;
    int empty_in_a_row = 0;
    while (empty_in_a_row < 3 && run_.clock().now() < until) {
        empty_in_a_row = system_.messages_left() == 0U ? empty_in_a_row + 1 : 0;
        pause(50ms);
    }
    run_.expect(empty_in_a_row > 0, fmt::format("the queues are not empty after {}", in_ms(patience)));
}

// From the last to the first, so that each finds what it finishes its work with.
void Trial::stop_system() {
    auto& programs = system_.programs();
    for (auto program = programs.rbegin(); program != programs.rend(); ++program) {
        program->terminate();
        const int code = program->wait();
        run_.expect(code == 0, fmt::format("at the end, after SIGTERM, {} ended with {}", program->name(), code));
    }
    if (auto& provider = system_.provider(); provider) {
        provider->process().terminate();
        provider->process().wait();
    }
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
    stop_system();
    const auto verdict = audit(place_, ledgers_, run_.ending());
    note_recoveries();
    auto& tally = run_.tally();
    tally.add(verdict.counts);
    run_.expect(unexpected_ == 0, fmt::format("{} answers that no request asked for", unexpected_));
    run_.expect(verdict.sound, "the audit is not clean");
    if ((verdict.sound && unexpected_ == 0) || run_.harm_is_wanted()) return;
    if (!verdict.sound) run_.say(verdict.report);
    const auto kept = keep_evidence(tally.scenario, place_.data, beside_, verdict.report);
    run_.say(fmt::format("files and report are kept in {}", kept.string()));
}

}  // namespace orderflow::chaos
