#include "queue-service/engine/move_tasks.hpp"

#include <algorithm>
#include <utility>

namespace orderflow::queue {

namespace {

template <class Tasks>
auto active_of(Tasks& tasks, QueueNo source) -> decltype(&tasks.begin()->second.back()) {
    const auto known = tasks.find(source);
    if (known == tasks.end() || !known->second.back().is_active()) return nullptr;
    return &known->second.back();
}

}  // namespace

MoveTask* MoveTasks::active(QueueNo source) { return active_of(tasks_, source); }

const MoveTask* MoveTasks::active(QueueNo source) const { return active_of(tasks_, source); }

MoveTask* MoveTasks::find(QueueNo source, const std::string& id) {
    const auto known = tasks_.find(source);
    if (known == tasks_.end()) return nullptr;
    const auto task = std::ranges::find_if(known->second, [&id](const MoveTask& one) { return one.id.text() == id; });
    return task == known->second.end() ? nullptr : &*task;
}

std::vector<MoveTask> MoveTasks::list(QueueNo source, std::size_t limit) const {
    const auto known = tasks_.find(source);
    if (known == tasks_.end()) return {};
    const auto& all = known->second;
    return {all.rbegin(), all.rbegin() + static_cast<std::ptrdiff_t>(std::min(limit, all.size()))};
}

void MoveTasks::start(MoveTask task, Instant now, Changes& changes) {
    task.no = next_;
    next_ = MoveTaskNo{std::to_underlying(next_) + 1};
    const auto source = task.source;
    auto& all = tasks_[source];
    changes.emplace_back(MoveTaskWritten{task});
    all.push_back(std::move(task));
    wake(source, now);
    if (all.size() <= limits::move_tasks_kept) return;
    changes.emplace_back(MoveTaskForgotten{all.front().no});
    all.pop_front();
}

void MoveTasks::restore(MoveTask task, Instant now) {
    next_ = MoveTaskNo{std::to_underlying(task.no) + 1};
    const auto source = task.source;
    if (task.is_active()) wake(source, now);
    tasks_[source].push_back(std::move(task));
}

void MoveTasks::forget(QueueNo source, Changes& changes) {
    const auto known = tasks_.find(source);
    if (known == tasks_.end()) return;
    for (const auto& task : known->second) changes.emplace_back(MoveTaskForgotten{task.no});
    tasks_.erase(known);
    if (const auto wake = wakes_.find(source); wake != wakes_.end()) {
        due_.erase({wake->second, source});
        wakes_.erase(wake);
    }
}

void MoveTasks::wake(QueueNo source, Instant at) {
    const auto [known, is_new] = wakes_.try_emplace(source, at);
    if (!is_new) due_.erase({std::exchange(known->second, at), source});
    due_.emplace(at, source);
}

std::optional<QueueNo> MoveTasks::take_due(Instant now) {
    if (due_.empty() || due_.begin()->first > now) return std::nullopt;
    const auto source = due_.begin()->second;
    due_.erase(due_.begin());
    wakes_.erase(source);
    return source;
}

std::optional<Instant> MoveTasks::next_deadline() const {
    if (due_.empty()) return std::nullopt;
    return due_.begin()->first;
}

std::size_t MoveTasks::step_size(const MoveTask& task, std::size_t unlimited) {
    if (!task.order.rate) return unlimited;
    return std::max<std::size_t>(*task.order.rate / limits::move_steps_per_second, 1);
}

Instant MoveTasks::after_step(const MoveTask& task, std::size_t moved, Instant now) {
    if (!task.order.rate) return now;
    return now + std::chrono::ceil<std::chrono::milliseconds>(
                     std::chrono::duration<double>(static_cast<double>(moved) / static_cast<double>(*task.order.rate)));
}

}  // namespace orderflow::queue
