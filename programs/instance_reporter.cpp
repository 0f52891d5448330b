#include "programs/instance_reporter.hpp"

#include <utility>

#include "libs/alarms/alarm_rules.hpp"
#include "libs/async/answer_within.hpp"
#include "libs/instances/retention.hpp"
#include "libs/orders/application/intake/message_id.hpp"
#include "programs/instance_figures.hpp"

namespace orderflow {
namespace {

constexpr const char* version = ORDERFLOW_VERSION;

instances::InstanceRow pattern_of(instances::Role role, Entropy& entropy, WallTime now) {
    instances::InstanceRow row;
    row.id = orders::new_message_id(entropy);
    row.role = role;
    row.version = version;
    row.started_at = now;
    row.from = row.until = now;
    return row;
}

}  // namespace

ReportedRows::ReportedRows(const observe::Metrics& metrics, std::vector<alarms::AlarmRule> rules,
                           instances::InstanceRow pattern)
    : metrics_(metrics), rules_(std::move(rules)), row_(std::move(pattern)) {}

instances::InstanceRow ReportedRows::next(WallTime now) {
    const auto readings = metrics_.read();
    auto totals = totals_of(readings);
    row_.figures = totals;
    row_.figures -= std::exchange(totals_, std::move(totals));
    row_.from = std::min(row_.until, now);  // a wall clock that was set back makes a row of no time
    row_.until = now;
    row_.alarms = alarms_of(readings, rules_, row_.alarms, now);
    return row_;
}

void ReportedRows::wait(instances::InstanceRow row) {
    std::erase_if(waiting_, [&row](const auto& old) { return !instances::is_timely(old, row.until); });
    if (waiting_.size() == waiting_max) waiting_.pop_front();
    waiting_.push_back(std::move(row));
}

Result<std::vector<alarms::AlarmRule>> InstanceReporter::rules_of(instances::Role role) {
    auto rules = alarms::read_alarm_rules(alarms::standard_alarms_json());
    if (!rules) return fail(std::move(rules).error());
    return alarms::rules_of(to_string(role), *std::move(rules));
}

InstanceReporter::InstanceReporter(Parts parts, instances::Role role, std::vector<alarms::AlarmRule> rules)
    : parts_(parts),
      rows_(parts.metrics, std::move(rules), pattern_of(role, parts.entropy, parts.clock.wall())),
      loop_(parts.clock, 1, "reports") {
    gate_.emplace(loop_.executor());
}

InstanceReporter::~InstanceReporter() {
    stop(parts_.clock.now());
    loop_.stop();
}

void InstanceReporter::start(Work work) {
    work_ = std::move(work);
    started_ = true;
    loop_.spawn(report_for_ever(gate_->enter()));
    loop_.start();
}

void InstanceReporter::stop(Instant deadline) {
    if (std::exchange(stopped_, true) || !started_) return;
    std::promise<void> done;
    loop_.spawn(stop_on_loop(deadline, done));
    done.get_future().wait();
}

task<void> InstanceReporter::report_for_ever(Gate::Pass pass) {
    const auto stop = stop_.get_token();
    for (auto next = parts_.clock.now(); !stop.stop_requested();) {
        co_await report(false, parts_.clock.now() + patience);
        next = std::max(next + instances::reports_every, parts_.clock.now());
        co_await sleep_until(loop_.executor(), next, stop);
    }
}

task<void> InstanceReporter::stop_on_loop(Instant deadline, std::promise<void>& done) {
    stop_.request_stop();
    if (co_await gate_->drain_until(deadline)) co_await report(true, deadline);
    done.set_value();
}

task<void> InstanceReporter::report(bool last, Instant until) {
    const Spawner spawn(loop_.loop());
    auto row = rows_.next(parts_.clock.wall());
    row.last = last;
    if (work_.complete) {
        auto completed = co_await answer_within(spawn, loop_.executor(), work_.complete(row), until);
        if (completed) row = *std::move(completed);
    }
    rows_.wait(std::move(row));
    while (!rows_.waiting().empty()) {
        const auto delivered =
            co_await answer_within(spawn, loop_.executor(), work_.deliver(rows_.waiting().front()), until);
        tell(delivered ? *delivered : Result<void>(fail(ErrorKind::unavailable, "instance.no_answer")));
        if (!delivered || !*delivered) break;
        rows_.waiting().pop_front();
    }
    if (work_.then) (void)co_await answer_within(spawn, loop_.executor(), run_then(), until);
}

task<bool> InstanceReporter::run_then() {
    co_await work_.then();
    co_return true;
}

// Once when it begins and once when it is over: a row that is late is nothing to be woken for.
void InstanceReporter::tell(const Result<void>& delivered) {
    if (std::exchange(failing_, !delivered) == !delivered) return;
    if (delivered) return parts_.log.info("instance.reported_again");
    parts_.log.warn("instance.not_reported", {{"code", delivered.error().code()}});
}

}  // namespace orderflow
