#include "programs/queue_declaration.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <utility>

#include "orderflow/wait_for.hpp"

namespace orderflow {
namespace {

std::unexpected<Error> about(const queue::QueueName& name, const Error& error) {
    return fail(error.kind(), error.code(), "queue " + name.name + ": " + error.detail());
}

PlannedQueue plan_new(const DeclaredQueue& declared, const std::string& account) {
    return {.name = {{declared.region, account}, declared.name},
            .stored = std::nullopt,
            .settings = with_declared({}, declared),
            .changes = {}};
}

Result<PlannedQueue> plan_one(queue::DurableQueues& queues, const DeclaredQueue& declared, const std::string& account) {
    auto planned = plan_new(declared, account);
    const auto number = wait_for(queues.find(planned.name));
    if (!number && number.error().code() == "queue.unknown") return planned;
    if (!number) return about(planned.name, number.error());
    const auto record = wait_for(queues.record(*number));
    if (!record) return about(planned.name, record.error());
    planned.stored = *number;
    planned.settings = with_declared(record->settings, declared);
    planned.changes = differences(record->settings, planned.settings);
    return planned;
}

}  // namespace

Result<std::vector<PlannedQueue>> plan_queues(queue::DurableQueues& queues, const std::vector<DeclaredQueue>& declared,
                                              const std::string& account) {
    std::vector<PlannedQueue> plan;
    for (const auto& one : declared) {
        auto planned = plan_one(queues, one, account);
        if (!planned) return fail(std::move(planned).error());
        plan.push_back(*std::move(planned));
    }
    return plan;
}

std::vector<PlannedQueue> plan_new_queues(const std::vector<DeclaredQueue>& declared, const std::string& account) {
    std::vector<PlannedQueue> plan;
    for (const auto& one : declared) plan.push_back(plan_new(one, account));
    return plan;
}

// First all queues without their redrive policies: each may name one that is not there yet.
Result<void> declare_queues(queue::DurableQueues& queues, const std::vector<PlannedQueue>& plan) {
    std::vector<queue::QueueNo> numbers;
    for (const auto& planned : plan) {
        if (planned.stored) {
            numbers.push_back(*planned.stored);
            continue;
        }
        auto settings = planned.settings;
        settings.redrive.reset();
        // The cooldown protects clients that still know the old queue from a surprise, not the owner from a start.
        const auto made = wait_for(queues.create_queue(planned.name, settings, {}, queue::NameCooldown::passed_over));
        if (!made) return about(planned.name, made.error());
        numbers.push_back(*made);
    }
    for (std::size_t i = 0; i < plan.size(); ++i) {
        const auto& planned = plan[i];
        const bool complete = planned.stored ? planned.changes.empty() : !planned.settings.redrive;
        if (complete) continue;
        if (auto changed = wait_for(queues.change_settings(numbers[i], planned.settings)); !changed) {
            return about(planned.name, changed.error());
        }
    }
    return {};
}

void log_plan(const observe::Logger& log, const std::vector<PlannedQueue>& plan) {
    for (const auto& planned : plan) {
        if (!planned.stored) log.info("queue.made", {{"queue", planned.name.name}});
        for (const auto& change : planned.changes) {
            log.warn("queue.changed", {{"queue", planned.name.name}, {"change", change}});
        }
    }
}

std::string to_text(const std::vector<PlannedQueue>& plan) {
    std::string text;
    for (const auto& planned : plan) {
        const auto& [region, account] = planned.name.scope;
        const auto changes = planned.stored ? planned.changes : differences({}, planned.settings);
        const auto* const what = !planned.stored ? "made" : changes.empty() ? "as declared" : "changed";
        text += fmt::format("  {:<24} {} {}{}{}\n", planned.name.name, region, what, changes.empty() ? "" : ": ",
                            fmt::join(changes, ", "));
    }
    return text;
}

}  // namespace orderflow
