#include "orderflow/load/attempt_book.hpp"

#include <utility>

#include "orderflow/load/answer.hpp"

namespace orderflow::load {
namespace {

using audit::AttemptKind;
using audit::Outcome;

// FNV-1a: tells bodies apart, no more.
std::uint64_t hash_of(std::string_view bytes) {
    std::uint64_t hash = 0xcbf29ce484222325U;
    for (const char c : bytes) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3U;
    return hash;
}

}  // namespace

void AttemptBook::answered(const Job& job, const net::HttpAnswer& answer, std::string_view body, const Times& times) {
    latency_.add(times.latency);
    recent_.add(times.latency);
    const auto outcome = outcome_of(answer);
    ++counts_.sent;
    count(job, answer, outcome);
    if (ledger_ != nullptr) {
        write(job, answer.status, outcome, outcome == Outcome::ok ? id_in(answer.body) : "", body, times);
    }
}

void AttemptBook::failed(const Job& job, net::HttpFailure failure, std::string_view body, const Times& times) {
    const auto outcome = outcome_of(failure);
    ++counts_.sent;
    ++counts_.errors;
    ++(outcome == Outcome::refused ? counts_.not_sent : counts_.unknown);
    if (ledger_ != nullptr) write(job, 0, outcome, "", body, times);
}

void AttemptBook::count(const Job& job, const net::HttpAnswer& answer, Outcome outcome) {
    constexpr int overloaded_client = 429;
    constexpr int overloaded_server = 503;
    const auto error = [&](std::uint64_t& kind) {
        ++counts_.errors;
        ++kind;
    };
    if (outcome == Outcome::unknown) return error(counts_.unknown);
    if (answer.status == overloaded_client || answer.status == overloaded_server) return error(counts_.overloaded);
    const bool bad = job.kind != Job::Kind::cancel && planner_.plan(job.number).bad;
    if (outcome == Outcome::refused) {
        // A cancel of an order that has ended is refused; a key that is reused too.
        const bool wanted = bad || job.kind == Job::Kind::reuse || job.kind == Job::Kind::cancel;
        return wanted ? void(++counts_.refused) : error(counts_.unexpected);
    }
    if (bad) return error(counts_.unexpected);
    switch (job.kind) {
        case Job::Kind::place:
        case Job::Kind::retry: ++counts_.accepted; return;
        case Job::Kind::again:
        case Job::Kind::reuse: ++counts_.replayed; return;
        case Job::Kind::cancel: ++counts_.cancels; return;
    }
}

void AttemptBook::write(const Job& job, int status, Outcome outcome, std::string_view id, std::string_view body,
                        const Times& times) {
    line_.outcome = outcome;
    line_.http_status = status;
    line_.start = times.start;
    line_.end = times.end;
    line_.key.clear();
    line_.lines.clear();
    if (job.kind == Job::Kind::cancel) {
        line_.kind = AttemptKind::cancel;
        line_.order = orders::OrderId::parse(job.order_id);
        return ledger_->add(line_);
    }
    const auto plan = planner_.plan(job.number, job.kind == Job::Kind::reuse);
    line_.kind = plan.bad ? AttemptKind::bad : AttemptKind::place;
    line_.asked = hash_of(body);
    planner_.append_key(job.number, line_.key);
    for (const auto& line : plan.lines()) line_.lines.push_back({std::string(line.sku), line.quantity});
    line_.order = orders::OrderId::parse(id);
    ledger_->add(line_);
}

LatencyHistogram AttemptBook::take_recent() {
    auto recent = recent_;
    recent_.clear();
    return recent;
}

}  // namespace orderflow::load
